/** What the server has for this person, into the phone's database. */

import { setMeta } from "./database";

/** What was begun here and never finished is kept so long. */
const UNFINISHED_MS = 2 * 24 * 3600e3;

/**
 * One page of an answer, at once with its cursor. A reset replaces everything that was pulled; the
 * outbox is never touched.
 *
 * @param {number} askedAt what was acknowledged before is contained in the answer
 */
export async function applyPull(db, answer, askedAt) {
    await db.transaction("rw", ["rows", "meta", "nonces", "docs", "outbox"], async () => {
        if (answer.reset) {
            await db.rows.clear();
        }
        for (const [collection, { rows = [], gone = [] }] of Object.entries(answer.collections)) {
            await db.rows.bulkDelete(gone.map((id) => [collection, id]));
            await db.rows.bulkPut(rows.map((row) => ({ collection, id: row.id, row })));
        }
        if (answer.nonces) {
            await db.nonces.clear();
            await db.nonces.bulkPut(answer.nonces.map((nonce) => ({ nonce })));
        }
        await setMeta(db, "cursor", answer.cursor);
        if (!answer.more) {
            await forgetSettled(db, askedAt);
        }
    });
}

/**
 * A local picture of a thing is needed until the server's own has come: as long as one of its events
 * is open, or was settled after we had asked. Of what is not finished (photos of a step that is not
 * answered yet) the server knows nothing: `unfinished` of a picture stays.
 */
async function forgetSettled(db, askedAt) {
    const open = new Set((await db.outbox.toArray()).map((event) => event.entity));
    const old = (await db.docs.toArray()).filter(
        (doc) => !open.has(doc.entity) && doc.changed < askedAt
    );
    const begun = old.filter(
        ({ unfinished, changed }) => unfinished && changed > askedAt - UNFINISHED_MS
    );
    await db.docs.bulkDelete(old.map(({ key }) => key));
    await db.docs.bulkPut(
        begun.map(({ key, kind, entity, changed, unfinished }) => ({
            ...{ key, kind, entity, changed, unfinished },
            values: {},
            ...unfinished,
        }))
    );
}

export async function rowsOf(db, collection) {
    const found = await db.rows.where("collection").equals(collection).toArray();
    return found.map(({ row }) => row);
}

export async function rowOf(db, collection, id) {
    return (await db.rows.get([collection, id]))?.row || null;
}
