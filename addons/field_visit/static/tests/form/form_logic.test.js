import { before, describe, expect, globals, test } from "@odoo/hoot";
import {
    addLine,
    choose,
    files,
    fitting,
    kept,
    problems,
    score,
    setInLines,
    setInMatrix,
    typed,
    visible,
} from "@field_visit/form/form_logic";

describe.current.tags("headless");

let vectors;
before(async () => {
    const answer = await globals.fetch.call(window, "/field_visit/static/tests/form_vectors.json");
    vectors = await answer.json();
});

test("the phone asks and counts like the server", () => {
    const { questions, cases } = vectors;
    expect(cases.length).toBeGreaterThan(7);
    for (const one of cases) {
        const { answers } = one;
        expect(visible(questions, answers).map(({ key }) => key)).toEqual(one.visible);
        expect(problems(questions, answers)).toEqual(one.problems);
        expect(kept(questions, answers)).toEqual(one.kept);
        if (one.score) {
            expect(score(questions, answers)).toEqual(one.score);
        }
    }
});

test("it looks at codes, photos and tables like the server", () => {
    const parts = vectors.more;
    expect(parts.length).toBeGreaterThan(0);
    for (const { questions, cases } of parts) {
        for (const { answers, ...one } of cases) {
            expect(problems(questions, answers)).toEqual(one.problems);
            if (one.score) {
                expect(files(questions, answers)).toEqual(one.files);
                expect(score(questions, answers)).toEqual(one.score);
            }
        }
    }
});

test("it takes over what still fits, like the server", () => {
    const { questions, cases } = vectors.changed;
    expect(cases.length).toBeGreaterThan(2);
    for (const { answers, fitting: wanted } of cases) {
        expect(fitting(questions, answers)).toEqual(wanted);
    }
});

test("a tap chooses one, or any", () => {
    expect(choose({ kind: "choice" }, "a", "b")).toBe("b");
    expect(choose({ kind: "choice" }, "a", "a")).toBe(null);
    expect(choose({ kind: "multi" }, undefined, "a")).toEqual(["a"]);
    expect(choose({ kind: "multi" }, ["a", "b"], "a")).toEqual(["b"]);
});

test("what is typed becomes an answer", () => {
    expect(typed({ kind: "number" }, "3,5")).toBe(3.5);
    expect(typed({ kind: "number" }, "12,000")).toBe(12000);
    expect(typed({ kind: "price" }, " ")).toBe(null);
    expect(typed({ kind: "number" }, "many")).toBe(null);
    expect(typed({ kind: "text" }, "many")).toBe("many");
});

test("a table keeps what is filled in, and nothing else", () => {
    const one = addLine(null, { id: 3, name: "Cola" });
    expect(one).toEqual([{ product_id: 3, cells: {} }]);
    const two = addLine(setInLines(one, 0, "qty", 2), { id: 3, name: "Cola" });
    expect(setInLines(two, 1, "qty", 0)).toEqual([
        { product_id: 3, cells: { qty: 2 } },
        { product_id: 3, cells: { qty: 0 } },
    ]);
    expect(setInLines(two, 0, "qty", null)[0].cells).toEqual({});
    const cells = {};
    expect(setInMatrix(cells, null, "a", "x", 5)).toEqual({ a: { x: 5 } });
    expect(setInMatrix(cells, { a: { x: 5 } }, "a", "x", null)).toEqual({});
});

test("a row of one tick changes its column", () => {
    const one = { single: true };
    expect(setInMatrix(one, { a: { x: true } }, "a", "y")).toEqual({ a: { y: true } });
    expect(setInMatrix(one, { a: { x: true }, b: { x: true } }, "a", "x")).toEqual({
        b: { x: true },
    });
});
