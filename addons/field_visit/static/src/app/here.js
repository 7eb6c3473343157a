import { Component, useEffect, useState } from "@odoo/owl";
import { useApp } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { judgeFence, placeOf } from "@field_base/app/core/location";
import { whenIdle } from "@field_base/app/core/phone";
import { rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { OPEN_STATES, radiusOf, rulesOf } from "./visits";

/** More buttons than these beside the first one would be a list. */
const MOST = 2;
/** Whoever walks less far stands at the same customers (degrees, some 50 m). */
const STEP = 0.0005;

/**
 * Several customers in one fence, as in a mall: one button for each, nobody has to be looked for.
 * Planned ones come first, those without a plan after them.
 */
export class HereButtons extends Component {
    static template = "field_visit.app.HereButtons";
    static components = { Icon };
    static props = { fix: Object, stops: Array, now: { optional: true }, open: Function };

    placeOf = placeOf;

    setup() {
        this.app = useApp();
        this.state = useState({ customers: [] });
        useEffect(
            () => whenIdle(() => this.load()),
            () => this.whereabouts
        );
    }

    get whereabouts() {
        const { lat, lng } = this.props.fix;
        return [Math.round(lat / STEP), Math.round(lng / STEP)];
    }

    async load() {
        const { account } = this.app;
        if (account) {
            const rows = await rowsOf(account.db, "customers");
            this.state.customers = rows.filter((row) => this.judge(row).verdict === "inside");
        }
    }

    judge(customer) {
        const cap = rulesOf(this.app).fence_accuracy_cap;
        return judgeFence(this.props.fix, customer, radiusOf(this.app, customer), cap);
    }

    get candidates() {
        const { now, stops } = this.props;
        const open = stops.filter(({ state }) => OPEN_STATES.includes(state));
        const known = new Set(stops.map(({ customer }) => customer.id));
        const others = this.state.customers.filter(({ id }) => !known.has(id));
        return [
            ...this.nearest(open.filter(({ uuid }) => uuid !== now?.uuid)),
            ...this.nearest(others.map((customer) => ({ customer }))),
        ].slice(0, MOST);
    }

    nearest(visits) {
        return visits
            .map((visit) => ({ ...visit, ...this.judge(visit.customer) }))
            .filter(({ verdict }) => verdict === "inside")
            .sort((a, b) => a.distance - b.distance);
    }

    label({ customer }) {
        return _t("Check in · %(customer)s", { customer: customer.name });
    }
}
