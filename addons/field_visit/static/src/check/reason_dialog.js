import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

import { shrink } from "../steps/shrink";

/** Shows what the fence found and asks why the check-in happens all the same. */
export class ReasonDialog extends Component {
    static template = "field_visit.ReasonDialog";
    static components = { Dialog };
    static props = {
        title: String,
        fact: String,
        explanation: String,
        confirmLabel: String,
        suggestions: { type: Array, element: String },
        needsPhoto: { type: Boolean, optional: true },
        // (reason, base64 of the photo or "")
        confirm: Function,
        cancel: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ reason: "", photo: "", isNoPicture: false });
        this.input = useRef("autofocus");
        useAutofocus({ refName: "autofocus", mobile: false });
    }

    get isEmpty() {
        const { reason, photo } = this.state;
        return !reason.trim() || (this.props.needsPhoto && !photo);
    }

    async onPicked(ev) {
        const [file] = ev.target.files;
        this.state.photo = file ? await shrink(file).catch(() => "") : "";
        this.state.isNoPicture = Boolean(file) && !this.state.photo;
    }

    onSuggestion(text) {
        this.state.reason = text;
    }

    onConfirm() {
        this.props.confirm(this.state.reason.trim(), this.state.photo);
        this.props.close();
    }

    onCancel() {
        this.props.cancel();
        this.props.close();
    }
}
