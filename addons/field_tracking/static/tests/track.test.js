import { describe, expect, test } from "@odoo/hoot";
import { makeMockEnv } from "@web/../tests/web_test_helpers";
import { dayClock, formatAge, formatDistance, formatDuration } from "@field_tracking/common/format";
import { courseBetween, lastNotAfter, Track } from "@field_tracking/playback/track";

describe.current.tags("headless");

const track = new Track([
    { t: [0, 10, 20], lat: [31, 31, 31.2], lng: [121, 121.1, 121.1], kmh: [10, 20, 30] },
    { t: [100, 110], lat: [32, 32], lng: [122, 122.1], kmh: [-1, -1] },
]);

test("positions between two fixes are interpolated", () => {
    const here = track.at(5);
    expect(here.lat).toBe(31);
    expect(Math.round(here.lng * 1e6)).toBe(121050000);
    expect(Math.round(here.course)).toBe(90);
    expect(here.kmh).toBe(10);
    expect(here.known).toBe(true);
});

test("in a gap the last known place is given and nothing is invented", () => {
    const here = track.at(60);
    expect([here.lat, here.lng, here.known]).toEqual([31.2, 121.1, false]);
    expect(track.at(20).known).toBe(true);
    expect(track.at(100).known).toBe(true);
});

test("before the first and after the last fix", () => {
    expect(track.at(-5).lat).toBe(31);
    expect(track.at(999).lng).toBe(122.1);
    expect([track.start, track.end]).toEqual([0, 110]);
});

test("a day without positions", () => {
    const empty = new Track([]);
    expect([empty.isEmpty, empty.start, empty.end]).toEqual([true, 0, 0]);
});

test("lines have one piece per unbroken track", () => {
    const lines = track.lines({ color: "#3f7fd0" });
    expect(lines.length).toBe(2);
    expect(lines[1]).toEqual({
        color: "#3f7fd0",
        points: [
            [32, 122],
            [32, 122.1],
        ],
    });
});

test("search and course", () => {
    expect([-1, 0, 5, 10, 99].map((value) => lastNotAfter([0, 10], value))).toEqual([
        -1, 0, 0, 1, 1,
    ]);
    expect(Math.round(courseBetween(0, 0, 1, 0))).toBe(0);
    expect(Math.round(courseBetween(0, 0, 0, -1))).toBe(270);
});

const words = (format, values) => values.map((value) => String(format(value)));

test("words for durations, distances and ages", async () => {
    await makeMockEnv();
    expect(words(formatDuration, [30, 90, 3600, 5100])).toEqual([
        "30 s",
        "2 min",
        "1 h",
        "1 h 25 min",
    ]);
    expect(words(formatDistance, [850, 12440, 123456])).toEqual(["850 m", "12.4 km", "123 km"]);
    expect(words(formatAge, [5, 300, 200000])).toEqual(["just now", "5 min ago", "2 days ago"]);
});

test("the clock follows the zone, also on days with a clock change", () => {
    expect(dayClock("2026-11-21", "Asia/Shanghai")(9 * 3600)).toBe("09:00");
    expect(dayClock("2026-03-29", "Europe/Berlin")(9 * 3600)).toBe("10:00");
});
