/** What was done in a visit that counts as something that came of it; twin of PRODUCTIVE_KINDS. */
const PRODUCTIVE_KINDS = ["order", "collection", "signature"];

/**
 * Whether a visit reached what it was for; twin of `goal_state` in tools/goals.py.
 *
 * @param {number|false} result id of the result
 * @param {number[]} reachedBy ids of the results that reach the goal; none: whatever came of it does
 * @param {boolean} productive whether something came of the visit
 * @returns {"reached"|"missed"|"unsaid"}
 */
export function goalState(result, reachedBy, productive) {
    if (!reachedBy.length && productive) {
        return "reached";
    }
    if (!result) {
        return "unsaid";
    }
    return reachedBy.includes(result) ? "reached" : "missed";
}

/** As far as the phone knows; the office also sees orders. */
export function isProductive(steps, result) {
    const isDone = ({ kind, state }) => state === "done" && PRODUCTIVE_KINDS.includes(kind);
    return Boolean(result?.is_success) || steps.some(isDone);
}
