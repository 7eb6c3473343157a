/** A customer who is not there yet: added, or added and visited with one tap. */

import { judgeFence } from "@field_base/app/core/location";
import { checkIn } from "./visit_events";
import { demandOf, radiusOf, rulesOf } from "./visits";

/**
 * What brings him into the office; what is empty is left out.
 *
 * @param {string} uuid how this phone calls him until the office has named him
 * @param {Object} values name, lat, lng and more, see `customer.add` in docs/sync-protocol.md
 */
export function adding(uuid, values) {
    const clean = Object.entries(values)
        .map(([name, value]) => [name, typeof value === "string" ? value.trim() : value])
        .filter(([, value]) => value !== "" && value !== undefined);
    const payload = { ...Object.fromEntries(clean), customer_uuid: uuid };
    return { kind: "customer.add", payload, entity: uuid, label: payload.name };
}

function factsOf(app, fix, customer) {
    const cap = rulesOf(app).fence_accuracy_cap;
    return judgeFence(fix, customer, radiusOf(app, customer), cap);
}

/** One stands there, and nothing has to be explained first. */
export function canVisitNew(app, fix, customer) {
    return !demandOf(app, factsOf(app, fix, customer).verdict, customer);
}

/**
 * Added and checked in are one write to the disk.
 *
 * @param {Object} customer `{id, uuid, name, lat, lng}`; numbers of this phone's own are below 0
 * @param {Object} entry see `adding`
 * @param {string} [previous] uuid of the visit that ends with it
 * @returns {Promise<string|null>} uuid of the visit
 */
export function visitNew(app, customer, entry, previous) {
    const facts = factsOf(app, app.location.state.fix, customer);
    const position = app.location.position();
    const fixes = position && app.location.fixes();
    const answers = { ...facts, position, fixes, previous, first: [entry] };
    return checkIn(app, { customer }, answers);
}
