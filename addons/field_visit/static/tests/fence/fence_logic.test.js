import { before, describe, expect, globals, test } from "@odoo/hoot";
import { fenceDemand, fencePhoto, isNear, resolveFence } from "@field_visit/fence/fence_logic";

describe.current.tags("headless");

let vectors;
before(async () => {
    const answer = await globals.fetch.call(window, "/field_visit/static/tests/fence_vectors.json");
    vectors = await answer.json();
});

test("the phone finds the same fence as the server", () => {
    expect(vectors.resolve.length).toBeGreaterThan(10);
    for (const [name, policy, rules, customer, fence] of vectors.resolve) {
        expect(resolveFence(policy, rules, customer)).toEqual(fence, { message: name });
    }
});

test("the phone asks for what the server asks for", () => {
    for (const [mode, verdict, hasPin, hasPosition, policy, demand] of vectors.demand) {
        expect(fenceDemand(mode, verdict, hasPin, hasPosition, policy)).toBe(demand);
    }
    for (const [rule, verdict, demand, wanted] of vectors.photo) {
        expect(fencePhoto(rule, verdict, demand)).toBe(wanted);
    }
    for (const [distance, warn, near] of vectors.near) {
        expect(isNear(distance, warn)).toBe(near);
    }
});
