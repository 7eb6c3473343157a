/** Files of the field, kept with what proves them. */

import { isStorageFull } from "./database";
import { uuid7 } from "./ids";
import { storageLevel } from "./phone";

/** One of the server's numbers: used once, so a picture cannot be from before it was given out. */
export async function takeNonce(db) {
    return db.transaction("rw", ["nonces"], async () => {
        const first = await db.nonces.toCollection().first();
        if (first) {
            await db.nonces.delete(first.nonce);
        }
        return first?.nonce || null;
    });
}

/**
 * Keep a photo, recording or signature on the phone; it is sent after the event that names it.
 *
 * @param {Object} file `{bytes, sha256, mime, phash?}`
 * @param {Object} about `{entity, label, meta?, stamp?}`; the lines of the watermark stay on the
 *   phone: the server writes its own
 * @returns {Promise<string|null>} its uuid; null when there is no room, and the person was told
 */
export async function keepFile(app, file, { entity, label, meta = {}, stamp = [] }) {
    await app.refreshStorage();
    if (storageLevel(app.state.storage) === "full") {
        app.sayStorageFull();
        return null;
    }
    const { db, outbox } = app.account;
    const uuid = uuid7();
    const { bytes, sha256, mime, phash } = file;
    const nonce = await takeNonce(db);
    const captured = new Date().toISOString();
    const position = app.location.position() || null;
    try {
        await outbox.addBlob({
            uuid,
            bytes,
            sha256,
            mime,
            entity,
            label,
            stamp,
            meta: { nonce, captured_at: captured, position, phash, ...meta },
        });
    } catch (error) {
        if (!isStorageFull(error)) {
            throw error;
        }
        app.sayStorageFull();
        return null;
    }
    return uuid;
}

/** Not used after all: it leaves the phone before it was ever named. */
export async function dropFile(app, uuid) {
    const { db } = app.account;
    await db.transaction("rw", ["blobs", "bytes"], async () => {
        await db.blobs.delete(uuid);
        await db.bytes.delete(uuid);
    });
}
