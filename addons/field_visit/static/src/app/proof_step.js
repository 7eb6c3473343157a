import { Component, onWillUnmount, useState } from "@odoo/owl";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp } from "@field_base/app/core/hooks";
import { BarcodeScanner } from "@field_base/app/capture/barcode";
import { _t } from "@field_base/app/core/i18n";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { askWord } from "./visit_events";

const CODE = /^FS1-([1-9]\d{0,9})-[1-9]\d{0,5}-[A-Z2-7]{16}$/;

/** Whose code it says it is; whether it is genuine, the server finds out. */
export function customerOfCode(text) {
    const match = CODE.exec(
        String(text || "")
            .trim()
            .toUpperCase()
    );
    return match ? Number(match[1]) : 0;
}

registry.category("field_app.codes").add("field_visit", customerOfCode);

/** What a tag says, or nothing: text records and addresses that end in a code. */
export function codeOfTag(records) {
    for (const { recordType, data, encoding } of records) {
        if (recordType === "text" && data) {
            const text = new TextDecoder(encoding || "utf-8").decode(data).trim();
            if (customerOfCode(text)) {
                return text;
            }
        }
    }
    return "";
}

/** The customer's side is a witness: his code is scanned, or he tells the one he was sent. */
export class ProofStep extends Component {
    static template = "field_visit.app.ProofStep";
    static components = { BarcodeScanner, DraftNote, Icon, Sheet };
    static props = {
        draft: String,
        step: Object,
        visit: Object,
        save: Function,
        cannot: Function,
        close: Function,
    };

    setup() {
        this.app = useApp();
        this.state = useState({
            scanning: this.isCode && !this.hasTags,
            listening: false,
            value: "",
            wrong: false,
            hint: "",
        });
        this.draft = useDraft(fieldsOf(this.state, ["value"]), this.props.draft);
        onWillUnmount(() => this.tags?.abort());
    }

    /** Chrome on Android reads tags; elsewhere the printed code does the same. */
    get hasTags() {
        return this.isCode && "NDEFReader" in window;
    }

    /** Read the tag at the door; the phone asks once whether it may. */
    async readTag() {
        this.tags?.abort();
        this.tags = new AbortController();
        Object.assign(this.state, { listening: true, wrong: false, hint: "" });
        try {
            const reader = new window.NDEFReader();
            reader.onreading = ({ message }) => this.onTag(codeOfTag(message.records));
            reader.onreadingerror = () => this.onTag("");
            await reader.scan({ signal: this.tags.signal });
        } catch {
            this.stopTag(_t("Tags cannot be read: allow NFC for this page, or scan the code."));
        }
    }

    async onTag(code) {
        this.stopTag(code ? "" : _t("This tag holds no code of a customer."));
        if (code) {
            this.state.value = code;
            await this.finish();
        }
    }

    stopTag(hint) {
        this.tags?.abort();
        Object.assign(this.state, { listening: false, hint });
    }

    get isCode() {
        return this.props.step.kind === "code";
    }

    get canFinish() {
        const value = this.state.value.trim();
        return this.isCode
            ? Boolean(customerOfCode(value))
            : /^[a-z0-9]{4}[ -]?[a-z0-9]{4}$/i.test(value);
    }

    async onCode(code) {
        this.state.scanning = false;
        this.state.value = code;
        await this.finish();
    }

    async finish() {
        const { visit, save } = this.props;
        this.state.wrong = this.isCode && customerOfCode(this.state.value) !== visit.customer.id;
        if (!this.state.wrong && (await save({ value: this.state.value.trim() }))) {
            await this.draft.drop();
        }
    }

    ask() {
        return askWord(this.app, this.props.visit);
    }
}
