/**
 * What happened and is not yet with the server. An event and the state of what it is about are
 * written in one transaction: all of it or nothing. Then, and only then, the screen says "saved on
 * this phone". Online takes the same way.
 */

import { clean, eventHash } from "./canonical";
import { steadyNow } from "./clock";
import { getMeta, setMeta, withStatus } from "./database";
import { uuid7 } from "./ids";

/** Not yet settled by the server. */
export const OPEN = ["new", "waiting"];
/** The person has to look at it. */
export const TROUBLE = ["rejected", "conflict", "damaged"];
/** What waits, oldest first. */
export async function openEvents(db) {
    return (await withStatus(db.outbox, OPEN)).sort((a, b) => a.seq - b.seq);
}

const TABLES = ["meta", "outbox", "docs"];

export class Outbox {
    constructor(db, deviceUuid) {
        this.db = db;
        this.device = deviceUuid;
    }

    /**
     * @param {string} kind
     * @param {Object} payload
     * @param {Object} about see `addAll`
     * @returns {Promise<Object>} the event, safe on the disk
     */
    async add(kind, payload, about = {}) {
        const [event] = await this.addAll([{ kind, payload, ...about }]);
        return event;
    }

    /**
     * Events that happen together: one transaction, so one write to the disk.
     *
     * @param {Array<Object>} entries
     * @param {string} entries[].kind
     * @param {Object} entries[].payload
     * @param {string} [entries[].entity] what it belongs to, such as a visit's uuid
     * @param {string} [entries[].label] how a person calls it
     * @param {Function} [entries[].change] async (db): writes the local state in the same
     *     transaction
     * @param {string} [entries[].uuid]
     * @returns {Promise<Object[]>} the events, safe on the disk
     */
    async addAll(entries) {
        const events = entries.map((entry) => this._make(entry));
        await this.db.transaction("rw", TABLES, async () => {
            const links = await this._chain(events);
            // asked for at once: each answer waited for costs a slow phone some milliseconds
            await Promise.all([
                this.db.meta.bulkPut(links),
                ...events.map((event) => this.db.outbox.add(event)),
                ...entries.map(({ change }, i) => change?.(this.db, events[i])),
            ]);
        });
        return events;
    }

    _make({ kind, payload, entity = "", label = "", uuid = uuid7() }) {
        return {
            uuid,
            kind,
            entity,
            label,
            payload: clean(payload),
            captured_at: new Date().toISOString(),
            ...steadyNow(),
            status: "new",
            tries: 0,
        };
    }

    /** The next numbers and links of the chain; the transaction keeps two tabs apart. */
    async _chain(events) {
        const [last, head] = await this.db.meta.bulkGet(["seq", "head"]);
        let [seq, hash] = [last?.value ?? -1, head?.value ?? ""];
        for (const event of events) {
            event.seq = ++seq;
            event.prev_hash = hash;
            hash = event.hash = eventHash(this.device, event);
        }
        return [
            { key: "seq", value: seq },
            { key: "head", value: hash },
        ];
    }

    /**
     * A photo, recording or signature: bytes apart, so that a list of them stays light.
     *
     * @param {Object} [more] `{tables, change}`: what else is written in the same transaction
     */
    async addBlob({ uuid, bytes, ...values }, { tables = [], change } = {}) {
        await this.db.transaction("rw", ["blobs", "bytes", ...tables], async () => {
            await this.db.blobs.add({
                uuid,
                size: bytes.byteLength,
                status: "new",
                offset: 0,
                at: new Date().toISOString(),
                ...values,
            });
            await this.db.bytes.add({ uuid, data: bytes });
            await change?.();
        });
    }

    /** As docs/sync-protocol.md wants it. */
    static wire({ uuid, seq, kind, captured_at, run, mono_ms, payload, prev_hash, hash }) {
        return { uuid, seq, kind, captured_at, run, mono_ms, payload, prev_hash, hash };
    }

    async next(limit) {
        const events = await openEvents(this.db);
        return events.slice(0, limit);
    }

    /** What the server said of one event. Gone only when its hash is the one we know. */
    async settle(result) {
        await this.db.transaction("rw", ["outbox", "sent", "meta"], async () => {
            const event = await this.db.outbox.get(result.uuid);
            if (!event || TROUBLE.includes(event.status)) {
                return;
            }
            if (result.state === "applied" && result.hash === event.hash) {
                await this.db.outbox.delete(event.uuid);
                await this.db.sent.put({ ...event, status: "applied", at: Date.now() });
                await this._noteAcked(event);
                return;
            }
            if (result.code === "taken_back") {
                await this.discard(event.uuid);
                return;
            }
            const status = result.state === "applied" ? "damaged" : result.state;
            const { code = "", message = "", server = null } = result;
            const tries = event.tries + 1;
            await this.db.outbox.update(event.uuid, { status, code, message, server, tries });
        });
    }

    async _noteAcked({ seq, hash }) {
        const acked = await getMeta(this.db, "acked", {});
        if (!(acked.seq > seq)) {
            await setMeta(this.db, "acked", { ...acked, seq, hash });
        }
    }

    /**
     * The server was restored from a backup: what it had taken since then is sent again. The same
     * uuid gives the same answer, so too much does no harm.
     *
     * @param {Array<[number, number]>} missing ranges of numbers
     * @returns {Promise<number>} how many events go again
     */
    async reclaim(missing) {
        const isMissing = ({ seq }) => missing.some(([low, high]) => seq >= low && seq <= high);
        return this.db.transaction("rw", ["outbox", "sent", "blobs", "meta"], async () => {
            const lost = (await this.db.sent.toArray()).filter(
                (event) => event.status === "applied" && event.hash && isMissing(event)
            );
            for (const event of lost) {
                await this.db.outbox.put({ ...event, status: "new" });
                await this.db.sent.delete(event.uuid);
            }
            await this.db.blobs
                .where("status")
                .equals("sent")
                .modify({ status: "new", offset: 0, check: true });
            await setMeta(this.db, "acked", {});
            return lost.length;
        });
    }

    /** A person takes a refused event back; it leaves the list, not the memory. */
    async discard(uuid) {
        await this.db.transaction("rw", ["outbox", "sent"], async () => {
            const event = await this.db.outbox.get(uuid);
            await this.db.outbox.delete(uuid);
            await this.db.sent.put({ ...event, status: "discarded", at: Date.now() });
        });
    }

    /**
     * The same again as a new event, for the answer to an event never changes. It names the refused
     * one: that is when it happened.
     *
     * @param {Object} values replace those of the payload
     * @param {Object} [about] see `addAll`: `label`, `change`
     */
    async again(uuid, values = {}, about = {}) {
        return this.db.transaction("rw", [...TABLES, "sent"], async () => {
            const old = await this.db.outbox.get(uuid);
            await this.discard(uuid);
            const { entity, label } = old;
            const payload = { ...old.payload, ...values, again_of: uuid };
            return this.add(old.kind, payload, { entity, label, ...about });
        });
    }

    /**
     * A refused event goes, and what waits for it as well: in one write to the disk. The server may
     * hold what waits, so it is told; until it has answered, that stays here, marked.
     *
     * @param {string} uuid of the refused one
     * @param {Object[]} waiting events
     * @param {Object} about `{label, tables, change}` see `addAll`
     */
    async takeBack(uuid, waiting, { label, tables = [], change }) {
        const open = waiting.filter(({ status }) => OPEN.includes(status));
        const closed = waiting.filter(({ status }) => !OPEN.includes(status));
        return this.db.transaction("rw", [...TABLES, "sent", ...tables], async () => {
            await change?.(this.db);
            for (const event of [{ uuid }, ...closed]) {
                await this.discard(event.uuid);
            }
            for (const event of open) {
                await this.db.outbox.update(event.uuid, { dropped: true });
            }
            if (open.length) {
                const uuids = open.map((event) => event.uuid);
                await this.add("event.discard", { uuids }, { label });
            }
        });
    }
}
