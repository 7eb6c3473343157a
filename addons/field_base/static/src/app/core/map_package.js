/* global Dexie */
/**
 * Streets for places without a network: a map package of the company, kept on the phone in pieces.
 * It is nobody's personal data, so it lies in a database of its own, for all who use this phone, and
 * stays when one of them goes.
 */

import { fetchRange } from "./api";
import { observe } from "./database";

const PIECE = 2 * 1024 * 1024;

let database = null;

function openPackages() {
    if (!database) {
        database = new Dexie("map-packages");
        database.version(1).stores({ packages: "id", pieces: "[id+n], id" });
    }
    return database;
}

/** Another edition of a package under the same number is another package. */
const isSame = (row, provider) =>
    Boolean(row) && row.checksum === provider.checksum && row.size === provider.size;

export const isWhole = (row, provider) => isSame(row, provider) && row.have === row.size;

/** What is on the phone, `{id, have, size, checksum}` each, in this tab and the others. */
export function observePackages(next) {
    return observe(() => openPackages().packages.toArray(), next);
}

export async function deletePackage(id) {
    const db = openPackages();
    await db.transaction("rw", ["packages", "pieces"], async () => {
        await db.pieces.where("id").equals(id).delete();
        await db.packages.delete(id);
    });
}

/**
 * Fetch a package, or go on where it stopped.
 *
 * @param {Object} provider as `me.map` has it: `{id, url, size, checksum}`
 * @param {() => boolean} isWanted asked before each piece
 * @throws {NetworkProblem|Refused}
 */
export async function downloadPackage(provider, token, isWanted) {
    const db = openPackages();
    const { id, size, checksum } = provider;
    let row = await db.packages.get(id);
    if (!isSame(row, provider)) {
        await deletePackage(id);
        row = { id, size, checksum, have: 0 };
    }
    while (row.have < size && isWanted()) {
        const from = row.have;
        const to = Math.min(from + PIECE, size) - 1;
        const blob = await fetchRange(provider.url, { token, from, to, size });
        row = { ...row, have: to + 1 };
        await db.transaction("rw", ["packages", "pieces"], async () => {
            await db.pieces.put({ id, n: from / PIECE, blob });
            await db.packages.put(row);
        });
    }
}

/**
 * The packages that can be drawn without a network, as the map wants them.
 *
 * @param {Object[]} providers as `me.map` has them
 * @returns {Promise<Object[]>} those that are whole, with their `blob`; nothing is read into memory
 */
export async function providersHere(providers) {
    const found = [];
    const db = openPackages();
    for (const provider of providers.filter(({ kind }) => kind === "pmtiles")) {
        if (isWhole(await db.packages.get(provider.id), provider)) {
            const pieces = await db.pieces.where("id").equals(provider.id).toArray();
            pieces.sort((a, b) => a.n - b.n);
            found.push({ ...provider, blob: new Blob(pieces.map(({ blob }) => blob)) });
        }
    }
    return found;
}
