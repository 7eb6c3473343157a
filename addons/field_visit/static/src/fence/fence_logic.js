/**
 * Which fence holds for a customer, and what a check-in there needs. Twin of `tools/fence.py`; both
 * are tested by `static/tests/fence_vectors.json`.
 */

const concerns = (ids, id) => !ids?.length || ids.includes(id);

/**
 * Mode, radius and warn radius: what the customer's card says, else the first rule for customers of
 * his kind, else the policy. Each of the three is looked for by itself.
 *
 * @param {Object} policy `fence_mode`, `fence_radius`, `fence_warn`
 * @param {Object[]} rules `{grades, channels, mode, radius, warn}` in their order
 * @param {Object} customer `{mode, radius, warn, grade, channel}`
 * @returns {{mode: string, radius: number, warn: number}} warn 0 says nothing
 */
export function resolveFence(policy, rules, customer) {
    const rule =
        rules.find(
            ({ grades, channels }) =>
                concerns(grades, customer.grade) && concerns(channels, customer.channel)
        ) || {};
    const of = (key) => customer[key] || rule[key] || policy[`fence_${key}`] || 0;
    const radius = of("radius");
    const warn = of("warn");
    return { mode: of("mode"), radius, warn: warn < radius ? warn : 0 };
}

/**
 * What has to be said before a check-in: `reason`, `exception` or nothing.
 *
 * @param {string|null} verdict null for a call, which has no place
 * @param {Object} policy `proof_position`, `proof_mode`
 */
export function fenceDemand(mode, verdict, hasPin, hasPosition, policy) {
    if (!verdict) {
        return "";
    }
    if (!hasPosition && policy.proof_position) {
        const demand = { mark: "reason", block: "exception" }[policy.proof_mode];
        if (demand) {
            return demand;
        }
    }
    if (mode === "none" || ["inside", "maybe"].includes(verdict)) {
        return "";
    }
    if (mode === "hard" && (verdict === "outside" || hasPin)) {
        return "exception";
    }
    return verdict === "outside" ? "reason" : "";
}

/** Whether a check-in needs a photo of where one stands; `rule` is the policy's. */
export function fencePhoto(rule, verdict, demand) {
    if (rule === "outside") {
        return Boolean(demand) && (demand === "exception" || verdict === "outside");
    }
    return rule === "exception" && demand === "exception";
}

/** Inside the fence, but further away than usual: a hint that the pin may be wrong. */
export function isNear(distance, warn) {
    return Boolean(warn) && distance !== null && distance > warn;
}
