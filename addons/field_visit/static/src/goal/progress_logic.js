/**
 * Percent of the weight of a visit's steps that is done; twin of `progress_of` in tools/progress.py.
 *
 * @param {{state: string, weight?: number, required?: boolean}[]} steps
 */
export function progressOf(steps) {
    const weigh = (some) => some.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
    const done = weigh(steps.filter(({ state }) => state === "done"));
    const asked = weigh(steps.filter(({ state, required }) => required || state === "done"));
    return asked ? Math.floor((200 * done + asked) / (2 * asked)) : 0;
}

/** Minutes the required steps that are open usually take. */
export function minutesLeft(steps) {
    const open = steps.filter(({ state, required }) => required && state === "todo");
    return open.reduce((sum, { expected_min: minutes }) => sum + (minutes || 0), 0);
}
