/** Calling for help, and saying that all is well: on this phone first, like everything else. */

import { _t } from "./i18n";
import { rowsOf } from "./pull";

const KEY = "alarm";
const LIVE = ["asked", "open", "seen"];

export function mayCall(state) {
    return Boolean(state.me?.policy?.safety_sos && !state.person?.practice);
}

/**
 * The alarm that is not over: what the office knows, and what was said here since.
 *
 * @returns {Promise<Object|null>} `{kind, state, at, answer_by, subject, seen_by, told, sent}`
 */
export async function readAlarm(db) {
    const doc = await db.docs.get(KEY);
    const row = (await rowsOf(db, "alarms")).find(({ state }) => LIVE.includes(state));
    if (doc?.state === "ok") {
        return null;
    }
    if (doc) {
        return { ...row, ...doc, sent: false };
    }
    return row ? { ...row, sent: true } : null;
}

const keep = (values) => (db, event) =>
    db.docs.put({
        key: KEY,
        kind: "alarm",
        entity: KEY,
        changed: Date.now(),
        ...values(event),
    });

export function callForHelp(app, note) {
    const change = keep((event) => ({ state: "open", at: event.captured_at, call: "sos" }));
    return app.record(
        "safety.sos",
        { position: app.location.position(), note: note || undefined },
        { entity: KEY, label: _t("Call for help"), change }
    );
}

export function sayAllRight(app) {
    const change = keep(() => ({ state: "ok" }));
    return app.record(
        "safety.ok",
        {},
        { entity: KEY, label: _t("All is well"), change },
        _t("Good. Your leader is told.")
    );
}
