import { Component, useState } from "@odoo/owl";
import { BarcodeScanner } from "@field_base/app/capture/barcode";
import { Camera } from "@field_base/app/capture/camera";
import { SignaturePad } from "@field_base/app/capture/signature";
import { useDraft } from "@field_base/app/core/draft";
import { dropFile, keepFile } from "@field_base/app/core/evidence";
import { useApp } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Sheet } from "@field_base/app/ui/ui";
import {
    MOST_FILES,
    choose,
    files,
    fitting,
    isEmpty,
    kept,
    problems,
    score,
    visible,
} from "@field_visit/form/form_logic";
import { AnsweredNote } from "./answered_note";
import { useTyping } from "./typing";
import { FormLines, FormMatrix } from "./form_table";
import { holdAnswer } from "./visit_events";

/** Kinds whose answers are files: the visit itself holds them until the form is done. */
const FILED = ["photo", "signature"];

/** Stands for a signature that is drawn and not kept yet. */
const DRAWN = ["00000000-0000-0000-0000-000000000000"];

/** The form of a step: one question under the other, asked as the answers go. */
export class FormStep extends Component {
    static template = "field_visit.app.FormStep";
    static components = {
        AnsweredNote,
        BarcodeScanner,
        BlobImage,
        Camera,
        DraftNote,
        FormLines,
        FormMatrix,
        Icon,
        Sheet,
        SignaturePad,
    };
    static props = {
        visit: Object,
        step: Object,
        // of the watermark
        lines: { type: Array, element: String },
        last: Object,
        save: Function,
        cannot: Function,
        close: Function,
    };

    setup() {
        const wanted = this.all.filter(({ prefill }) => prefill).map(({ key }) => key);
        const given = Object.entries(this.props.last).filter(([key]) => wanted.includes(key));
        const { answers, draft } = this.props.step;
        this.app = useApp();
        this.typing = useTyping();
        this.signed = {};
        const known = { ...(answers || Object.fromEntries(given)), ...draft };
        this.state = useState({
            answers: fitting(this.all, known),
            asked: false,
            camera: null,
            scanner: null,
        });
        const { visit, step } = this.props;
        const access = { read: () => this.typed, write: (values) => this.fill(values) };
        this.draft = useDraft(access, `form:${visit.uuid}:${step.key}`);
    }

    isFiled([key]) {
        return this.all.some((question) => question.key === key && FILED.includes(question.kind));
    }

    /** What was typed and chosen. */
    get typed() {
        const answers = Object.entries(this.state.answers);
        return Object.fromEntries(answers.filter((answer) => !this.isFiled(answer)));
    }

    fill(values) {
        const filed = Object.entries(this.state.answers).filter((answer) => this.isFiled(answer));
        this.state.answers = { ...fitting(this.all, values), ...Object.fromEntries(filed) };
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
            incomplete: this.state.asked && _t("Not complete yet."),
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
        this.set(question, this.typing.read(question, ev.target.value));
    }

    label({ name }) {
        return `${name} · ${this.props.visit.customer.name}`;
    }

    get mostFiles() {
        return MOST_FILES[this.state.camera.kind];
    }

    /** It is on the disk at once: whoever closes the form finds it again. */
    async onPhoto(uuid) {
        const { camera: question, answers } = this.state;
        const { visit, step } = this.props;
        this.set(question, [...(answers[question.key] || []), uuid]);
        await holdAnswer(this.app, visit, step, question.key, [...answers[question.key]]);
    }

    onCode(code) {
        this.set(this.state.scanner, code.slice(0, 200));
        this.state.scanner = null;
    }

    onSign(question, file) {
        this.signed[question.key] = file;
        this.set(question, file ? DRAWN : null);
    }

    /** @returns {Promise<boolean>} false when the phone has no room */
    async keepSignatures() {
        const { answers } = this.state;
        for (const question of this.questions) {
            const file = this.signed[question.key];
            if (file) {
                const meta = { kind: "signature" };
                const about = { entity: this.props.visit.uuid, label: this.label(question), meta };
                const uuid = await keepFile(this.app, file, about);
                if (!uuid) {
                    return false;
                }
                answers[question.key] = [uuid];
                this.signed[question.key] = null;
            }
        }
        return true;
    }

    async finish() {
        this.state.asked = true;
        if (this.problems.length || !(await this.keepSignatures())) {
            return;
        }
        // plain values: what the screen observes cannot be kept on the disk
        const answers = JSON.parse(JSON.stringify(kept(this.all, this.state.answers)));
        const [points, most] = score(this.all, answers);
        const named = files(this.all, answers);
        const percent = most ? Math.round((100 * points) / most) : 0;
        if (!(await this.props.save(answers, percent, named))) {
            return; // without room on the phone what was answered stays
        }
        await this.draft.drop();
        const taken = Object.values(this.props.step.draft || {}).flat();
        for (const uuid of taken.filter((one) => !named.includes(one))) {
            await dropFile(this.app, uuid); // of a question that is not asked any more
        }
    }
}
