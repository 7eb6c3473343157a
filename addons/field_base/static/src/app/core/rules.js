/** What this person agreed to and when he works, as this phone knows it. */

import { serverNow } from "./clock";
import { rowsOf } from "./pull";

export const CONSENT = "consent";

/** The person's own row; what was signed or withdrawn here since counts at once. */
export async function readMe(db) {
    const [me] = await rowsOf(db, "me");
    const doc = await db.docs.get(CONSENT);
    return me ? { ...me, ...(doc && { consent: { ...me.consent, valid: doc.valid } }) } : null;
}

export function needsConsent(me) {
    return Boolean(me?.consent?.required && !me.consent.valid);
}

function isWorkingTime(me) {
    const now = serverNow();
    const times = me?.working_times;
    return !times || times.some(([start, end]) => now >= new Date(start) && now < new Date(end));
}

/** The first of three locks: outside working time, or without consent, the phone is not asked. */
export function mayLocate(me) {
    return Boolean(me) && !needsConsent(me) && isWorkingTime(me);
}
