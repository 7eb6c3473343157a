import { before, describe, expect, globals, test } from "@odoo/hoot";
import { minutesLeft, progressOf } from "@field_visit/goal/progress_logic";

describe.current.tags("headless");

let vectors;
before(async () => {
    const url = "/field_visit/static/tests/progress_vectors.json";
    vectors = await (await globals.fetch.call(window, url)).json();
});

test("the phone counts the progress of a visit as the server does", () => {
    expect(vectors.length).toBe(9);
    for (const [rows, percent] of vectors) {
        const steps = rows.map(([state, weight, required]) => ({ state, weight, required }));
        expect(progressOf(steps)).toBe(percent);
    }
});

test("what is left is told of the required steps that are open", () => {
    const steps = [
        { state: "todo", required: true, expected_min: 5 },
        { state: "todo", required: false, expected_min: 7 },
        { state: "done", required: true, expected_min: 11 },
        { state: "todo", required: true },
    ];
    expect(minutesLeft(steps)).toBe(5);
});
