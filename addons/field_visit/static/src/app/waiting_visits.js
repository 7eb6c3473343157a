/** What was done at a customer whom the server refused: it waits on this phone for his name. */

import { keyOf, reopened } from "./visit_events";

/** @returns {Promise<Object>} `{events, visits}`: what waits, and the uuids of its visits */
export async function waitingFor(db, customer) {
    const events = (await db.outbox.orderBy("seq").toArray()).filter(({ dropped }) => !dropped);
    const begun = events.filter(
        ({ kind, payload }) => kind === "visit.check_in" && payload.customer_uuid === customer
    );
    const visits = new Set(begun.map(({ payload }) => payload.visit_uuid));
    return { events: events.filter(({ payload }) => visits.has(payload.visit_uuid)), visits };
}

/** @returns {Function} a change of the local visits: they are at this customer */
export function moveTo(visits, { id, name }) {
    return (db) =>
        changeDocs(db, visits, (values) => ({
            ...values,
            partner_name: name,
            ...(id && { partner_id: id }),
        }));
}

async function changeDocs(db, visits, change) {
    for (const uuid of visits) {
        const doc = await db.docs.get(keyOf(uuid));
        if (doc) {
            await db.docs.put({ ...doc, values: change(doc.values), changed: Date.now() });
        }
    }
}

/**
 * @param {Object[]} events what waits
 * @param {Set} visits
 * @param {string} customer
 * @returns {Function} a change that forgets the visits, their photos and that of the sign; a visit
 *     that ended only because one of them began is open again
 */
export function forgetVisits(events, visits, customer) {
    return async (db) => {
        const moments = new Set(events.map(({ captured_at }) => captured_at));
        await reopened(db, moments);
        await db.docs.bulkDelete([...visits].map(keyOf));
        const gone = (await db.blobs.toArray()).filter(
            ({ entity, status }) => status !== "sent" && (visits.has(entity) || entity === customer)
        );
        await db.blobs.bulkDelete(gone.map(({ uuid }) => uuid));
        await db.bytes.bulkDelete(gone.map(({ uuid }) => uuid));
    };
}
