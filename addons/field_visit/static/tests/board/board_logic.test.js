import { describe, expect, test } from "@odoo/hoot";
import { cardsByCell, clock, dayOnMap, key, loadOf } from "@field_visit/board/board_logic";

describe.current.tags("headless");

const card = (id, user_id, date, more = {}) => ({
    id,
    user_id,
    date,
    name: `Shop ${id}`,
    minutes: 30,
    state: "planned",
    lat: 31 + id,
    lng: 121,
    ...more,
});
const DAY = "2026-11-23";
const PEOPLE = [
    { id: 1, name: "Li Na" },
    { id: 2, name: "Chen Wei" },
];

test("cards stand in the cell of their person and day, in their order", () => {
    const cells = cardsByCell([card(5, 1, DAY), card(3, 1, DAY), card(4, 2, DAY)]);
    expect(cells.get(key(1, DAY)).map(({ id }) => id)).toEqual([5, 3]);
    expect(cells.has(key(2, "2026-11-24"))).toBe(false);
});

test("a day is too full when its visits take more than the working hours", () => {
    const cards = [card(1, 1, DAY, { minutes: 300 }), card(2, 1, DAY, { minutes: 200 })];
    expect(loadOf(cards, { kind: "work", hours: 8 })).toEqual({ minutes: 500, isOver: true });
    expect(loadOf(cards, { kind: "work", hours: 9 }).isOver).toBe(false);
    expect(loadOf(cards.slice(1), { kind: "leave", hours: 0 }).isOver).toBe(true);
    expect(loadOf([], { kind: "off", hours: 0 })).toEqual({ minutes: 0, isOver: false });
    const missed = [card(1, 1, DAY, { minutes: 900, state: "missed" })];
    expect(loadOf(missed, { kind: "work", hours: 8 }).minutes).toBe(0);
    expect(clock(95)).toBe("1:35");
});

test("the map numbers each person's way and knows who is due", () => {
    const asked = {
        people: PEOPLE,
        cells: cardsByCell([
            card(1, 1, DAY),
            card(2, 1, DAY, { lat: 0, lng: 0 }),
            card(3, 1, DAY),
            card(4, 2, DAY),
        ]),
        day: DAY,
        due: [
            { id: 7, name: "Due", lat: 30, lng: 120, user_id: 2 },
            { id: 8, name: "Nowhere", lat: 0, lng: 0, user_id: 1 },
        ],
        colors: new Map([
            ["1", "#111111"],
            ["2", "#222222"],
        ]),
        chosen: new Set([7]),
        selected: 3,
        person: 0,
    };
    const { markers, lines } = dayOnMap(asked);
    expect(markers.map(({ id, label, shape }) => [id, label, shape])).toEqual([
        ["v1", "1", "dot"],
        ["v3", "2", "pin"],
        ["v4", "1", "dot"],
        ["c7", undefined, "pin"],
    ]);
    expect(lines.map(({ color, points }) => [color, points.length])).toEqual([["#111111", 2]]);
    expect(dayOnMap({ ...asked, person: 1 }).markers.map(({ id }) => id)).toEqual(["v1", "v3"]);
});
