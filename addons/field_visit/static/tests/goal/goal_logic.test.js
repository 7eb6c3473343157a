import { before, describe, expect, globals, test } from "@odoo/hoot";
import { goalState, isProductive } from "@field_visit/goal/goal_logic";

describe.current.tags("headless");

let vectors;
before(async () => {
    const answer = await globals.fetch.call(window, "/field_visit/static/tests/goal_vectors.json");
    vectors = await answer.json();
});

test("the phone holds the goal against the result as the server does", () => {
    expect(vectors.length).toBe(10);
    for (const [result, reachedBy, productive, state] of vectors) {
        expect(goalState(result, reachedBy, productive)).toBe(state);
    }
});

test("a done order is something that came of the visit, an open one is not", () => {
    expect(isProductive([{ kind: "order", state: "done" }], undefined)).toBe(true);
    expect(isProductive([{ kind: "order", state: "todo" }], { is_success: false })).toBe(false);
    expect(isProductive([], { is_success: true })).toBe(true);
});
