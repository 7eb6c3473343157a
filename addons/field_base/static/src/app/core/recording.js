/**
 * Sound, written to the phone in pieces while it is taken: a phone that dies loses the last piece at
 * most. A recording becomes a file like a photo when it ends, or at the next start of the app.
 */

import { registry } from "@web/core/registry";
import { isStorageFull } from "./database";
import { takeNonce } from "./evidence";
import { _t } from "./i18n";
import { uuid7 } from "./ids";
import { storageLevel } from "./phone";
import { sha256OfBytes } from "./sha256";

const PIECE_MS = 10000;
const BITS_PER_SECOND = 24000;
/** The server takes files up to 15 MB; a phone that cannot compress as asked stops here. */
const MOST_BYTES = 14 * 1024 * 1024;
const TYPES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/mp4"];

/** What this browser can write, or nothing. */
export function soundType() {
    return TYPES.find((type) => window.MediaRecorder?.isTypeSupported(type)) || "";
}

/** Held while a recording runs, so that another window does not take it for one that was cut off. */
const lockName = (uuid) => `field-recording-${uuid}`;

export class Recording {
    /**
     * @param {Object} about `{entity, slot, label, informed}`: what it belongs to, and what the
     *     customer was told
     * @param {number} most seconds after which it ends by itself
     * @param {(reason: string) => void} onEnd it has ended: `""`, `limit`, `device` or `storage`
     */
    constructor(app, about, most, onEnd) {
        Object.assign(this, { app, about, most, onEnd });
        this.uuid = uuid7();
        this.n = 0;
        this.size = 0;
        this.saving = Promise.resolve();
        this.ended = new Promise((resolve) => (this.resolveEnd = resolve));
    }

    /**
     * @throws {DOMException} as getUserMedia does, when there is no microphone for us
     * @returns {Promise<boolean>} whether it runs; no: the phone has no room left, and it was said
     */
    async start() {
        const { app } = this;
        await app.refreshStorage();
        if (storageLevel(app.state.storage) === "full") {
            app.sayStorageFull();
            return false;
        }
        const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
        this.stream = await navigator.mediaDevices.getUserMedia({ audio });
        const options = { mimeType: soundType(), audioBitsPerSecond: BITS_PER_SECOND };
        this.recorder = new MediaRecorder(this.stream, options);
        await this._note();
        this._hold();
        this.recorder.ondataavailable = ({ data }) => this._keep(data);
        this.recorder.onstop = () => this._finish();
        this.recorder.onerror = () => this.stop("device");
        this.stream.getTracks().forEach((track) => (track.onended = () => this.stop("device")));
        this.onHidden = () => document.visibilityState === "hidden" && this._flush();
        document.addEventListener("visibilitychange", this.onHidden);
        this.started = performance.now();
        this.recorder.start(PIECE_MS);
        this.timer = setTimeout(() => this.stop("limit"), this.most * 1000);
        navigator.wakeLock?.request("screen").then(
            (wake) => (this.wake = wake),
            () => {} // a phone that saves power may refuse: the recording goes on all the same
        );
        return true;
    }

    get seconds() {
        const end = this.stopped || performance.now();
        return this.started ? Math.min(this.most, (end - this.started) / 1000) : 0;
    }

    /** @returns {Promise} resolves when it is kept as a file */
    stop(reason = "") {
        if (this.recorder && this.recorder.state !== "inactive") {
            this.reason = reason;
            this.stopped = performance.now();
            this.recorder.stop();
        }
        return this.ended;
    }

    async _note() {
        const { app, uuid, about } = this;
        const { db } = app.account;
        const mime = this.recorder.mimeType.split(";")[0] || "audio/webm";
        const captured = new Date().toISOString();
        const position = app.location.position() || null;
        const meta = { nonce: await takeNonce(db), captured_at: captured, position };
        await db.recordings.add({ uuid, mime, meta, seconds: 0, ...about });
    }

    _hold() {
        navigator.locks?.request(lockName(this.uuid), () => this.ended);
    }

    /** The app goes out of sight and may be ended there: what was said so far is safe. */
    _flush() {
        if (this.recorder.state === "recording") {
            this.recorder.requestData();
        }
    }

    _keep(blob) {
        const { seconds } = this;
        this.size += blob.size;
        this.saving = this.saving.then(() => this._write(blob, seconds));
        if (this.size > MOST_BYTES) {
            this.stop("limit");
        }
    }

    async _write(blob, seconds) {
        if (!blob.size || this.full) {
            return;
        }
        const { db } = this.app.account;
        const data = await blob.arrayBuffer();
        try {
            await db.transaction("rw", ["recordings", "chunks"], async () => {
                const n = this.n++;
                await db.chunks.add({ recording: this.uuid, n, data });
                const row = await db.recordings.get(this.uuid);
                await db.recordings.put({ ...row, seconds });
            });
        } catch (error) {
            if (!isStorageFull(error)) {
                throw error;
            }
            this.full = true;
            this.app.sayStorageFull();
            this.stop("storage");
        }
    }

    async _finish() {
        clearTimeout(this.timer);
        document.removeEventListener("visibilitychange", this.onHidden);
        this.stream.getTracks().forEach((track) => track.stop());
        this.wake?.release();
        await this.saving;
        await becomeFile(this.app, this.uuid, Boolean(this.full));
        this.resolveEnd();
        this.onEnd(this.reason);
    }
}

/** All pieces as one file, which is sent like a photo; in one transaction with their end. */
async function becomeFile(app, uuid, interrupted) {
    const { db, outbox } = app.account;
    const row = await db.recordings.get(uuid);
    const chunks = await db.chunks.where("recording").equals(uuid).toArray();
    const forget = async () => {
        await db.chunks.where("recording").equals(uuid).delete();
        await db.recordings.delete(uuid);
    };
    if (!row || !chunks.length) {
        await db.transaction("rw", ["recordings", "chunks"], forget);
        return null;
    }
    chunks.sort((a, b) => a.n - b.n);
    const bytes = await new Blob(chunks.map(({ data }) => data)).arrayBuffer();
    const sha256 = await sha256OfBytes(bytes);
    const values = { ...row, seconds: Math.round(row.seconds), interrupted };
    try {
        const more = { tables: ["recordings", "chunks"], change: forget };
        await outbox.addBlob({ ...values, bytes, sha256 }, more);
    } catch (error) {
        if (!isStorageFull(error)) {
            throw error;
        }
        app.sayStorageFull(); // the pieces stay, and become a file when there is room
        return null;
    }
    return values;
}

/** What a killed app had begun becomes a file at the next start. */
export async function recoverRecordings(app) {
    const rows = await app.account.db.recordings.toArray();
    for (const { uuid } of rows) {
        const recover = (lock) => lock && becomeFile(app, uuid, true);
        const found = navigator.locks
            ? await navigator.locks.request(lockName(uuid), { ifAvailable: true }, recover)
            : await recover(true);
        if (found) {
            app.toast(_t("Kept: the recording that was interrupted. %(label)s", found));
            app.sync?.soon();
        }
    }
}

registry.category("field_app.services").add("recordings", recoverRecordings);

/**
 * Recordings that belong to one place of something, such as a step of a visit, oldest first.
 *
 * @returns {Promise<Object[]>} `{uuid, slot, seconds, informed, interrupted, status}`
 */
export async function recordingsOf(db, entity) {
    const blobs = await db.blobs.where("entity").equals(entity).toArray();
    return blobs.filter(({ slot }) => slot).sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
}
