/* global Dexie */
/**
 * The phone's own databases: one that knows who uses the app here, and one for each of them. What
 * one person did can so be neither seen nor sent by the next one.
 *
 * `durability: strict` makes the browser write to the disk before it says yes: only then the screen
 * says "saved on this phone".
 */

import { sealDatabase } from "./sealing";

const OPTIONS = { chromeTransactionDurability: "strict" };

/** Versions only ever add; see docs/sync-protocol.md. */
export function openControl() {
    const db = new Dexie("field", OPTIONS);
    db.version(1).stores({
        accounts: "device_uuid, user_id",
        keys: "name",
        settings: "name",
    });
    return db;
}

/**
 * @param {CryptoKey} [key] what the rows are encrypted with, see sealing.js; practice has none
 * @param {boolean} [everything] with a PIN: also what came from the server
 */
export function openAccount(deviceUuid, key, everything = false) {
    const db = new Dexie(`field-${deviceUuid}`, OPTIONS);
    db.version(1).stores({
        meta: "key",
        outbox: "uuid, seq, status, entity",
        blobs: "uuid, status, entity, size",
        bytes: "uuid",
        docs: "key, kind",
        rows: "[collection+id], collection",
        sent: "uuid, at",
        nonces: "nonce",
    });
    db.version(2).stores({ fixes: "ts" });
    db.version(3).stores({ recordings: "uuid", chunks: "[recording+n], recording" });
    if (key) {
        sealDatabase(db, key, everything);
    }
    return db;
}

export async function deleteAccountDatabase(deviceUuid) {
    await Dexie.delete(`field-${deviceUuid}`);
}

/** A query whose answer follows the database, in this tab and the others. */
export function observe(query, next, fail) {
    return Dexie.liveQuery(query).subscribe(next, fail);
}

export const isStorageFull = (error) =>
    [error, error?.inner].some((one) => one?.name === "QuotaExceededError");

/** Rows in one of these states; in pieces that an encrypted table can answer. */
export async function withStatus(table, statuses) {
    const found = statuses.map((status) => table.where("status").equals(status).toArray());
    return (await Promise.all(found)).flat();
}

export async function getMeta(db, key, otherwise = null) {
    return (await db.meta.get(key))?.value ?? otherwise;
}

export function setMeta(db, key, value) {
    return db.meta.put({ key, value });
}
