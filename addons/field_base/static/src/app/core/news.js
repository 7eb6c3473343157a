/** What the office has to say; what was read here since counts at once. */

import { rowsOf } from "./pull";

const KIND = "announcement";
const keyOf = (id) => `${KIND}:${id}`;

/** Newest first. */
export async function readNews(db) {
    const rows = await rowsOf(db, "announcements");
    const docs = await db.docs.where("kind").equals(KIND).toArray();
    const read = new Map(docs.map((doc) => [doc.key, doc.read_at]));
    rows.sort((a, b) => (a.at < b.at ? 1 : -1));
    return rows.map((row) => ({ ...row, read_at: row.read_at || read.get(keyOf(row.id)) || null }));
}

/** Messages to this person alone, newest first. */
export async function readNotices(db) {
    return (await rowsOf(db, "notices")).sort((a, b) => b.id - a.id);
}

/** Text of what was written in the office's editor, paragraph by paragraph. */
export function paragraphs(html) {
    const page = new DOMParser().parseFromString(html || "", "text/html");
    page.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
    page.querySelectorAll("p, div, li, h1, h2, h3, tr").forEach((part) => part.append("\n"));
    return page.body.textContent
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
}

export function confirmRead(app, item) {
    const entity = keyOf(item.id);
    return app.record(
        "announcement.read",
        { announcement_id: item.announcement_id },
        {
            entity,
            label: item.subject,
            change: (db, { captured_at }) =>
                db.docs.put({
                    key: entity,
                    kind: KIND,
                    entity,
                    read_at: captured_at,
                    changed: Date.now(),
                }),
        }
    );
}
