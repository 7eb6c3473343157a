/**
 * What a visit asks for: which steps, which of them are due, which proofs, which shelf standard. Each
 * rule has its twin on the server, which is named beside it.
 */

import { _t } from "@field_base/app/core/i18n";
import { suggested } from "@field_visit/form/shelf_logic";

const PROOFS = ["place", "selfie", "code", "word", "signature", "storefront", "face"];
/** Kinds of steps that photos come from; twin of PICTURES in tools/proofs.py. */
const PICTURES = ["photo", "document", "selfie", "storefront"];
const concerns = (ids, id) => !ids?.length || ids.includes(id);

export const isCall = ({ channel }) => Boolean(channel) && channel !== "on_site";

/**
 * How many proofs and photos a visit has of those its policy asks for; twin of `_check_proofs`.
 *
 * @returns {{have: number, need: number, photos: number, photosNeeded: number, isMust: boolean}|null}
 *     null where none are asked for
 */
export function proofsOf(visit, policy) {
    const { proof_mode: mode, proof_count: need = 0, proof_photos: photosNeeded = 0 } = policy;
    if (isCall(visit) || !(need || photosNeeded) || !mode || mode === "none") {
        return null;
    }
    const done = visit.steps.filter(({ state }) => state === "done");
    const given = done.filter(isProof).map(({ kind }) => kind);
    if (["inside", "maybe"].includes(visit.check_in_verdict)) {
        given.push("place");
    }
    const counting = PROOFS.filter((kind) => policy[`proof_by_${kind}`] && given.includes(kind));
    const photos = photosOf(visit);
    return { have: counting.length, need, photos, photosNeeded, isMust: mode === "block" };
}

/** Also that of the check-in, which is a step of its own as soon as the server has answered. */
function photosOf({ steps, check_in_photos: first = 0 }) {
    const isThere = steps.some(({ key }) => key === "check-in-photo");
    const counts = steps.map(({ photo_count: count }) => count || 0);
    return counts.reduce((sum, count) => sum + count, isThere ? 0 : first);
}

export function isLacking({ have, need, photos, photosNeeded }) {
    return have < need || photos < photosNeeded;
}

export function lackingText({ have, need, photos, photosNeeded: wanted }) {
    const lines = [
        have < need && _t("%(have)s of %(need)s proofs are there.", { have, need }),
        photos < wanted &&
            _t("%(have)s of %(need)s photos are there.", { have: photos, need: wanted }),
    ];
    return lines.filter(Boolean).join(" ");
}

/** A face that was not like the portrait proves nothing; twin of `_is_proof`. */
const isProof = ({ kind, face_match: match }) => kind !== "face" || match === "same";

/** Steps for the proofs that count and that the procedure lacks; twin of `_copy_from_procedure`. */
export function proofSteps(visit, steps, policy) {
    const { proof_mode: mode, proof_photos: photos } = policy;
    if (isCall(visit) || !mode || mode === "none") {
        return [];
    }
    const made = policy.proof_count ? countingSteps(steps, policy) : [];
    const hasPictures = [...steps, ...made].some(({ kind }) => PICTURES.includes(kind));
    const photo = { key: "proof-photo", name: _t("Photo"), kind: "photo", min_photos: photos };
    return photos && !hasPictures ? [photo, ...made] : made;
}

function countingSteps(steps, policy) {
    const names = {
        selfie: _t("Selfie"),
        code: _t("Code of the customer"),
        word: _t("Word of the customer"),
        signature: _t("Signature"),
        storefront: _t("Storefront"),
        face: _t("Face match"),
    };
    return Object.keys(names)
        .filter((kind) => policy[`proof_by_${kind}`] && !steps.some((step) => step.kind === kind))
        .map((kind) => ({ key: `proof-${kind}`, name: names[kind], kind, min_photos: 1 }));
}

/** The first shelf standard that fits; twin of `_for_partner`. */
export function standardFor(standards, { field_grade_id: grade, field_channel_id: channel }) {
    return standards
        .sort((a, b) => a.sequence - b.sequence || a.id - b.id)
        .find((one) => concerns(one.grade_ids, grade) && concerns(one.channel_ids, channel));
}

/** Minutes a visit lasts at least; twin of `_prepare_bounds`. */
export function leastMinutes(visit, types, policy) {
    if (visit.leastMinutes !== null && visit.leastMinutes !== undefined) {
        return visit.leastMinutes;
    }
    const type = types.find(({ id }) => id === visit.type_id);
    const grade = visit.customer.field_grade_id;
    const limit = grade && type?.limits?.find(({ grade_id }) => grade_id === grade);
    return (limit || type)?.min_minutes || (isCall(visit) ? 0 : policy.min_visit_minutes) || 0;
}

export function missingSteps(visit) {
    return visit.steps.filter((step) => isDue(visit, step));
}

/** Required and not answered yet; twin of `_is_due`. */
export function isDue(visit, { required, state, if_key, if_state }) {
    if (!required || state !== "todo") {
        return false;
    }
    if (!if_key) {
        return true;
    }
    const other = visit.steps.find(({ key }) => key === if_key);
    if (if_state === "gap") {
        return other?.state === "done" && other.gap_count > 0;
    }
    return other?.state === if_state;
}

/** Kinds whose answers are typed. */
const TYPED = ["check", "collection", "competitor", "form", "note", "order", "price", "stock"];

/** Answered for good; what was typed can be looked at, and corrected while the visit lasts. */
export function isKept(visit, { state, kind }) {
    const mayCorrect = visit.state === "in_progress" && TYPED.includes(kind);
    return state !== "todo" && !mayCorrect;
}

/** What the last shelf count of the visit suggests to order: `["Cola × 12"]`. */
export function suggestionOf(visit) {
    const count = visit.steps.find(({ kind, lines }) => kind === "stock" && lines?.length);
    if (!count || !visit.standard) {
        return [];
    }
    const counted = Object.fromEntries(count.lines.map((line) => [line.product_id, line]));
    const wanted = suggested(visit.standard.lines, counted);
    return visit.standard.lines
        .filter(({ product_id }) => wanted[product_id])
        .map(({ product_id, name }) => `${name} × ${wanted[product_id]}`);
}

/** Which steps are asked at a customer; twin of `_for_visit` and `_prepare_copies`. */
export function asked(steps, customer, doneThisMonth) {
    return steps
        .filter(
            (step) =>
                concerns(step.grade_ids, customer.field_grade_id) &&
                concerns(step.channel_ids, customer.field_channel_id)
        )
        .map((step) => ({
            ...step,
            if_key: step.required_when === "if" ? step.if_key : null,
            required:
                step.required && !(step.required_when === "month" && doneThisMonth.has(step.key)),
            state: "todo",
            photo_count: 0,
        }));
}
