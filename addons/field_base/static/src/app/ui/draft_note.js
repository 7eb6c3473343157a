import { Component, useState } from "@odoo/owl";
import { formatMoment } from "../core/clock";
import { _t } from "../core/i18n";
import { Icon } from "./icon";

/** Above a form that was left half filled: when it was left, and the way to an empty one. */
export class DraftNote extends Component {
    static template = "field_base.app.DraftNote";
    static components = { Icon };
    static props = { draft: Object };

    setup() {
        this.state = useState(this.props.draft.state);
    }

    get text() {
        return _t("You left this half done at %(time)s.", {
            time: formatMoment(new Date(this.state.since)),
        });
    }
}
