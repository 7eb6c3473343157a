/**
 * Inside the fence, the tap on Check in is the check-in, where the policy allows it and there is
 * nothing to read or to answer first; else the sheet opens.
 */

import { useState } from "@odoo/owl";
import { useApp } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { isGood, judgeFence } from "@field_base/app/core/location";
import { needsConsent } from "@field_base/app/core/rules";
import { isNear } from "@field_visit/fence/fence_logic";
import { nearText } from "./plan/near_visit";
import { checkIn } from "./visit_events";
import { isLacking, lackingText, missingSteps, proofsOf } from "./visit_rules";
import { fenceOf, rulesOf, visitTypes, visitsAt, visitsOfToday } from "./visits";

/** Planned visits have their kind; for the others the person says it. */
export function kindsFor(visit, types) {
    return visit.id || types.length < 2 ? [] : types;
}

/** Another visit that is still on; it would end with this check-in. */
export async function otherOpen(db, uuid) {
    const visits = await visitsOfToday(db);
    return visits.find((one) => one.state === "in_progress" && one.uuid !== uuid);
}

/** What is demanded there before it ends, in words. */
export function owedAt(app, visit) {
    const steps = visit.blockCheckOut ? missingSteps(visit).map(({ name }) => name) : [];
    const proofs = proofsOf(visit, rulesOf(app));
    return proofs?.isMust && isLacking(proofs) ? [...steps, lackingText(proofs)] : steps;
}

/** What becomes of the visit that is still on. */
export function endsText(app, visit) {
    const values = { customer: visit.customer.name, owed: owedAt(app, visit).join(", ") };
    return [
        _t("You are still at %(customer)s. That visit ends with this check-in.", values),
        values.owed && _t("Your leader sees what is open there: %(owed)s", values),
    ]
        .filter(Boolean)
        .join(" ");
}

/** Where one stands, if there is no doubt at all that it is at the customer; else null. */
function hereWithoutDoubt(app, { customer, channel }) {
    const fix = app.location.current();
    const isCall = (channel || "on_site") !== "on_site";
    if (isCall || !isGood(fix) || needsConsent(app.state.me)) {
        return null;
    }
    const { radius, warn } = fenceOf(app, customer);
    const facts = judgeFence(fix, customer, radius, rulesOf(app).fence_accuracy_cap);
    const isSure = facts.verdict === "inside" && !isNear(facts.distance, warn);
    return isSure
        ? { ...facts, position: app.location.position(), fixes: app.location.fixes() }
        : null;
}

/** Whether the sheet would ask for something, or tell something, that is not about the place. */
async function isPlain(app, visit) {
    const { db } = app.account;
    const [types, open, visits] = await Promise.all([
        visitTypes(db),
        otherOpen(db, visit.uuid),
        visitsAt(db, visit.customer.id),
    ]);
    const near = nearText(app, visit.customer, visits, { uuid: visit.uuid });
    return !kindsFor(visit, types).length && !open && !near;
}

/** @returns {Promise<string|null>} uuid of the visit, or null where the sheet has to open */
export async function checkInNow(app, visit) {
    const here = rulesOf(app).fence_one_tap && hereWithoutDoubt(app, visit);
    return here && (await isPlain(app, visit))
        ? checkIn(app, visit, { ...here, goal: visit.goal_id || 0 })
        : null;
}

/**
 * What a screen with a button Check in needs: `start` is for the button, `ask` for a tap that only
 * wants to look, `sheet.visit` what the sheet is open for.
 */
export function useCheckIn() {
    const app = useApp();
    const sheet = useState({ visit: null });
    let isBusy = false; // a second tap must not check in twice
    const ask = (visit) => (sheet.visit = visit);
    const start = async (visit) => {
        if (isBusy) {
            return;
        }
        isBusy = true;
        try {
            const uuid = await checkInNow(app, visit);
            uuid ? app.router.go("visit", uuid) : ask(visit);
        } finally {
            isBusy = false;
        }
    };
    return { sheet, ask, start, close: () => ask(null) };
}
