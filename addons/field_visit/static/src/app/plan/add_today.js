import { Component, useState } from "@odoo/owl";
import { haversine, isPosition } from "@field_base/map/geo";
import { localDate } from "@field_base/app/core/clock";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { formatDistance, placeOf } from "@field_base/app/core/location";
import { rowsOf } from "@field_base/app/core/pull";
import { indexOf, search } from "@field_base/app/core/search";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { registry } from "@web/core/registry";
import { visitsOfToday } from "../visits";
import { planVisit } from "./plan_visit";

const SHOWN = 8;

/** Whom one goes to today as well: near ones first, found by any part of name or address. */
export class AddSheet extends Component {
    static template = "field_visit.app.AddSheet";
    static components = { Icon, Sheet };
    static props = { close: Function };

    placeOf = placeOf;

    setup() {
        this.app = useApp();
        this.state = useState({ query: "", busy: false });
        this.location = useLocation();
        this.index = useQuery(async (db) => {
            const going = new Set((await visitsOfToday(db)).map(({ partner_id }) => partner_id));
            const customers = await rowsOf(db, "customers");
            return indexOf(customers.filter(({ id }) => !going.has(id)));
        });
    }

    distance({ lat, lng }) {
        const { fix } = this.location;
        return fix && isPosition(lat, lng) ? haversine(fix.lat, fix.lng, lat, lng) : null;
    }

    get shown() {
        const { query } = this.state;
        const found = query.trim() ? search(this.index.value, query, SHOWN) : this.nearest();
        return found.map((customer) => ({
            ...customer,
            away: formatDistance(this.distance(customer)),
        }));
    }

    nearest() {
        const far = (customer) => this.distance(customer) ?? Infinity;
        return this.index.value
            .map(({ customer }) => ({ customer, away: far(customer) }))
            .sort((a, b) => a.away - b.away || a.customer.name.localeCompare(b.customer.name))
            .slice(0, SHOWN)
            .map(({ customer }) => customer);
    }

    async add(customer) {
        if (!this.state.busy) {
            this.state.busy = true;
            const saved = await planVisit(this.app, customer, { date: localDate() });
            this.state.busy = false;
            saved && this.props.close();
        }
    }
}

/** Below the stops of the day: one more. */
export class AddToday extends Component {
    static template = "field_visit.app.AddToday";
    static components = { AddSheet, Icon };
    static props = {};

    setup() {
        this.state = useState({ open: false });
    }
}

registry.category("field_app.today").add("add", { Component: AddToday }, { sequence: 12 });
