/**
 * Files after events, small ones first, in pieces that survive a cut line. What the server holds is
 * kept here for some days more, in case it has to be restored from a backup.
 */

import { call, NetworkProblem, Refused } from "./api";
import { getMeta, setMeta } from "./database";
import { sha256OfBytes } from "./sha256";
import { readTraffic, whyFilesWait } from "./traffic";

const PIECE = 256 * 1024;
const PATIENCE_MS = 60000;
/** The server will not take it, however often: the person has to know. */
const FINAL = [409, 413, 415, 422];

export class BlobSender {
    constructor(account) {
        this.account = account;
        this.db = account.db;
    }

    async sendAll() {
        const waiting = await this.db.blobs.where("status").equals("new").sortBy("size");
        let sent = 0; // the count of the day is written some seconds later
        for (const blob of waiting) {
            const { mobile } = await readTraffic(this.db);
            if (whyFilesWait(this.account, { mobile: mobile + sent })) {
                return;
            }
            await this._send(blob);
            sent += blob.size;
        }
    }

    async _send(blob) {
        const bytes = (await this.db.bytes.get(blob.uuid))?.data;
        if (!bytes || (await sha256OfBytes(bytes)) !== blob.sha256) {
            await this._trouble(blob, "altered", "");
            return;
        }
        try {
            if (!(blob.check && (await this._isThere(blob)))) {
                await this._put(blob, bytes);
            }
            await this._done(blob);
        } catch (error) {
            if (!(error instanceof Refused) || !FINAL.includes(error.status)) {
                throw error;
            }
            await this._trouble(blob, error.code, error.message);
        }
    }

    async _put(blob, bytes) {
        const size = bytes.byteLength;
        let offset = size > PIECE ? await this._offset(blob) : 0;
        do {
            const end = Math.min(offset + PIECE, size);
            const whole = !offset && end === size;
            const range = `bytes ${offset}-${end - 1}/${size}`;
            const answer = await this._request(blob, bytes.slice(offset, end), {
                ...(!whole && { "Content-Range": range }),
            });
            if (end === size && answer.sha256 && answer.sha256 !== blob.sha256) {
                throw new NetworkProblem("The server holds something else");
            }
            offset = end;
            await this.db.blobs.update(blob.uuid, { offset });
        } while (offset < size);
    }

    async _request(blob, body, headers) {
        const { token } = this.account;
        const all = {
            "Content-Type": blob.mime,
            "X-Content-SHA256": blob.sha256,
            ...(blob.meta && { "X-Field-Meta": asciiJson(blob.meta) }),
            ...headers,
        };
        const options = { method: "PUT", token, body, headers: all, patience: PATIENCE_MS };
        return (await call(`/blob/${blob.uuid}`, options)).body;
    }

    async _state(blob) {
        const { token } = this.account;
        const { headers } = await call(`/blob/${blob.uuid}`, { method: "HEAD", token });
        return headers;
    }

    /** How much of it is there already. */
    async _offset(blob) {
        const headers = await this._state(blob);
        return Math.min(Number(headers.get("Upload-Offset")) || 0, blob.size - 1);
    }

    async _isThere(blob) {
        return (await this._state(blob)).get("Upload-State") === "complete";
    }

    async _done(blob) {
        await this.db.transaction("rw", ["blobs", "sent", "meta"], async () => {
            const { uuid, label, sha256, size } = blob;
            await this.db.blobs.update(uuid, { status: "sent", sent_at: Date.now(), check: false });
            const sent = { uuid, kind: "blob", label, sha256, size };
            await this.db.sent.put({ ...sent, status: "applied", at: Date.now() });
            const acked = await getMeta(this.db, "acked", {});
            await setMeta(this.db, "acked", { ...acked, blob: uuid });
        });
    }

    _trouble(blob, code, message) {
        return this.db.blobs.update(blob.uuid, { status: "damaged", code, message });
    }
}

/** Headers take no Chinese: JSON can say everything in ASCII. */
function asciiJson(value) {
    return JSON.stringify(value).replace(
        /[\u0080-\uffff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`
    );
}
