/**
 * Visits as this phone knows them: what the server said, with what was done here since on top. What a
 * person does at a visit is in visit_events.js.
 */

import { fenceDemand, resolveFence } from "@field_visit/fence/fence_logic";
import { localDate, parseServer } from "@field_base/app/core/clock";
import { rowOf, rowsOf } from "@field_base/app/core/pull";
import { recordingsOf } from "@field_base/app/core/recording";
import { inOrder } from "./route/day_route";
import { asked, proofSteps, standardFor } from "./visit_rules";

export const OPEN_STATES = ["planned", "missed", "in_progress"];
const DEFAULTS = {
    fence_mode: "soft",
    fence_radius: 300,
    fence_accuracy_cap: 100,
    min_visit_minutes: 0,
};

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

/** What there is to know of the customer; the visit's own row would say what was when it came. */
function briefOf({ briefs, pulledAt }, { partner_id: id }) {
    const { overdue, prefill = {}, references = {} } = briefs.get(id) || {};
    return { overdue: overdue ? { ...overdue, as_of: pulledAt } : null, prefill, references };
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
        ...briefOf(known, visit),
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

/** Keys of the steps done at each customer this month: as the office says, and on this phone. */
function stepsDone(rows, docs, briefs) {
    const month = localDate().slice(0, 7);
    const done = new Map();
    for (const { id, done: days = {} } of briefs.values()) {
        const keys = Object.keys(days).filter((key) => days[key].startsWith(month));
        done.set(id, new Set(keys));
    }
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

export async function allVisits(db) {
    const names = ["visits", "sops", "forms", "briefs", "me"];
    const found = await Promise.all([
        ...names.map((name) => rowsOf(db, name)),
        db.meta.get("pulled_at"), // beside the others: read later, a live query lost what follows
    ]);
    const [rows, sops, forms, briefRows, [me], pulled] = found;
    sops.policy = me?.policy || {};
    sops.mayRecord = Boolean(me?.policy?.audio_allowed); // else nobody is asked for a recording
    const docs = await db.docs.where("kind").equals("visit").toArray();
    const byUuid = new Map(docs.map((doc) => [doc.entity, doc]));
    sops.sort((a, b) => a.sequence - b.sequence || a.id - b.id);
    const here = new Set(rows.map(({ uuid }) => uuid));
    const made = docs.filter(({ entity }) => !here.has(entity)).map((doc) => doc.values);
    const visits = [...rows, ...made].filter(({ partner_id }) => partner_id);
    const shops = await db.rows.bulkGet(visits.map(({ partner_id }) => ["customers", partner_id]));
    const briefs = new Map(briefRows.map((brief) => [brief.id, brief]));
    const known = {
        sops,
        briefs,
        pulledAt: pulled?.value || 0,
        forms: new Map(forms.map((form) => [form.id, form])),
        customers: new Map(shops.filter(Boolean).map(({ row }) => [row.id, row])),
        done: stepsDone(visits, byUuid, briefs),
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
