/** A visit that is planned here: on the phone at once, in the office with the next sync. */

import { formatDate, localDate, serverNow } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { planned } from "../visit_events";

const DAY_MS = 86400000;
/** Twin of MOST_DAYS in models/field_visit_move.py. */
const MOST_DAYS = 92;

/** The days one can plan for; `next` is what is proposed. */
export function daysAhead() {
    const on = (days) => localDate(new Date(Number(serverNow()) + days * DAY_MS));
    return { first: on(0), next: on(1), last: on(MOST_DAYS) };
}

/** `9:30` as the number of hours that Odoo keeps. */
export function hoursOf(time) {
    const [hours, minutes] = (time || "0:0").split(":").map(Number);
    return hours + minutes / 60;
}

/**
 * @param {Object} customer `{id, uuid, name}`; numbers of this phone's own are below 0
 * @param {Object} plan `{date, time, type}`; time as `9:30`, type of visit_types
 */
export function planVisit(app, customer, { date, time, type }) {
    const uuid = uuid7();
    const isKnown = customer.id > 0;
    const hours = hoursOf(time);
    const payload = {
        visit_uuid: uuid,
        partner_id: isKnown ? customer.id : undefined,
        customer_uuid: isKnown ? undefined : customer.uuid,
        date,
        time: hours || undefined,
        type_id: type?.id,
    };
    const values = {
        partner_id: customer.id,
        partner_name: customer.name,
        plan_date: date,
        plan_time: hours,
        ...(type && { type_id: type.id, channel: type.channel }),
        ...(type?.sop_id && { sop_id: type.sop_id }),
    };
    const said =
        date === localDate()
            ? _t("In today's plan · saved here")
            : _t("Planned for %(day)s · saved here", { day: formatDate(date) });
    const label = _t("Planned · %(customer)s", { customer: customer.name });
    return app.record(
        "visit.plan",
        payload,
        { entity: uuid, label, change: planned(uuid, values) },
        said
    );
}
