/**
 * Visits as this phone knows them: what the server said, with what was done here since on top. Each
 * step of a visit writes its event and its local picture in one transaction.
 */

import { fenceDemand, resolveFence } from "@field_visit/fence/fence_logic";
import { localDate, parseServer } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { rowOf, rowsOf } from "@field_base/app/core/pull";
import { recordingsOf } from "@field_base/app/core/recording";
import { beginning } from "@field_base/app/core/workday";
import { inOrder } from "./route/day_route";
import { asked, proofSteps, standardFor } from "./visit_rules";

export const OPEN_STATES = ["planned", "missed", "in_progress"];
const DEFAULTS = {
    fence_mode: "soft",
    fence_radius: 300,
    fence_accuracy_cap: 100,
    min_visit_minutes: 0,
};

export const keyOf = (uuid) => `visit:${uuid}`;

function withSteps(visit, { sops, customers, done }) {
    if (visit.steps?.length) {
        return visit.steps;
    }
    const sop = sops.find(({ id }) => id === visit.sop_id) || (visit.sop_id ? null : sops[0]);
    const customer = customers.get(visit.partner_id) || {};
    const own = (sop?.steps || []).filter(({ kind }) => kind !== "audio" || sops.mayRecord);
    const steps = [...own, ...proofSteps(visit, own, sops.policy)];
    return asked(steps, customer, done.get(visit.partner_id) || new Set());
}

function merge(row, doc, known) {
    const { sops, forms } = known;
    const visit = { ...row, ...doc?.values };
    const steps = withSteps(visit, known).map((step) => ({
        form: forms.get(step.form_id),
        ...step,
        ...doc?.steps?.[step.key],
    }));
    const sop = sops.find(({ id }) => id === visit.sop_id) || sops[0];
    // as the office took it down at the check-in, until it has: as it is now
    const procedure = row.check_in_at && row.id ? row : sop;
    return {
        ...visit,
        steps,
        strictOrder: Boolean(procedure?.strict_order),
        blockCheckOut: Boolean(procedure?.block_check_out || sops.policy.visit_block_check_out),
        leastMinutes: row.check_in_at && row.id ? row.min_minutes || 0 : null,
        checkIn: visit.check_in_at ? parseServer(visit.check_in_at) : null,
        checkOut: visit.check_out_at ? parseServer(visit.check_out_at) : null,
        wordAsked: Boolean(doc?.asked),
        local: Boolean(doc),
    };
}

/** Keys of the steps done at each customer this month, as far as this phone knows. */
function stepsDone(rows, docs) {
    const month = localDate().slice(0, 7);
    const done = new Map();
    for (const row of rows.filter(({ plan_date }) => plan_date?.startsWith(month))) {
        const mine = docs.get(row.uuid)?.steps || {};
        const keys = (row.steps || []).filter(({ state }) => state === "done");
        const names = [
            ...keys.map(({ key }) => key),
            ...Object.keys(mine).filter((key) => mine[key].state === "done"),
        ];
        const known = done.get(row.partner_id) || new Set();
        done.set(row.partner_id, new Set([...known, ...names]));
    }
    return done;
}

async function allVisits(db) {
    const names = ["visits", "sops", "forms", "me"];
    const [rows, sops, forms, [me]] = await Promise.all(names.map((name) => rowsOf(db, name)));
    sops.policy = me?.policy || {};
    sops.mayRecord = Boolean(me?.policy?.audio_allowed); // else nobody is asked for a recording
    const docs = await db.docs.where("kind").equals("visit").toArray();
    const byUuid = new Map(docs.map((doc) => [doc.entity, doc]));
    sops.sort((a, b) => a.sequence - b.sequence || a.id - b.id);
    const here = new Set(rows.map(({ uuid }) => uuid));
    const made = docs.filter(({ entity }) => !here.has(entity)).map((doc) => doc.values);
    const visits = [...rows, ...made].filter(({ partner_id }) => partner_id);
    const shops = await db.rows.bulkGet(visits.map(({ partner_id }) => ["customers", partner_id]));
    const known = {
        sops,
        forms: new Map(forms.map((form) => [form.id, form])),
        customers: new Map(shops.filter(Boolean).map(({ row }) => [row.id, row])),
        done: stepsDone(visits, byUuid),
    };
    return visits.map((row) => merge(row, byUuid.get(row.uuid), known));
}

/** Today's stops in their order: the one that is on, the route, those that are over. */
export async function visitsOfToday(db) {
    const today = localDate();
    const concerned = (await allVisits(db)).filter(
        (visit) =>
            visit.state === "in_progress" ||
            (visit.plan_date === today && visit.state !== "cancelled")
    );
    const visits = await inOrder(db, concerned);
    const ids = visits.map(({ partner_id }) => ["customers", partner_id]);
    const customers = await db.rows.bulkGet(ids);
    return visits.map((visit, i) => ({
        ...visit,
        customer: customers[i]?.row || { id: visit.partner_id, name: visit.partner_name },
    }));
}

export async function visitOf(db, uuid) {
    const visit = (await allVisits(db)).find((one) => one.uuid === uuid);
    if (!visit) {
        return null;
    }
    const [customer, recordings, standards, rivals] = await Promise.all([
        rowOf(db, "customers", visit.partner_id),
        recordingsOf(db, uuid),
        rowsOf(db, "shelf_standards"),
        rowsOf(db, "rivals"),
    ]);
    return {
        ...visit,
        recordings,
        rivals,
        standard: standardFor(standards, customer || {}),
        customer: customer || { id: visit.partner_id, name: visit.partner_name },
    };
}

export async function visitsAt(db, partnerId) {
    const visits = (await allVisits(db)).filter(({ partner_id }) => partner_id === partnerId);
    return visits.sort((a, b) => (a.plan_date < b.plan_date ? 1 : -1));
}

export function rulesOf(app) {
    return { ...DEFAULTS, ...app.state.me?.policy };
}

/** Mode, radius and warn radius at a customer; twin of `field.fence.rule._resolve`. */
export function fenceOf(app, customer) {
    return resolveFence(rulesOf(app), app.state.me?.fences || [], {
        mode: customer.fence_mode,
        radius: customer.fence_radius,
        warn: customer.fence_warn,
        grade: customer.field_grade_id,
        channel: customer.field_channel_id,
    });
}

export function radiusOf(app, customer) {
    return fenceOf(app, customer).radius;
}

/** What is asked for before this check-in; twin of `_get_fence_demand`. */
export function demandOf(app, verdict, customer, hasPosition = true) {
    const { mode } = fenceOf(app, customer);
    const hasPin = Boolean(customer.lat || customer.lng);
    return fenceDemand(mode, verdict, hasPin, hasPosition, rulesOf(app));
}

// --- what a person does --------------------------------------------------------------------------

function keep(uuid, change) {
    return async (db, event) => {
        const key = keyOf(uuid);
        const old = (await db.docs.get(key)) || { values: {}, steps: {} };
        const made = change(old, event);
        const doc = { ...old, ...made, key, kind: "visit", entity: uuid, changed: Date.now() };
        await db.docs.put({ ...doc, unfinished: unfinishedOf(doc) });
    };
}

/** Photos of steps that are not answered yet: only this phone knows of them. */
function unfinishedOf({ values, steps = {} }) {
    const isOver = ["done", "cancelled"].includes(values.state);
    const begun = Object.entries(steps)
        .filter(([, { state, held, draft }]) => !isOver && !state && (held || draft))
        .map(([key, { held, draft }]) => [key, { held, draft }]);
    return begun.length ? { steps: Object.fromEntries(begun) } : null;
}

/** A visit that is planned here, for the events that bring it into the office's plan. */
export function planned(uuid, values) {
    return keep(uuid, () => ({
        values: { uuid, state: "planned", is_unplanned: false, ...values },
    }));
}

/**
 * The start of the day, the end of the visit before and the check-in are one write to the disk.
 *
 * @param {Object} visit planned, or only `{customer}` for one that nobody planned
 * @param {Object} answers `{position, verdict, distance, reason, exception, previous, wrongPin,
 *     first, uuid, blobs, goal}`; `previous` is the uuid of the visit that ends with this check-in, `first`
 *     the events that come before it, `uuid` the name of a visit that has none yet
 * @returns {Promise<string|null>} uuid of the visit
 */
export async function checkIn(app, visit, answers) {
    const uuid = visit.uuid || answers.uuid || uuid7();
    const { position, reason, exception, previous, type, companions, blobs, goal } = answers;
    const payload = {
        visit_uuid: uuid,
        visit_id: visit.id || undefined,
        partner_id: visit.customer.id > 0 ? visit.customer.id : undefined,
        customer_uuid: visit.customer.uuid,
        position,
        reason: reason || undefined,
        exception: exception || undefined,
        close_previous: Boolean(previous) || undefined,
        type_id: type?.id,
        goal_id: goal || (visit.goal_id ? goal : undefined), // 0 takes the planned one away
        companion_ids: companions?.length ? companions : undefined,
        blobs: blobs?.length ? blobs : undefined,
    };
    const entry = {
        kind: "visit.check_in",
        payload,
        entity: uuid,
        label: _t("Check-in · %(customer)s", { customer: visit.customer.name }),
        change: (db, event) =>
            Promise.all([
                keep(uuid, () => ({ values: begun(uuid, visit, answers, event) }))(db),
                previous && keep(previous, ended(event))(db),
            ]),
    };
    const entries = [...(answers.first || []), ...(await beginning(app, position)), entry];
    if (answers.wrongPin) {
        entries.push(wrongPin(visit.customer, position, uuid));
    }
    const saved = await app.recordAll(entries, _t("Checked in · saved here"));
    return saved && uuid;
}

/** The office is asked to move the pin to where one stands. */
function wrongPin(customer, position, uuid) {
    return {
        kind: "customer.pin",
        payload: { partner_id: customer.id, position },
        entity: uuid,
        label: _t("Wrong pin · %(customer)s", { customer: customer.name }),
    };
}

/** A place this exact says where a customer is; twin of MOST_ACCURACY_M in tools/pins.py. */
export function isExact(position) {
    return position?.accuracy > 0 && position.accuracy <= 100;
}

/** The visit as this phone knows it from now on. */
function begun(uuid, visit, { verdict, distance, type, goal }, { captured_at }) {
    const kind = type && { type_id: type.id, channel: type.channel };
    return {
        uuid,
        partner_id: visit.customer.id,
        partner_name: visit.customer.name,
        plan_date: localDate(),
        is_unplanned: true,
        ...without(visit, [
            "customer",
            "steps",
            "checkIn",
            "checkOut",
            "local",
            "prefill",
            "overdue",
            "references",
            "articles",
        ]),
        ...kind,
        ...(type?.sop_id && { sop_id: type.sop_id }),
        ...(goal !== undefined && { goal_id: goal }),
        state: "in_progress",
        check_in_at: captured_at,
        check_in_verdict: verdict,
        check_in_distance_m: distance,
    };
}

/** The server ends it with the check-in; the phone shows it at once. */
function ended({ captured_at }) {
    const values = { state: "done", check_out_at: captured_at };
    return (old) => ({ values: { ...old.values, ...values } });
}

/** Visits that ended with an event that is taken back: they go on, as at the office. */
export async function reopened(db, moments) {
    const docs = await db.docs.where("kind").equals("visit").toArray();
    for (const { values, ...doc } of docs.filter(({ values }) =>
        moments.has(values.check_out_at)
    )) {
        const open = { ...without(values, ["check_out_at"]), state: "in_progress" };
        await db.docs.put({ ...doc, values: open, changed: Date.now() });
    }
}

function without(object, names) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function answerStep(app, visit, step, kind, payload, values, said) {
    return app.record(
        kind,
        { visit_uuid: visit.uuid, step_key: step.key, ...payload },
        {
            entity: visit.uuid,
            label: `${step.name} · ${visit.customer.name}`,
            change: keep(visit.uuid, (old) => ({
                values: old.values,
                steps: { ...old.steps, [step.key]: { ...old.steps?.[step.key], ...values } },
            })),
        },
        said
    );
}

/**
 * @param {Object} answer `{note, blobs, recordings}`, of a form `{answers, score}`, of products
 *     `{lines, shown, store, gaps}`, of a collection `{money}`
 */
export function stepDone(app, visit, step, answer = {}) {
    const { note, value, blobs, answers, score, recordings, lines, shown } = answer;
    const { money, face, match } = answer;
    const payload = {
        note: note || undefined,
        value,
        blobs: blobs?.length ? blobs : undefined,
        recordings: recordings?.length ? recordings.map(saidOf) : undefined,
        answers,
        form_version: answers && step.form.version,
        lines,
        shown,
        money,
        face,
    };
    const values = {
        state: "done",
        note,
        blobs,
        photo_count: blobs?.length || 0,
        recording_count: recordings?.length || 0,
        answers,
        form_score: score,
        lines,
        shelf_score: answer.store,
        gap_count: answer.gaps || 0,
        amount_received: money?.received,
        amount_promised: money?.promised,
        face_match: match,
    };
    const said = _t("Saved on this phone");
    return answerStep(app, visit, step, "visit.step_done", payload, values, said);
}

function saidOf({ uuid, seconds, informed, interrupted }) {
    return { uuid, seconds, informed, interrupted: interrupted || undefined };
}

/** @param {Object} why `{reason, reasonId, blobs}`: own words, the chosen reason, photos */
export function stepCannot(app, visit, step, { reason, reasonId, blobs }) {
    const values = { state: "cannot", reason, blobs, photo_count: blobs?.length || 0 };
    const payload = {
        reason,
        reason_id: reasonId || undefined,
        blobs: blobs?.length ? blobs : undefined,
    };
    const said = _t("Saved on this phone");
    return answerStep(app, visit, step, "visit.step_cannot", payload, values, said);
}

/** Photos taken for a step that is not answered yet: they stay with it until it is. */
export function holdPhoto(app, visit, step, blob, product) {
    return hold(app, visit, step, ({ held = [], shots }) => ({
        held: [...held, blob],
        // what a picture shows, where it was taken of one product
        ...(product && { shots: { ...shots, [product]: blob } }),
    }));
}

/** The same for one question of a form that is not finished yet. */
export function holdAnswer(app, visit, step, key, blobs) {
    return hold(app, visit, step, ({ draft }) => ({ draft: { ...draft, [key]: blobs } }));
}

async function hold(app, visit, step, change) {
    const { db } = app.account;
    await db.transaction("rw", ["docs"], () =>
        keep(visit.uuid, (old) => {
            const mine = old.steps?.[step.key] || {};
            return { steps: { ...old.steps, [step.key]: { ...mine, ...change(mine) } } };
        })(db)
    );
}

export function checkOut(app, visit, { position, note, result }) {
    return app.record(
        "visit.check_out",
        {
            visit_uuid: visit.uuid,
            position,
            note: note || undefined,
            result_id: result || undefined,
        },
        {
            entity: visit.uuid,
            label: _t("Check-out · %(customer)s", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old, made) => ({
                values: {
                    ...old.values,
                    state: "done",
                    check_out_at: made.captured_at,
                    ...(note && { note }),
                    ...(result && { result_id: result }),
                },
            })),
        },
        _t("Checked out · saved here")
    );
}

/** Called off or broken off, with a reason from the list. */
export function cancelVisit(app, visit, reason) {
    return app.record(
        "visit.cancel",
        {
            visit_uuid: visit.uuid,
            visit_id: visit.id || undefined,
            reason_id: reason.id,
            reason: reason.name,
        },
        {
            entity: visit.uuid,
            label: _t("Called off · %(customer)s", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({ values: { ...old.values, state: "cancelled" } })),
        },
        _t("Saved on this phone")
    );
}

/** Another day, with a reason from the list. */
export function moveVisit(app, visit, date, reason) {
    return app.record(
        "visit.move",
        { visit_id: visit.id, date, reason_id: reason.id, reason: reason.name },
        {
            entity: visit.uuid,
            label: _t("Moved to %(date)s · %(customer)s", { date, customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({
                values: { ...old.values, state: "planned", plan_date: date, plan_time: 0 },
            })),
        },
        _t("Saved on this phone")
    );
}

/** The customer is sent a code and a link, as soon as there is a network. */
export function askWord(app, visit) {
    return app.record(
        "visit.ask_word",
        { visit_uuid: visit.uuid },
        {
            entity: visit.uuid,
            label: _t("Ask %(customer)s to confirm", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({ ...old, asked: true })),
        },
        _t("The customer is sent a code")
    );
}

export function explainVisit(app, visit, text) {
    return app.record(
        "visit.explain",
        { visit_uuid: visit.uuid, text },
        {
            entity: visit.uuid,
            label: _t("Explanation · %(customer)s", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({ values: { ...old.values, explanation: text } })),
        },
        _t("Saved on this phone")
    );
}

/** What people choose from: `usage` is cancel, missed, cannot, result, goal or contact. */
export async function reasonsFor(db, usage) {
    const rows = await rowsOf(db, "visit_reasons");
    return rows
        .filter((row) => row.usage === usage)
        .sort((a, b) => a.sequence - b.sequence || a.id - b.id);
}

export async function visitTypes(db) {
    const rows = await rowsOf(db, "visit_types");
    return rows.sort((a, b) => a.sequence - b.sequence || a.id - b.id);
}
