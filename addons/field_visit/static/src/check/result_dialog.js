import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** Asks what came of a visit that was for something; nothing has to be said. */
export class ResultDialog extends Component {
    static template = "field_visit.ResultDialog";
    static components = { Dialog };
    static props = {
        goal: String,
        results: { type: Array, element: Object },
        // id of the result, or 0
        confirm: Function,
        cancel: Function,
        close: Function,
    };

    choose(id) {
        this.props.confirm(id);
        this.props.close();
    }

    onCancel() {
        this.props.cancel();
        this.props.close();
    }
}
