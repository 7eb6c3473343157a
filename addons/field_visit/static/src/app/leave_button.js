import { Component } from "@odoo/owl";
import { localDate } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { Icon } from "@field_base/app/ui/icon";
import { leaveFor } from "./visit_events";
import { visitsOfToday } from "./visits";

/** One tap beside *Navigate*: the leader sees where one is going. */
export class LeaveButton extends Component {
    static template = "field_visit.app.Leave";
    static components = { Icon };
    static props = { visit: Object };

    setup() {
        this.app = useApp();
        this.visits = useQuery(visitsOfToday);
    }

    /** As it is now: a sheet holds its visit as it was when it came up. */
    get visit() {
        const { visit } = this.props;
        const now = this.visits.value.find(({ uuid }) => uuid === visit.uuid);
        return now || visit;
    }

    /** What nobody has planned for today has no way that anybody waits for. */
    get canLeave() {
        const { state, plan_date, on_way_at, uuid } = this.visit;
        return uuid && state === "planned" && plan_date === localDate() && !on_way_at;
    }

    leave() {
        const { visit } = this;
        const others = this.visits.value.filter((one) => one.on_way_at && one.uuid !== visit.uuid);
        return leaveFor(this.app, visit, others);
    }
}
