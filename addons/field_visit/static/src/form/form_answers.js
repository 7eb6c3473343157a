import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { shrink } from "../steps/shrink";
import { FormTable } from "./form_table";
import { choose, problems, typed, visible } from "./form_logic";

/** The questions of a step's form, answered or to be answered. */
export class FormAnswers extends Component {
    static template = "field_visit.FormAnswers";
    static components = { FormTable };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        const { answers, form_questions: form } = this.props.record.data;
        this.state = useState({ answers: answers || form?.last || {} });
        if (!answers && Object.keys(this.state.answers).length && !this.props.readonly) {
            this.save();
        }
    }

    get all() {
        return this.props.record.data.form_questions?.questions || [];
    }

    get questions() {
        return visible(this.all, this.state.answers);
    }

    /** What is wrong with an answer that is there; what is missing is said when it is done. */
    hint(question) {
        const found = problems(this.all, this.state.answers).find(([key]) => key === question.key);
        const words = {
            wrong: _t("This does not fit."),
            low: _t("At least %s.", question.min),
            high: _t("At most %s.", question.max),
        };
        return (found && words[found[1]]) || "";
    }

    isChosen({ key }, option) {
        const value = this.state.answers[key];
        return Array.isArray(value) ? value.includes(option.key) : value === option.key;
    }

    words({ kind, key }) {
        const value = this.state.answers[key];
        if (kind === "photo") {
            return _t("%(count)s photos", { count: (value || []).length });
        }
        if (kind === "signature") {
            return value ? _t("Signed") : "";
        }
        return kind === "yes_no" ? { true: _t("Yes"), false: _t("No") }[value] : value;
    }

    /** Kept with the step as its other photos are; the answer names it. */
    async onPicked(question, ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (!file) {
            return;
        }
        let data;
        try {
            data = await shrink(file);
        } catch {
            this.notification.add(_t("This file is not a picture."), { type: "warning" });
            return;
        }
        const { resId } = this.props.record;
        const id = await this.orm.call("field.visit.step", "add_photo", [[resId], data]);
        const [{ blob_uuid: uuid }] = await this.orm.read("field.visit.photo", [id], ["blob_uuid"]);
        this.set(question, [...(this.state.answers[question.key] || []), uuid]);
    }

    set(question, value) {
        this.state.answers = { ...this.state.answers, [question.key]: value };
        this.save();
    }

    save() {
        this.props.record.update({ [this.props.name]: { ...this.state.answers } });
    }

    onChoose(question, option) {
        this.set(question, choose(question, this.state.answers[question.key], option.key));
    }

    onType(question, ev) {
        this.set(question, typed(question, ev.target.value));
    }
}

registry.category("fields").add("field_form_answers", {
    component: FormAnswers,
    displayName: _t("Answers of a form"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "form_questions", type: "json" }],
});
