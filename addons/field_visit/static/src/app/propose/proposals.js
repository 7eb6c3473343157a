/** What was found to be otherwise at a customer's, and what became of it. */

import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";

const KIND = "change";

/**
 * The person's own proposals, the newest first: those of the office with what is still here on top.
 *
 * @param {number} [partnerId] only of this customer
 * @returns {Promise<Object[]>} `{uuid, partner_id, customer, text, state, answer}`; `state` is saved,
 *     open, applied or refused
 */
export async function proposalsOf(db, partnerId) {
    const rows = await rowsOf(db, "changes");
    const there = new Set(rows.map(({ uuid }) => uuid));
    const docs = await db.docs.where("kind").equals(KIND).toArray();
    const made = docs.filter(({ entity }) => !there.has(entity)).map(({ values }) => values);
    return [...made.reverse(), ...rows.sort((a, b) => b.id - a.id)].filter(
        (one) => !partnerId || one.partner_id === partnerId
    );
}

/**
 * @param {Object} change `{uuid, values, text, reason, photo}`: what the card should say, the same in
 *     words, and the uuid of a photo
 * @returns {Promise<Object|null>} the event; null when the phone has no room left
 */
export function propose(app, customer, { uuid, values, text, reason, photo }) {
    const shown = { uuid, partner_id: customer.id, customer: customer.name, text, state: "saved" };
    const payload = {
        uuid,
        partner_id: customer.id,
        values,
        reason: reason || undefined,
        proof_blob: photo || undefined,
    };
    const about = {
        entity: uuid,
        label: _t("Change · %(customer)s", { customer: customer.name }),
        change: (db) =>
            db.docs.put({
                key: `${KIND}:${uuid}`,
                kind: KIND,
                entity: uuid,
                changed: Date.now(),
                values: shown,
            }),
    };
    return app.record("customer.propose", payload, about, _t("Saved on this phone"));
}

/** Only what the card does not say already. */
export function differing(values, customer) {
    return Object.fromEntries(
        Object.entries(values).filter(([name, value]) => (customer[name] || "") !== (value || ""))
    );
}

/** Visiting hours as the office keeps them: the chosen days, from and to as `9:30`. */
export function windowsOf(days, from, to) {
    const hours = (text) => {
        const [hour, minute] = text.split(":").map(Number);
        return hour + minute / 60;
    };
    return [...days].sort().map((day) => [day, hours(from), hours(to)]);
}
