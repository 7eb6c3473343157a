import { before, describe, expect, globals, test } from "@odoo/hoot";
import {
    bd09ToGcj02,
    gcj02ToBd09,
    gcj02ToWgs84,
    haversine,
    isPosition,
    niceStep,
    toGcj02,
    wgs84ToGcj02,
} from "@field_base/map/geo";

describe.current.tags("headless");

const FORWARD_TOLERANCE_M = 0.05;
const ROUND_TRIP_TOLERANCE_M = 0.001;

let shared;
before(async () => {
    const url = "/field_base/static/tests/geo_vectors.json";
    shared = await (await globals.fetch.call(window, url)).json();
});

test("forward conversions agree with the shared vectors", () => {
    expect(shared.vectors.length).toBeGreaterThan(10);
    for (const { name, wgs84, gcj02, bd09 } of shared.vectors) {
        const gcj = wgs84ToGcj02(...wgs84);
        const bd = gcj02ToBd09(...gcj);
        expect(haversine(...gcj, ...gcj02)).toBeLessThan(FORWARD_TOLERANCE_M, {
            message: `${name} GCJ-02`,
        });
        expect(haversine(...bd, ...bd09)).toBeLessThan(FORWARD_TOLERANCE_M, {
            message: `${name} BD-09`,
        });
    }
});

test("conversions back lose nothing", () => {
    for (const { name, wgs84, shift_m } of shared.vectors) {
        const gcj = wgs84ToGcj02(...wgs84);
        expect(Math.abs(haversine(...gcj, ...wgs84) - shift_m)).toBeLessThan(2, { message: name });
        expect(haversine(...gcj02ToWgs84(...gcj), ...wgs84)).toBeLessThan(ROUND_TRIP_TOLERANCE_M);
        expect(haversine(...bd09ToGcj02(...gcj02ToBd09(...gcj)), ...gcj)).toBeLessThan(
            ROUND_TRIP_TOLERANCE_M
        );
    }
});

test("places outside mainland China stay where they are", () => {
    expect(shared.stay.length).toBeGreaterThan(5);
    for (const { name, wgs84, country } of shared.stay) {
        expect(toGcj02(...wgs84, country)).toEqual(wgs84, { message: name });
        expect(toGcj02(...wgs84)).toEqual(wgs84, { message: `${name}, country unknown` });
    }
    expect(toGcj02(31.230416, 121.473701, "cn")).not.toEqual([31.230416, 121.473701]);
});

test("haversine gives metres", () => {
    expect(haversine(0, 0, 0, 1)).toBeWithin(111190, 111200);
    expect(haversine(31.23, 121.47, 31.23, 121.47)).toBe(0);
    expect(haversine(0, 0, 0, 180)).toBeWithin(20015000, 20015200);
});

test("0/0 and nonsense are no positions", () => {
    expect(isPosition(31.2, 121.5)).toBe(true);
    expect(isPosition(0, 121.5)).toBe(true);
    expect(isPosition(0, 0)).toBe(false);
    expect(isPosition(91, 10)).toBe(false);
    expect(isPosition(10, 181)).toBe(false);
    expect(isPosition(NaN, 10)).toBe(false);
    expect(isPosition(false, false)).toBe(false);
    expect(isPosition("31", "121")).toBe(false);
});

test("scale steps are round numbers", () => {
    expect([1, 3, 7, 42, 199, 5400].map(niceStep)).toEqual([1, 2, 5, 20, 100, 5000]);
});
