/** The order of a day on the phone, and what a finger does to it. */

const LAST = 10 ** 6;

const isPlanned = ({ state }) => state === "planned" || state === "missed";
const byTime = (a, b) => (a.plan_time || 99) - (b.plan_time || 99) || (a.id || 0) - (b.id || 0);

/**
 * The visits of a day as they come: the one that is on, what is on the route in its order, what does
 * not fit, what is done. What has no place on the route (a call, a visit planned since) comes in at
 * its time.
 *
 * @param {Object[]} visits with `hour` ("10:15"), when one is expected there
 * @param {Function} hourOf `(plan_time)` as text
 */
export function orderOfDay(visits, hourOf) {
    const on = visits.filter(({ state }) => state === "in_progress");
    const done = visits.filter((visit) => !isPlanned(visit) && visit.state !== "in_progress");
    const planned = visits.filter(isPlanned);
    const out = planned.filter(({ route_note }) => route_note);
    const stops = planned
        .filter(({ route_note, route_sequence }) => route_sequence && !route_note)
        .sort((a, b) => a.route_sequence - b.route_sequence || byTime(a, b));
    const others = planned.filter(
        ({ route_note, route_sequence }) => !route_sequence && !route_note
    );
    const timeOf = ({ hour, plan_time }) => hour || hourOf(plan_time);
    for (const visit of others.sort(byTime)) {
        const time = timeOf(visit);
        const isBefore = (stop) => timeOf(stop) && timeOf(stop) <= time;
        stops.splice(time ? stops.findLastIndex(isBefore) + 1 : stops.length, 0, visit);
    }
    return [...on, ...stops, ...out.sort(byTime), ...done.sort(byTime)];
}

/** The order of the server with what was arranged on this phone since on top. */
export function withOrder(visits, { order, pinned } = {}) {
    if (!order) {
        return visits;
    }
    const place = new Map(order.map((id, i) => [id, i + 1]));
    return visits.map((visit) => {
        const mine = isPlanned(visit) && place.get(visit.id);
        if (!mine) {
            // the same as on the server: what is not named comes after
            const later = visit.route_sequence && LAST + visit.route_sequence;
            return { ...visit, route_sequence: later };
        }
        return {
            ...visit,
            route_sequence: mine,
            route_note: null,
            route_pinned: pinned.includes(visit.id),
            // the times of another order are none
            ...{ route_at: null, hour: "", route_wait_min: 0, route_late_min: 0 },
        };
    });
}

/** `{uuid: number}`: done ones have been counted already, what does not fit has none. */
export function numbersOf(visits) {
    let number = visits.filter(({ state }) => state === "done").length;
    const counted = visits.filter(
        (visit) => visit.state === "in_progress" || (isPlanned(visit) && !visit.route_note)
    );
    return new Map(counted.map(({ uuid }) => [uuid, ++number]));
}

/** Minutes and kilometres less than before, or null: a better order may also be a later one. */
export function savedBy({ before_km, before_min, km, travel_min }) {
    const minutes = (before_min || 0) - travel_min;
    return before_km && minutes > 0 ? { minutes, km: (before_km - km).toFixed(1) } : null;
}

export function moved(list, from, to) {
    const rest = list.filter((_one, i) => i !== from);
    return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

/**
 * Where a row goes that was dragged by `dy`.
 *
 * @param {{top: number, height: number}[]} boxes of the rows as they stood
 */
export function targetOf(boxes, from, dy) {
    const { top, height } = boxes[from];
    const middle = top + dy + height / 2;
    const isAbove = (box, i) => i !== from && box.top + box.height / 2 < middle;
    return boxes.filter(isAbove).length;
}

/** How far a row makes room while another one is dragged past it. */
export function shiftOf(index, from, to, height) {
    if (from < index && index <= to) {
        return -height;
    }
    return to <= index && index < from ? height : 0;
}
