import { Component, onPatched, useEffect, useRef, useState } from "@odoo/owl";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { moved, numbersOf } from "@field_visit/route/route_logic";
import { registry } from "@web/core/registry";
import { visitsOfToday } from "../visits";
import { latenessOf, orderRoute, reasonOf, stopsOf, timesOf } from "./day_route";
import { useDrag } from "./drag";
import { RouteSummary } from "./route_summary";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/** The order of the day: dragged by the handle or moved with the arrow keys, pinned, optimised. */
export class RouteScreen extends Component {
    static template = "field_visit.app.Route";
    static components = { Icon, RouteSummary, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.visits = useQuery(visitsOfToday);
        this.ui = useState({ ids: null, pins: null, said: "" });
        this.saving = 0;
        this.list = useRef("list");
        this.drag = useDrag(this.list, (from, to) => this.move(from, to));
        this.focused = null;
        // the order on the screen is the one on the disk again
        useEffect(
            () => void (this.saving || Object.assign(this.ui, { ids: null, pins: null })),
            () => [this.visits.value]
        );
        onPatched(() => this.keepFocus());
    }

    get day() {
        return stopsOf(this.visits.value);
    }

    get stops() {
        const numbers = numbersOf(this.visits.value);
        const { stops } = this.day;
        const { ids } = this.ui;
        const first = numbers.get(stops[0]?.uuid) || 1;
        const list = ids ? [...stops].sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)) : stops;
        return list.map((stop, i) => ({ ...stop, number: first + i }));
    }

    get pinned() {
        const { pins } = this.ui;
        return pins || this.stops.filter(({ route_pinned }) => route_pinned).map(({ id }) => id);
    }

    isPinned({ id }) {
        return this.pinned.includes(id);
    }

    reason(visit) {
        return reasonOf(visit);
    }

    times(visit) {
        return timesOf(visit);
    }

    lateness(visit) {
        return latenessOf(visit);
    }

    handleTitle({ customer, number }) {
        return _t("Move %(customer)s, number %(number)s", { customer: customer.name, number });
    }

    pinTitle(stop) {
        const customer = stop.customer.name;
        return this.isPinned(stop)
            ? _t("%(customer)s keeps this place: tap to let it go", { customer })
            : _t("Let %(customer)s keep this place", { customer });
    }

    /** What was moved keeps its new place, as on the desk. */
    move(from, to) {
        const { stops } = this;
        const { id, customer } = stops[from];
        const ids = moved(this.ids, from, to);
        const number = stops[to].number;
        this.ui.said = _t("%(customer)s is number %(number)s", { customer: customer.name, number });
        return this.keep(ids, [...new Set([...this.pinned, id])]);
    }

    /** On the screen at once: the next move builds on it before the disk has answered. */
    async keep(ids, pins) {
        Object.assign(this.ui, { ids, pins });
        this.saving++;
        try {
            await orderRoute(this.app, ids, pins);
        } finally {
            this.saving--;
        }
    }

    onKey(ev, index) {
        const to = index + (STEPS[ev.key] || 0);
        if (STEPS[ev.key] && to >= 0 && to < this.stops.length) {
            ev.preventDefault();
            this.focused = this.stops[index].uuid;
            this.move(index, to);
        }
    }

    /** A row that has moved in the page has lost it. */
    keepFocus() {
        const row = this.focused && this.list.el?.querySelector(`[data-uuid="${this.focused}"]`);
        row?.querySelector(".o_fv_handle").focus();
    }

    hold(ev, index) {
        this.focused = null;
        this.drag.start(ev, index);
    }

    get ids() {
        return this.stops.map(({ id }) => id);
    }

    togglePin(stop) {
        this.focused = null;
        const rest = this.pinned.filter((one) => one !== stop.id);
        return this.keep(this.ids, this.isPinned(stop) ? rest : [...rest, stop.id]);
    }

    letGo() {
        return this.keep(this.ids, []);
    }

    takeIn({ id }) {
        return this.keep([...this.ids, id], this.pinned);
    }
}

registry.category("field_app.screens").add("route", { Component: RouteScreen });
