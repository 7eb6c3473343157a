/** My own track as this phone knows it: what the server said, and what was answered here since. */

import { parseServer } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";

const answerKey = (id) => `track_answer:${id}`;
const labelKey = (start) => `track_label:${start}`;

/** Open ones first, then the newest. */
export async function readQuestions(db) {
    const rows = await rowsOf(db, "track_questions");
    const docs = await db.docs.where("kind").equals("track_answer").toArray();
    const given = new Map(docs.map((doc) => [doc.key, doc.text]));
    return rows
        .map((row) => {
            const text = given.get(answerKey(row.id));
            return text === undefined ? row : { ...row, state: "explained", explanation: text };
        })
        .sort((a, b) => isOpen(b) - isOpen(a) || (a.date < b.date ? 1 : -1));
}

export const isOpen = ({ state }) => state === "asked";

export async function readDays(db) {
    const rows = await rowsOf(db, "track_days");
    const docs = await db.docs.where("kind").equals("track_label").toArray();
    const named = new Map(docs.map((doc) => [doc.key, doc.label]));
    return rows
        .sort((a, b) => (a.date < b.date ? 1 : -1))
        .map((day) => ({
            ...day,
            items: day.items.map((item) => ({
                ...item,
                from: parseServer(item.start),
                until: parseServer(item.end),
                label: named.get(labelKey(item.start)) ?? item.label,
            })),
        }));
}

export function answer(app, question, text) {
    const entity = answerKey(question.id);
    return app.record(
        "track.explain",
        { flag_id: question.id, text },
        {
            entity,
            label: _t("Answer to a question"),
            change: (db) =>
                db.docs.put({
                    key: entity,
                    kind: "track_answer",
                    entity,
                    text,
                    changed: Date.now(),
                }),
        },
        _t("Answered. Your leader can read it.")
    );
}

/** @param {{kind: string, note: string, text: string}} word `text` is what the list shows */
export function nameStay(app, stay, { kind, note, text }) {
    const entity = labelKey(stay.start);
    const label = text;
    return app.record(
        "track.label",
        { start: stay.start, kind, note: note || undefined },
        {
            entity,
            label: _t("Name of a stay"),
            change: (db) =>
                db.docs.put({
                    key: entity,
                    kind: "track_label",
                    entity,
                    label,
                    changed: Date.now(),
                }),
        },
        _t("Named")
    );
}

/** "1 h 25 min" */
export function duration(from, until) {
    const minutes = Math.round((until - from) / 60000);
    const hours = Math.floor(minutes / 60);
    return hours
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 })
        : _t("%(minutes)s min", { minutes });
}

export function kilometres(metres) {
    return _t("%(km)s km", { km: (metres / 1000).toFixed(1) });
}
