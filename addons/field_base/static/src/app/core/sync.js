/**
 * Sending and fetching, whenever there is a reason and a network. One tab at a time does it; what
 * fails is tried again later and later, up to once a minute. Nothing is forgotten before the server
 * has acknowledged it.
 */

import { registry } from "@web/core/registry";
import { call, NetworkProblem, post, Refused } from "./api";
import { BlobSender } from "./blob_sender";
import { offsetFrom, setClockOffset, steadyNow } from "./clock";
import { getMeta, setMeta } from "./database";
import { Outbox } from "./outbox";
import { storageLevel } from "./phone";
import { applyPull } from "./pull";

const BATCH = 100;
const BATCH_BYTES = 900000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60000;
const KEEP_SENT_MS = 14 * 86400000;

/** Modules send what is no event: `async (account)`, after the events. */
const senders = registry.category("field_app.senders");

export class Sync {
    /**
     * @param {Object} account `{db, outbox, device, token}`
     * @param {Object} notify callbacks `state(values)`, `commands(list)`, `token(raw)`
     * @param {Function} status async () => what the server is told about this phone
     */
    constructor(account, notify, status) {
        Object.assign(this, { account, notify, status });
        this.db = account.db;
        this.pause = 0;
        this.timer = null;
        this.running = false;
        this.again = false;
        this.listeners = new AbortController();
    }

    start() {
        const { signal } = this.listeners;
        const soon = () => this.soon();
        window.addEventListener("online", soon, { signal });
        window.addEventListener("offline", () => this.notify.state({ online: false }), { signal });
        const whenSeen = () => document.visibilityState === "visible" && this.soon();
        document.addEventListener("visibilitychange", whenSeen, { signal });
        this.beat = setInterval(whenSeen, LONGEST_PAUSE_MS);
        this.soon();
    }

    stop() {
        this.listeners.abort();
        clearInterval(this.beat);
        clearTimeout(this.timer);
        this.stopped = true;
    }

    /** There is a reason: now, or right after what is running. */
    soon() {
        this.pause = 0;
        clearTimeout(this.timer);
        return this.run();
    }

    async run() {
        if (this.running || this.stopped) {
            this.again = true;
            return;
        }
        this.running = true;
        this.again = false;
        try {
            await this._alone(() => this._everything());
        } finally {
            this.running = false;
        }
        if (this.again) {
            await this.run();
        }
    }

    /** Web Locks: another tab of this app may be at it. */
    async _alone(work) {
        if (!navigator.locks) {
            return work();
        }
        return navigator.locks.request(
            `field-sync-${this.account.device}`,
            { ifAvailable: true },
            async (lock) => (lock ? work() : this._later(FIRST_PAUSE_MS))
        );
    }

    async _everything() {
        this.notify.state({ sending: true });
        try {
            await this._sendEvents();
            for (const send of senders.getAll()) {
                await send(this.account);
            }
            await new BlobSender(this.account).sendAll();
            const pulled = await this._pull();
            this.pause = 0;
            this.notify.state({ sending: false, online: true, trouble: null, pulled });
            await this._tidy();
        } catch (error) {
            this.notify.state({ sending: false });
            await this._explain(error);
        }
    }

    async _explain(error) {
        if (error instanceof NetworkProblem) {
            this.notify.state({ online: false });
            this._later(error.retryAfter * 1000);
        } else if (error instanceof Refused) {
            this.notify.state({ online: true, trouble: { code: error.code, text: error.message } });
            if (error.code === "upgrade") {
                await this._lookForUpdate();
            }
            this._later(LONGEST_PAUSE_MS);
        } else if (!this.stopped) {
            throw error; // a database closed under a round that was stopped is no news
        }
    }

    /** Too old for the server: the new version is fetched now, not when the page is next opened. */
    async _lookForUpdate() {
        const registration = await navigator.serviceWorker?.getRegistration();
        await registration?.update();
    }

    _later(atLeast = 0) {
        this.pause = Math.min(this.pause * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        const wait = Math.max(atLeast, this.pause) * (0.75 + Math.random() / 2);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.run(), wait);
    }

    // --- events ------------------------------------------------------------------------------

    async _sendEvents() {
        const asked = new Set();
        let first = true;
        for (;;) {
            const events = this._fit(await this._unasked(asked));
            if (!events.length && !first) {
                return;
            }
            first = false;
            events.forEach((event) => asked.add(event.uuid));
            await this._sendBatch(events);
        }
    }

    async _unasked(asked) {
        const events = await this.account.outbox.next(BATCH + asked.size);
        return events.filter((event) => !asked.has(event.uuid)).slice(0, BATCH);
    }

    _fit(events) {
        let size = 0;
        return events.filter((event, i) => {
            size += JSON.stringify(event.payload).length + 400;
            return !i || size < BATCH_BYTES;
        });
    }

    async _sendBatch(events) {
        const { device, token } = this.account;
        const status = await this.status();
        const acked = await getMeta(this.db, "acked", {});
        const sentAt = Date.now();
        const answer = await post(
            "/sync",
            {
                device,
                sent_at: new Date(sentAt).toISOString(),
                ...steadyNow(),
                rtt_ms: this.rtt,
                status,
                acked,
                events: events.map(Outbox.wire),
            },
            { token }
        );
        this.rtt = Date.now() - sentAt;
        if (!Array.isArray(answer.results)) {
            throw new NetworkProblem("This is not our server's answer");
        }
        const offset = offsetFrom(answer.server_time, sentAt, Date.now());
        setClockOffset(offset);
        await setMeta(this.db, "clock_offset", offset);
        for (const result of [...answer.results, ...(answer.resolved || [])]) {
            await this.account.outbox.settle(result);
        }
        if (answer.token) {
            await this.notify.token(answer.token);
        }
        if (answer.restored) {
            await this.account.outbox.reclaim(answer.missing || []);
        }
        if (answer.commands?.length) {
            await this.notify.commands(answer.commands);
        }
    }

    // --- pull --------------------------------------------------------------------------------

    async _pull() {
        let more = true;
        while (more && !this.stopped) {
            const before = Date.now();
            const since = await getMeta(this.db, "cursor", "");
            const query = since ? `?since=${encodeURIComponent(since)}` : "";
            const { body } = await call(`/pull${query}`, { token: this.account.token });
            await applyPull(this.db, body, before);
            more = body.more;
        }
        const at = Date.now();
        await setMeta(this.db, "pulled_at", at);
        return at;
    }

    /** What the server has had for long, and earlier when the phone has little room. */
    async _tidy() {
        const old = Date.now() - KEEP_SENT_MS;
        await this.db.sent.where("at").below(old).delete();
        const { used, quota } = (await this.status()).storage;
        const limit = storageLevel({ used, quota }) === "good" ? old : Date.now();
        const files = await this.db.blobs.where("status").equals("sent").toArray();
        const uuids = files.filter(({ sent_at }) => sent_at < limit).map(({ uuid }) => uuid);
        await this.db.transaction("rw", ["blobs", "bytes"], async () => {
            await this.db.blobs.bulkDelete(uuids);
            await this.db.bytes.bulkDelete(uuids);
        });
    }
}
