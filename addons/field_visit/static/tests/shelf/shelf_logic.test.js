import { before, describe, expect, globals, test } from "@odoo/hoot";
import { gaps, score, share, shares, suggested } from "@field_visit/form/shelf_logic";

describe.current.tags("headless");

let vectors;
before(async () => {
    const answer = await globals.fetch.call(window, "/field_visit/static/tests/shelf_vectors.json");
    vectors = await answer.json();
});

test("the phone scores a shelf like the server", () => {
    const { lines, weights, cases } = vectors;
    expect(cases.length).toBe(5);
    for (const one of cases) {
        expect(score(lines, weights, one.counted)).toBe(one.score);
        expect(gaps(lines, one.counted, one.limit)).toEqual(one.gaps);
        expect(suggested(lines, one.counted)).toEqual(one.suggested);
    }
});

test("the phone counts our share of a shelf like the server", () => {
    expect(vectors.shares.length).toBe(5);
    for (const one of vectors.shares) {
        const found = shares(one.own, one.others);
        expect(found).toEqual(one.groups);
        expect(share(Object.values(found))).toBe(one.share);
    }
});
