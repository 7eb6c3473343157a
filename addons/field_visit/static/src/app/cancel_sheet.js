import { Component } from "@odoo/owl";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { Sheet } from "@field_base/app/ui/ui";
import { cancelVisit, reasonsFor } from "./visits";

/** One tap says why a visit does not take place. */
export class CancelSheet extends Component {
    static template = "field_visit.app.Cancel";
    static components = { Sheet };
    static props = { visit: Object, close: Function };

    setup() {
        this.app = useApp();
        this.reasons = useQuery((db) => reasonsFor(db, "cancel"));
    }

    async choose(reason) {
        if (await cancelVisit(this.app, this.props.visit, reason)) {
            this.props.close();
            this.app.router.replace("today");
        }
    }
}
