import { Component, useState } from "@odoo/owl";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import {
    choose,
    isEmpty,
    kept,
    problems,
    score,
    typed,
    visible,
} from "@field_visit/form/form_logic";

/** The form of a step: one question under the other, asked as the answers go. */
export class FormStep extends Component {
    static template = "field_visit.app.FormStep";
    static components = { Icon, Sheet };
    static props = {
        step: Object,
        last: Object,
        save: Function,
        cannot: Function,
        close: Function,
    };

    setup() {
        const wanted = this.all.filter(({ prefill }) => prefill).map(({ key }) => key);
        const given = Object.entries(this.props.last).filter(([key]) => wanted.includes(key));
        const answers = this.props.step.answers || Object.fromEntries(given);
        this.state = useState({ answers: { ...answers }, asked: false });
    }

    get all() {
        return this.props.step.form?.questions || [];
    }

    get questions() {
        return visible(this.all, this.state.answers);
    }

    get problems() {
        return problems(this.all, this.state.answers);
    }

    get answered() {
        const { questions } = this;
        const done = questions.filter(({ key }) => !isEmpty(this.state.answers[key])).length;
        return _t("%(done)s of %(all)s answered", { done, all: questions.length });
    }

    /** A wrong answer is told at once; a missing one when the person wants to be done. */
    hint(question) {
        const found = this.problems.find(([key]) => key === question.key);
        const words = {
            missing: this.state.asked && _t("Please answer."),
            wrong: _t("This does not fit."),
            low: _t("At least %(number)s.", { number: question.min }),
            high: _t("At most %(number)s.", { number: question.max }),
        };
        return (found && words[found[1]]) || "";
    }

    isChosen({ key }, option) {
        const value = this.state.answers[key];
        return Array.isArray(value) ? value.includes(option.key) : value === option.key;
    }

    set({ key }, value) {
        this.state.answers[key] = value;
    }

    onChoose(question, option) {
        this.set(question, choose(question, this.state.answers[question.key], option.key));
    }

    onType(question, ev) {
        this.set(question, typed(question, ev.target.value));
    }

    async finish() {
        this.state.asked = true;
        if (this.problems.length) {
            return;
        }
        // plain values: what the screen observes cannot be kept on the disk
        const answers = JSON.parse(JSON.stringify(kept(this.all, this.state.answers)));
        const [points, most] = score(this.all, answers);
        await this.props.save(answers, most ? Math.round((100 * points) / most) : 0);
    }
}
