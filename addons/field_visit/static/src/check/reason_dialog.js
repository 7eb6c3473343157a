import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

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
        confirm: Function,
        cancel: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ reason: "" });
        this.input = useRef("autofocus");
        useAutofocus({ refName: "autofocus", mobile: false });
    }

    get isEmpty() {
        return !this.state.reason.trim();
    }

    onSuggestion(text) {
        this.state.reason = text;
    }

    onConfirm() {
        this.props.confirm(this.state.reason.trim());
        this.props.close();
    }

    onCancel() {
        this.props.cancel();
        this.props.close();
    }
}
