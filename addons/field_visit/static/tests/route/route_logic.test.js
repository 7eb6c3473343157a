import { describe, expect, test } from "@odoo/hoot";

import {
    moved,
    numbersOf,
    orderOfDay,
    savedBy,
    shiftOf,
    targetOf,
    withOrder,
} from "@field_visit/route/route_logic";

describe.current.tags("headless");

const hourOf = (hours) => (hours ? `${String(hours).padStart(2, "0")}:00` : "");
const visit = (id, values) => ({ id, uuid: `u${id}`, state: "planned", ...values });
const ids = (visits) => orderOfDay(visits, hourOf).map(({ id }) => id);

test("the route decides, what is on comes first, what is left out and done last", () => {
    const visits = [
        visit(1, { route_sequence: 30, plan_time: 9 }),
        visit(2, { route_sequence: 40, route_note: "unfit" }),
        visit(3, { route_sequence: 20, plan_time: 15 }),
        visit(4, { state: "done", route_sequence: 10 }),
        visit(5, { state: "in_progress", route_sequence: 50 }),
    ];
    expect(ids(visits)).toEqual([5, 3, 1, 2, 4]);
});

test("without a route the times decide", () => {
    expect(ids([visit(1), visit(2, { plan_time: 11 }), visit(3, { plan_time: 9 })])).toEqual([
        3, 2, 1,
    ]);
});

test("what is not on the route comes in at its time", () => {
    const visits = [
        visit(1, { route_sequence: 10, hour: "09:00" }),
        visit(2, { route_sequence: 20, hour: "11:00" }),
        visit(3, { channel: "phone", plan_time: 10 }),
        visit(4, { channel: "phone" }),
    ];
    expect(ids(visits)).toEqual([1, 3, 2, 4]);
    // a fixed line knows places, not times
    const line = [visit(1, { route_sequence: 10 }), visit(2, { route_sequence: 20 })];
    expect(ids([...line, visit(3, { plan_time: 9 }), visit(4)])).toEqual([3, 1, 2, 4]);
});

test("the order of this phone wins, what was planned meanwhile comes after", () => {
    const visits = [
        visit(1, { route_sequence: 10, route_at: "x", hour: "09:00", route_late_min: 5 }),
        visit(2, { route_sequence: 20 }),
        visit(3, { route_sequence: 30, route_note: "unfit" }),
        visit(4, { route_sequence: 5 }),
    ];
    const arranged = withOrder(visits, { order: [3, 1, 2], pinned: [3] });
    expect(ids(arranged)).toEqual([3, 1, 2, 4]);
    expect(arranged[2]).toMatchObject({ route_note: null, route_pinned: true });
    expect(arranged[0]).toMatchObject({ route_at: null, hour: "", route_late_min: 0 });
    expect(withOrder(visits, {})).toBe(visits);
});

test("numbers go on after what is done", () => {
    const visits = [
        visit(1, { state: "in_progress" }),
        visit(2),
        visit(3, { route_note: "closed" }),
        visit(4, { state: "done" }),
    ];
    expect([...numbersOf(visits)]).toEqual([
        ["u1", 2],
        ["u2", 3],
    ]);
});

test("only what is less is called saved", () => {
    const route = { before_km: 30, before_min: 80, km: 20.06, travel_min: 60 };
    expect(savedBy(route)).toEqual({ minutes: 20, km: "9.9" });
    expect(savedBy({ ...route, travel_min: 80 })).toBe(null);
    expect(savedBy({ ...route, before_km: 0 })).toBe(null);
});

test("a row goes where its middle is", () => {
    const boxes = [0, 60, 120, 180].map((top) => ({ top, height: 60 }));
    expect(targetOf(boxes, 0, 0)).toBe(0);
    expect(targetOf(boxes, 0, 59)).toBe(0);
    expect(targetOf(boxes, 0, 61)).toBe(1);
    expect(targetOf(boxes, 0, 500)).toBe(3);
    expect(targetOf(boxes, 3, -121)).toBe(1);
    expect([0, 1, 2, 3].map((i) => shiftOf(i, 0, 2, 60))).toEqual([0, -60, -60, 0]);
    expect([0, 1, 2, 3].map((i) => shiftOf(i, 3, 1, 60))).toEqual([0, 60, 60, 0]);
    expect(moved(["a", "b", "c", "d"], 3, 1)).toEqual(["a", "d", "b", "c"]);
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
});
