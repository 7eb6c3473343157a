import { Component, useState } from "@odoo/owl";
import { formatDate } from "@field_base/app/core/clock";
import { useQuery } from "@field_base/app/core/hooks";
import { Icon } from "@field_base/app/ui/icon";
import { registry } from "@web/core/registry";
import { CancelSheet } from "../cancel_sheet";
import { unexplained } from "./missed";

/** More of them at once would read as a reproach. */
const MOST = 3;

/** On Today: what was missed of late, and one tap to say why or when instead. */
export class MissedVisits extends Component {
    static template = "field_visit.app.MissedVisits";
    static components = { CancelSheet, Icon };
    static props = {};

    setup() {
        this.state = useState({ asked: null });
        this.visits = useQuery(unexplained);
    }

    get shown() {
        return this.visits.value.slice(0, MOST).map((visit) => ({
            ...visit,
            day: formatDate(visit.plan_date),
            customer: { id: visit.partner_id, name: visit.partner_name },
        }));
    }
}

registry
    .category("field_app.today")
    .add("missed_visits", { Component: MissedVisits, early: [unexplained] }, { sequence: 25 });
