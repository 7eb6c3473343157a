import { Component } from "@odoo/owl";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { localDate } from "@field_base/app/core/clock";
import { registry } from "@web/core/registry";
import { useCheckIn } from "./check_in_now";
import { CheckInSheet } from "./check_in_sheet";
import { visitsAt } from "./visits";

/** On a customer's page: visit him now, and what was. */
export class CustomerVisits extends Component {
    static template = "field_visit.app.CustomerVisits";
    static components = { CheckInSheet, Icon };
    static props = { customer: Object };

    setup() {
        this.app = useApp();
        this.checking = useCheckIn();
        const { id } = this.props.customer;
        this.visits = useQuery((db) => visitsAt(db, id));
    }

    get running() {
        return this.visits.value.find(({ state }) => state === "in_progress");
    }

    /** The one planned for today, else a new one. */
    get next() {
        const today = localDate();
        const planned = this.visits.value.find(
            ({ state, plan_date }) => ["planned", "missed"].includes(state) && plan_date === today
        );
        return { ...planned, customer: this.props.customer };
    }

    get past() {
        return this.visits.value.filter(({ state }) => state === "done");
    }

    stateOf(visit) {
        return visit.note || _t("%(count)s steps", { count: visit.steps.length });
    }
}

registry
    .category("field_app.customer")
    .add("visits", { Component: CustomerVisits }, { sequence: 10 });
