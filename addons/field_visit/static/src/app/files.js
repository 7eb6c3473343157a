/**
 * Papers and pictures that are fetched ahead of time and kept on this phone within a limit: of
 * articles, of work packages.
 */

import { call } from "@field_base/app/core/api";
import { getMeta, setMeta } from "@field_base/app/core/database";
import { readTraffic, whyFilesWait } from "@field_base/app/core/traffic";

/** So many at a time: the events of the day are more urgent. */
const AT_ONCE = 3;

/** Which files come next and which go, when these are wanted and those of `shelf` are here. */
export function planFiles(files, shelf, mostBytes) {
    let room = mostBytes;
    const kept = new Map();
    for (const file of files.filter((one) => one.offline)) {
        if (file.size <= room) {
            room -= file.size;
            kept.set(file.id, file.sum);
        }
    }
    const here = Object.keys(shelf).map(Number);
    return {
        fetch: [...kept.keys()].filter((id) => shelf[id] !== kept.get(id)).slice(0, AT_ONCE),
        drop: here.filter((id) => !kept.has(id)),
    };
}

/** One kind of files on this phone; which of them, and which version of each, is noted in `meta`. */
export class FileShelf {
    /**
     * @param {string} name the files are kept under `name-id`
     * @param {string} meta where `{id: sum}` of those that are here is noted
     * @param {number} mostBytes all together; what comes first stays
     * @param {(file) => string} path where the office has a file
     */
    constructor({ name, meta, mostBytes, path }) {
        Object.assign(this, { name, meta, mostBytes, path });
    }

    key(id) {
        return `${this.name}-${id}`;
    }

    /** @returns {Promise<Blob>} from this phone, else from the office */
    async read(account, file) {
        const { db } = account;
        const shelf = await getMeta(db, this.meta, {});
        const found = shelf[file.id] === file.sum && (await db.bytes.get(this.key(file.id)));
        return found ? new Blob([found.data], { type: file.type }) : this.fetch(account, file);
    }

    /** @returns {Promise<Blob>} from the office; kept when it is to lie here */
    async fetch({ db, token }, file) {
        const { body } = await call(this.path(file), { token });
        const data = Uint8Array.from(atob(body.data), (letter) => letter.charCodeAt(0)).buffer;
        if (file.offline) {
            await db.transaction("rw", ["bytes", "meta"], async () => {
                await db.bytes.put({ uuid: this.key(file.id), data });
                const shelf = await getMeta(db, this.meta, {});
                await setMeta(db, this.meta, { ...shelf, [file.id]: body.sum });
            });
        }
        return new Blob([data], { type: file.type });
    }

    async drop(db, ids) {
        await db.transaction("rw", ["bytes", "meta"], async () => {
            const shelf = await getMeta(db, this.meta, {});
            const left = Object.entries(shelf).filter(([id]) => !ids.includes(Number(id)));
            await setMeta(db, this.meta, Object.fromEntries(left));
            await db.bytes.bulkDelete(ids.map((id) => this.key(id)));
        });
    }

    /** Fetch what is still missing of these files, and forget what is not wanted any more. */
    async keep(account, files) {
        const { db } = account;
        const plan = planFiles(files, await getMeta(db, this.meta, {}), this.mostBytes);
        if (plan.drop.length) {
            await this.drop(db, plan.drop);
        }
        if (!plan.fetch.length || whyFilesWait(account, await readTraffic(db))) {
            return;
        }
        try {
            for (const id of plan.fetch) {
                await this.fetch(
                    account,
                    files.find((file) => file.id === id)
                );
            }
        } catch {
            // a paper is a convenience: it comes with the next round, and holds up nothing that counts
        }
    }
}
