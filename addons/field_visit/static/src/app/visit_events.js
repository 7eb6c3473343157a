/**
 * What a person does at a visit. Each act writes its event and its local picture in one transaction;
 * what this phone knows of visits is in visits.js.
 */

import { localDate } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { beginning } from "@field_base/app/core/workday";

export const keyOf = (uuid) => `visit:${uuid}`;

export function keep(uuid, change) {
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
        fixes: answers.fixes,
        reason: reason || undefined,
        exception: exception || undefined,
        close_previous: Boolean(previous) || undefined,
        type_id: type?.id,
        goal_id: goal || (visit.goal_id ? goal : undefined), // 0 takes the planned one away
        companion_ids: companions?.length ? companions : undefined,
        blobs: blobs?.length ? blobs : undefined,
        plan: visit.uuid ? planOf(visit) : undefined,
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

/** What the steps done here follow from, should the office have taken the visit out of the plan. */
function planOf({ type_id, sop_id, channel }) {
    return {
        type_id: type_id || undefined,
        sop_id: sop_id || undefined,
        channel: channel || undefined,
    };
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
function begun(uuid, visit, { verdict, distance, type, goal, blobs }, { captured_at }) {
    const kind = type && { type_id: type.id, channel: type.channel };
    return {
        uuid,
        partner_id: visit.customer.id,
        partner_name: visit.customer.name,
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
        plan_date: localDate(), // it counts for today, whatever day it was planned for
        state: "in_progress",
        check_in_at: captured_at,
        check_in_verdict: verdict,
        check_in_distance_m: distance,
        check_in_photos: blobs?.length || 0,
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

/** One who answers again takes the first answer back, in the same write to the disk. */
function answerStep(app, visit, step, kind, payload, values, said) {
    const about = { entity: visit.uuid, label: `${step.name} · ${visit.customer.name}` };
    const which = { visit_uuid: visit.uuid, step_key: step.key };
    const answer = {
        kind,
        payload: { ...which, ...payload },
        ...about,
        change: keep(visit.uuid, (old) => ({
            values: old.values,
            steps: { ...old.steps, [step.key]: { ...old.steps?.[step.key], ...values } },
        })),
    };
    const back = { kind: "visit.step_reopen", payload: which, ...about };
    return app.recordAll(step.state === "todo" ? [answer] : [back, answer], said);
}

/**
 * @param {Object} answer `{note, blobs, recordings}`, of a form `{answers, score}`, of products
 *     `{lines, shown, store, gaps}`, of a collection `{money}`
 */
export function stepDone(app, visit, step, answer = {}) {
    const { note, value, blobs, answers, score, recordings, lines, shown } = answer;
    const { money, face, match } = answer;
    const payload = {
        // who corrects may also empty it
        note: step.state === "todo" ? note || undefined : note,
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
        reason: null,
        photo_count: blobs?.length || step.photo_count || 0,
        recording_count: recordings?.length || 0,
        answers,
        form_score: score,
        lines,
        shelf_score: answer.store,
        shelf_share: answer.share ?? 0,
        gap_count: answer.gaps || 0,
        amount_received: money?.received,
        amount_promised: money?.promised,
        promised_on: money?.on || null,
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
    const nothing = { answers: null, lines: null, shelf_share: 0 };
    const money = { amount_received: 0, amount_promised: 0, promised_on: null };
    const photo_count = blobs?.length || step.photo_count || 0;
    const values = { state: "cannot", reason, blobs, photo_count, ...nothing, ...money };
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

/** On the way there, and so to nobody else; a check-in ends it. */
export function leaveFor(app, visit, others = []) {
    const ended = (old) => ({ values: { ...old.values, on_way_at: null } });
    return app.record(
        "visit.leave",
        { visit_uuid: visit.uuid, visit_id: visit.id || undefined },
        {
            entity: visit.uuid,
            label: _t("On the way · %(customer)s", { customer: visit.customer.name }),
            change: (db, event) =>
                Promise.all([
                    keep(visit.uuid, (old) => ({
                        values: { ...old.values, on_way_at: event.captured_at },
                    }))(db),
                    ...others.map(({ uuid }) => keep(uuid, ended)(db)),
                ]),
        },
        _t("On the way · your leader sees it")
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
                values: {
                    ...old.values,
                    state: "planned",
                    plan_date: date,
                    plan_time: 0,
                    on_way_at: null,
                },
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

/** Whom one has met, all of them; what was said before is replaced. */
export function meetContacts(app, visit, ids) {
    return app.record(
        "visit.contacts",
        { visit_uuid: visit.uuid, contact_ids: ids },
        {
            entity: visit.uuid,
            label: _t("Contacts met · %(customer)s", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({ values: { ...old.values, contact_ids: ids } })),
        },
        _t("Saved on this phone")
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
