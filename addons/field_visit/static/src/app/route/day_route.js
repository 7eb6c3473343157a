/** Today's route as this phone knows it, and what its person does to it. */

import { formatHour, formatTime, localDate, parseServer } from "@field_base/app/core/clock";
import { withStatus } from "@field_base/app/core/database";
import { _t } from "@field_base/app/core/i18n";
import { TROUBLE } from "@field_base/app/core/outbox";
import { rowsOf } from "@field_base/app/core/pull";
import { orderOfDay, withOrder } from "@field_visit/route/route_logic";

const KIND = "route";
const keyOf = (date) => `${KIND}:${date}`;

/** The visits of today in the order of the route. */
export async function inOrder(db, visits) {
    const doc = await db.docs.get(keyOf(localDate()));
    const timed = visits.map((visit) => ({
        ...visit,
        hour: visit.route_at ? formatTime(parseServer(visit.route_at)) : "",
    }));
    return orderOfDay(withOrder(timed, doc?.values), formatHour);
}

/** Figures of today's route; `asked` while the best order has not come, `arranged` by hand since. */
export async function readRoute(db) {
    const date = localDate();
    const [rows, doc, troubles] = await Promise.all([
        rowsOf(db, "routes"),
        db.docs.get(keyOf(date)),
        withStatus(db.outbox, TROUBLE),
    ]);
    const row = rows.find((one) => one.date === date);
    const refused = troubles.some(({ entity }) => entity === keyOf(date));
    const { asked, order } = doc?.values || {};
    return { ...row, asked: Boolean(asked && !refused), arranged: Boolean(order) };
}

/** What is said of the day is one thing for the outbox: the last word stands. */
function record(app, kind, payload, label, values, said) {
    const date = localDate();
    const key = keyOf(date);
    const change = async (db) => {
        const old = await db.docs.get(key);
        await db.docs.put({
            key,
            kind: KIND,
            entity: key,
            values: { ...old?.values, ...values },
            changed: Date.now(),
        });
    };
    return app.record(kind, { date, ...payload }, { entity: key, label, change }, said);
}

/** At once on the screen; the server tells the times. */
export function orderRoute(app, order, pinned) {
    const payload = { visit_ids: order, pinned_ids: pinned };
    const values = { order, pinned, asked: false };
    const said = _t("Saved on this phone");
    return record(app, "route.order", payload, _t("Order of the day"), values, said);
}

/** The best order is found by the server: what is pinned keeps its place. */
export function optimiseRoute(app) {
    const said = app.state.online ? _t("Looking for the best order") : _t("Saved on this phone");
    return record(app, "route.optimise", {}, _t("Best order of the day"), { asked: true }, said);
}

/** What can be arranged: visits on site that have not begun. */
export function stopsOf(visits) {
    const planned = visits.filter(
        ({ state, channel }) => state === "planned" && (channel || "on_site") === "on_site"
    );
    return {
        stops: planned.filter(({ route_note }) => !route_note),
        out: planned.filter(({ route_note }) => route_note),
    };
}

export function reasonOf({ route_note }) {
    return {
        unfit: _t("Does not fit into the day"),
        unknown: _t("Nobody knows where this customer is"),
        closed: _t("Receives nobody on this day"),
    }[route_note];
}

/** Expected when, fixed when, how long one waits there. */
export function timesOf({ hour, plan_time, route_wait_min }) {
    const fixed = formatHour(plan_time);
    const parts = [
        hour && _t("expected %(time)s", { time: hour }),
        fixed && _t("fixed %(time)s", { time: fixed }),
        route_wait_min > 4 && _t("%(minutes)s min waiting", { minutes: route_wait_min }),
    ];
    return parts.filter(Boolean).join(" · ");
}

export function latenessOf({ route_late_min }) {
    return route_late_min ? _t("%(minutes)s min too late", { minutes: route_late_min }) : "";
}

export function minutesText(minutes) {
    const hours = Math.floor(minutes / 60);
    return hours
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 })
        : _t("%(minutes)s min", { minutes });
}
