import { Component, useState } from "@odoo/owl";
import { formatDate, formatHour, localDate } from "@field_base/app/core/clock";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { CancelSheet } from "../cancel_sheet";
import { visitTypes, visitsAt } from "../visits";
import { LIVE, NearVisit } from "./near_visit";
import { daysAhead, planVisit } from "./plan_visit";

/** Which day, what time, what kind. */
export class PlanSheet extends Component {
    static template = "field_visit.app.PlanSheet";
    static components = { DraftNote, NearVisit, Sheet };
    static props = { customer: Object, close: Function };

    setup() {
        this.app = useApp();
        this.live = LIVE;
        this.days = daysAhead();
        this.form = useState({ date: this.days.next, time: "", type: 0, busy: false });
        const typed = fieldsOf(this.form, ["date", "time", "type"]);
        this.draft = useDraft(typed, `plan:${this.props.customer.id}`);
        this.types = useQuery(visitTypes);
    }

    get choices() {
        return this.types.value.length < 2 ? [] : this.types.value;
    }

    /** The browser lets one type any day. */
    get isDayRight() {
        const { date } = this.form;
        return date >= this.days.first && date <= this.days.last;
    }

    async save() {
        const { date, time, type } = this.form;
        this.form.busy = true;
        const chosen = this.types.value.find(({ id }) => id === type);
        const saved = await planVisit(this.app, this.props.customer, { date, time, type: chosen });
        this.form.busy = false;
        if (saved) {
            await this.draft.drop();
            this.props.close();
        }
    }
}

/** On a customer's page: when one goes there next, and a visit more. */
export class PlanHere extends Component {
    static template = "field_visit.app.PlanHere";
    static components = { CancelSheet, Icon, PlanSheet };
    static props = { customer: Object };

    setup() {
        this.state = useState({ planning: false, changing: null });
        const { id } = this.props.customer;
        this.visits = useQuery((db) => visitsAt(db, id));
    }

    get ahead() {
        const today = localDate();
        return this.visits.value
            .filter(({ state, plan_date }) => state === "planned" && plan_date >= today)
            .reverse()
            .map((visit) => ({
                ...visit,
                customer: this.props.customer,
                day: [formatDate(visit.plan_date), formatHour(visit.plan_time)]
                    .filter(Boolean)
                    .join(" · "),
            }));
    }
}

registry.category("field_app.customer").add("plan", { Component: PlanHere }, { sequence: 9 });
