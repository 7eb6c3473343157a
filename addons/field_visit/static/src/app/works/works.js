/** Work packages of this phone: what is to be done, and what was answered here since. */

import { localDate } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { registry } from "@web/core/registry";
import { FileShelf } from "../files";

const KIND = "work";
const OPEN = ["new", "accepted", "in_progress"];
const keyOf = ({ id }) => `${KIND}:${id}`;

export const isOpen = ({ state }) => OPEN.includes(state);

/** An acceptance counts for the version that was read; a newer one asks again. */
function withAnswer(row, { values } = {}, version) {
    const counts = values && isOpen(row) && (!values.version || values.version === version);
    return counts ? { ...row, ...values.answer } : row;
}

/** What is new in a package since this work was accepted. */
function newsIn(work, { changes }) {
    return (work.accepted_version && changes[work.accepted_version]) || [];
}

/** Waits for an answer: it never had one, or something has changed since. */
function waits(work, pack) {
    return work.state === "new" || (isOpen(work) && newsIn(work, pack).length > 0);
}

function whole(pack, works) {
    const waiting = works.filter((work) => waits(work, pack));
    return {
        ...pack,
        works,
        waiting,
        open: works.filter(isOpen),
        news: waiting.map((work) => newsIn(work, pack)).find((news) => news.length) || [],
        isLate: pack.deadline < localDate(),
    };
}

/** Packages with their works: first what waits for an answer, then by deadline. */
export async function worksOf(db) {
    const [rows, [all], docs] = await Promise.all([
        rowsOf(db, "works"),
        rowsOf(db, "work_packages"),
        db.docs.where("kind").equals(KIND).toArray(),
    ]);
    const answers = new Map(docs.map((doc) => [doc.key, doc]));
    return (all?.packages || [])
        .map((pack) => {
            const mine = rows.filter(({ task_id }) => task_id === pack.id);
            const works = mine.map((row) => withAnswer(row, answers.get(keyOf(row)), pack.version));
            return whole(pack, works);
        })
        .filter(({ works }) => works.length)
        .sort(
            (a, b) =>
                Boolean(b.waiting.length) - Boolean(a.waiting.length) ||
                (a.deadline < b.deadline ? -1 : a.deadline > b.deadline ? 1 : a.id - b.id)
        );
}

/** One package; with the screen where what it is about can be read, if it is on this phone. */
export async function workOf(db, id) {
    const pack = (await worksOf(db)).find((one) => one.id === id);
    return pack ? { ...pack, aboutScreen: await screenOf(db, pack.about) } : null;
}

async function screenOf(db, about) {
    const place = about && registry.category("field_app.documents").get(about.model, null);
    return place && (await place.has(db, about.id)) ? place.screen : "";
}

/** What is to be done at a customer, or in one visit to him. */
export async function worksAt(db, partnerId, visitId) {
    const packs = await worksOf(db);
    return packs.filter(({ works }) =>
        works.some(
            (work) =>
                (visitId && work.visit_id === visitId) ||
                (isOpen(work) && work.partner_id === partnerId)
        )
    );
}

// --- answers -------------------------------------------------------------------------------------

function entryOf(work, pack, kind, payload, { label, version, answer }) {
    return {
        kind,
        payload: { work_id: work.id, ...payload },
        entity: keyOf(work),
        label: [label, pack.name, work.partner_name].filter(Boolean).join(" · "),
        change: (db) =>
            db.docs.put({
                key: keyOf(work),
                kind: KIND,
                entity: keyOf(work),
                values: { version, answer },
                changed: Date.now(),
            }),
    };
}

/** All that waits in a package, as it was read. */
export function acceptWork(app, pack) {
    const { version } = pack;
    const entries = pack.waiting.map((work) => {
        const state = work.state === "new" ? "accepted" : work.state;
        const answer = { state, accepted_version: version };
        const about = { label: _t("Accepted"), version, answer };
        return entryOf(work, pack, "work.accept", { version }, about);
    });
    return app.recordAll(entries, _t("Accepted · saved here"));
}

export function refuseWork(app, pack, works, reason) {
    const about = { label: _t("Refused"), answer: { state: "refused", refuse_reason: reason } };
    const entries = works.map((work) => entryOf(work, pack, "work.refuse", { reason }, about));
    return app.recordAll(entries, _t("Saved on this phone"));
}

export function finishWork(app, pack, works) {
    const about = { label: _t("Done"), answer: { state: "done" } };
    const entries = works.map((work) => entryOf(work, pack, "work.done", {}, about));
    return app.recordAll(entries, _t("Saved on this phone"));
}

// --- material ------------------------------------------------------------------------------------

const shelf = new FileShelf({
    name: "work",
    meta: "work_files",
    mostBytes: 10 * 1024 * 1024,
    path: ({ id, pack }) => `/works/${pack}/files/${id}`,
});

export function filesOf({ id, files }) {
    return files.map((file) => ({ ...file, pack: id }));
}

export function readFile(account, file) {
    return shelf.read(account, file);
}

/** Of what is still to be done. */
async function fetchAhead(account) {
    const packs = await worksOf(account.db);
    await shelf.keep(account, packs.filter(({ open }) => open.length).flatMap(filesOf));
}

registry.category("field_app.senders").add("work_files", fetchAhead);
