/* global Dexie */
/**
 * Encryption of a person's database where it lies on the disk. Dexie asks this layer for each row
 * that is written or read, so nobody else has to know: what is looked for (keys, states, numbers)
 * stays readable, everything else of a row is one encrypted piece. Rows that were written as they are
 * are read as they are. What was done on this phone is always encrypted; with a PIN also what came
 * from the server: without one that would cost each look at 20,000 customers a second and protect
 * little, since the key that opens it lies on the same phone.
 */

/** What stays readable of each table; tables that are not named hold nothing personal. */
const READABLE = {
    outbox: ["uuid", "seq", "status", "entity"],
    sent: ["uuid", "at"],
    blobs: ["uuid", "status", "entity", "size"],
    bytes: ["uuid"],
    recordings: ["uuid"],
    chunks: ["recording", "n"],
    docs: ["key", "kind"],
    fixes: ["ts"],
    rows: ["collection", "id"],
};
/** Encrypted with a PIN only. */
const FROM_SERVER = ["rows"];
/** Tables whose rows are bytes and nothing else. */
const RAW = ["bytes", "chunks"];
const BATCH = 100;
const text = new TextEncoder();

function isWritten(name, everything) {
    return everything || !FROM_SERVER.includes(name);
}

class Sealer {
    constructor(name, schema, key, everything) {
        Object.assign(this, { name, key, schema });
        this.writes = isWritten(name, everything);
        this.readable = READABLE[name];
        this.raw = RAW.includes(name);
    }

    /** A row moved to another place would not open there. */
    _how(iv, row) {
        const place = JSON.stringify([this.name, this.schema.primaryKey.extractKey(row)]);
        return { name: "AES-GCM", iv, additionalData: text.encode(place) };
    }

    async seal(row) {
        const entries = Object.entries(row);
        const plain = Object.fromEntries(entries.filter(([name]) => this.readable.includes(name)));
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const hidden = this.raw ? row.data : this._packed(entries);
        const data = await crypto.subtle.encrypt(this._how(iv, row), this.key, hidden);
        return { ...plain, sealed: { iv, data } };
    }

    _packed(entries) {
        const hidden = entries.filter(([name]) => !this.readable.includes(name));
        return text.encode(JSON.stringify(Object.fromEntries(hidden)));
    }

    async open(row) {
        if (!row?.sealed) {
            return row;
        }
        const { sealed, ...plain } = row;
        const how = this._how(sealed.iv, row);
        const data = await crypto.subtle.decrypt(how, this.key, sealed.data);
        const hidden = this.raw ? { data } : JSON.parse(new TextDecoder().decode(data));
        return { ...plain, ...hidden };
    }
}

const waiting = new WeakMap();

/**
 * The browser ends a transaction that waits for anything but its database; Dexie keeps it busy, for
 * one thing at a time: it forgets the answer of the first when a second one comes in between. So
 * they stand in a row.
 */
function inTransaction(work) {
    const transaction = Dexie.currentTransaction;
    if (!transaction) {
        return work();
    }
    const root = transaction.idbtrans || transaction;
    const next = () => transaction.waitFor(work());
    const mine = (waiting.get(root) || Dexie.Promise.resolve()).then(next, next);
    waiting.set(root, mine);
    return mine;
}

function wrapTable(table, sealer) {
    const openAll = (rows) => inTransaction(() => Promise.all(rows.map((row) => sealer.open(row))));
    return {
        ...table,
        mutate: (request) =>
            sealer.writes && "values" in request
                ? inTransaction(() =>
                      Promise.all(request.values.map((row) => sealer.seal(row)))
                  ).then((values) => table.mutate({ ...request, values }))
                : table.mutate(request),
        get: (request) =>
            table.get(request).then((row) => row && inTransaction(() => sealer.open(row))),
        getMany: (request) => table.getMany(request).then(openAll),
        query: (request) =>
            table
                .query(request)
                .then((found) =>
                    request.values
                        ? openAll(found.result).then((result) => ({ ...found, result }))
                        : found
                ),
        openCursor: (request) => {
            if (request.values) {
                throw new Error(`${sealer.name} is encrypted: it cannot be read row by row`);
            }
            return table.openCursor(request);
        },
    };
}

/**
 * From now on what is personal is written encrypted.
 *
 * @param {CryptoKey} key
 * @param {boolean} everything also what came from the server
 */
export function sealDatabase(db, key, everything) {
    db.use({
        stack: "dbcore",
        name: "sealing",
        level: -10, // next to the disk
        create: (core) => ({
            ...core,
            table: (name) => {
                const table = core.table(name);
                return name in READABLE
                    ? wrapTable(table, new Sealer(name, table.schema, key, everything))
                    : table;
            },
        }),
    });
}

/** Write once more what lies there as it is. Can be cut off and done again. */
export async function sealOldRows(db, everything) {
    for (const name of Object.keys(READABLE).filter((one) => isWritten(one, everything))) {
        const keys = await db.table(name).toCollection().primaryKeys();
        const step = RAW.includes(name) ? 1 : BATCH;
        for (let i = 0; i < keys.length; i += step) {
            await db.transaction("rw", name, async () => {
                const rows = await db.table(name).bulkGet(keys.slice(i, i + step));
                await db.table(name).bulkPut(rows.filter(Boolean));
            });
        }
    }
}
