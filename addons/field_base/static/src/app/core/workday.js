/** The working day as this phone knows it: what the server said, and what was done since. */

import { localDate, parseServer } from "./clock";
import { blurHome } from "./home";
import { _t } from "./i18n";
import { rowsOf } from "./pull";

const keyOf = (date) => `workday:${date}`;

/** @returns {Promise<{date: string, state: string, opened: Date, closed: Date, uuid: string}>} */
export async function readDay(db) {
    const date = localDate();
    const doc = await db.docs.get(keyOf(date));
    if (doc) {
        return { ...doc, date, opened: new Date(doc.opened), closed: new Date(doc.closed) };
    }
    const row = (await rowsOf(db, "workdays")).find((day) => day.date === date);
    if (!row) {
        return { date, state: "none" };
    }
    return {
        date,
        state: row.state === "open" ? "open" : "closed",
        opened: parseServer(row.open_at),
        closed: parseServer(row.close_at),
        uuid: row.open_uuid || "",
        paused: Boolean(row.is_paused),
    };
}

function keep(values) {
    return async (db, event) => {
        const key = keyOf(localDate());
        const old = (await db.docs.get(key)) || {};
        const made = values(event, old);
        const entity = key;
        await db.docs.put({ ...old, ...made, key, kind: "workday", entity, changed: Date.now() });
    };
}

function opening(app, position) {
    return {
        kind: "workday.open",
        payload: { position: blurHome(app.state.me, position) },
        entity: keyOf(localDate()),
        label: _t("Start of the day"),
        change: keep((event) => ({
            state: "open",
            opened: event.captured_at,
            uuid: event.uuid,
        })),
    };
}

export async function openDay(app) {
    const position = await app.location.positionWithin(0);
    return app.recordAll([opening(app, position)], _t("Day started"));
}

export async function closeDay(app) {
    const day = await readDay(app.account.db);
    return app.record(
        "workday.close",
        {
            position: blurHome(app.state.me, app.location.position()),
            workday_uuid: day.uuid || undefined,
        },
        {
            entity: keyOf(localDate()),
            label: _t("End of the day"),
            change: keep((event, old) => ({
                opened: day.opened?.toISOString(),
                ...old,
                state: "closed",
                closed: event.captured_at,
            })),
        },
        _t("Day ended")
    );
}

/** Lunch, a private errand: nothing is recorded until work goes on. */
export async function pauseDay(app, isPause) {
    const day = await readDay(app.account.db);
    return app.record(
        isPause ? "workday.pause" : "workday.resume",
        { workday_uuid: day.uuid || undefined },
        {
            entity: keyOf(localDate()),
            label: isPause ? _t("Pause") : _t("Back to work"),
            change: keep((event, old) => ({
                state: "open",
                opened: day.opened?.toISOString(),
                uuid: day.uuid,
                ...old,
                paused: isPause,
            })),
        },
        isPause ? _t("Pause: your place is not recorded") : _t("Back to work")
    );
}

/**
 * Somebody who checks in is at work.
 *
 * @returns {Promise<Object[]>} what has to be recorded before his check-in: the start of the day, or
 *     nothing
 */
export async function beginning(app, position) {
    const { day } = app.state; // followed: mostly nothing has to be read
    if (day?.date === localDate() && day.state !== "none") {
        return [];
    }
    const { state } = await readDay(app.account.db);
    return state === "none" ? [opening(app, position)] : [];
}
