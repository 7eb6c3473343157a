import { Component } from "@odoo/owl";
import { Icon } from "@field_base/app/ui/icon";

/** Above a step that is answered already: who looks at it may also correct it. */
export class AnsweredNote extends Component {
    static template = "field_visit.app.AnsweredNote";
    static components = { Icon };
    static props = { step: Object };
}
