import { describe, expect, test } from "@odoo/hoot";

import { distanceOf, judgeFaces } from "@field_visit/face/face_logic";

describe.current.tags("headless");

const PICTURE = { width: 640, height: 480, light: 120 };
const face = (width) => ({ width });

test("the distance is the straight line between the numbers", () => {
    const one = Array.from({ length: 128 }, (_, i) => Math.sin(i) / 12);
    const other = one.map((value, i) => value + (i < 4 ? 0.25 : 0));
    expect(distanceOf(one, one)).toBe(0);
    expect(distanceOf(one, other).toFixed(6)).toBe("0.500000");
    expect(distanceOf(other, one)).toBe(distanceOf(one, other));
});

test("what cannot be compared is never alike", () => {
    expect(distanceOf([0.1, 0.2], [0.1])).toBe(Infinity);
    expect(distanceOf(undefined, [0.1])).toBe(Infinity);
    expect(distanceOf([], [])).toBe(Infinity);
});

test("one face that is near and in the light", () => {
    expect(judgeFaces([face(200)], PICTURE)).toBe("");
    expect(judgeFaces([], PICTURE)).toBe("none");
    expect(judgeFaces([face(200), face(90)], PICTURE)).toBe("several");
    expect(judgeFaces([face(95)], PICTURE)).toBe("small");
    expect(judgeFaces([face(96)], PICTURE)).toBe("");
    expect(judgeFaces([face(200)], { ...PICTURE, light: 39 })).toBe("dark");
    expect(judgeFaces([], { ...PICTURE, light: 0 })).toBe("dark");
});
