import { before, describe, expect, globals, test } from "@odoo/hoot";
import {
    bd09ToGcj02,
    gcj02ToBd09,
    gcj02ToWgs84,
    haversine,
    isPosition,
    niceStep,
    wgs84ToGcj02,
} from "@field_base/map/geo";
import { CHINA } from "@field_base/map/china";
import { fromDatum, inMainlandChina, inRing, isShifted, toDatum } from "@field_base/map/datum";
import { compactNumber, initials } from "@field_base/map/names";
import { isClosedBrowser, navLinks, platformOf } from "@field_base/map/navigation";

describe.current.tags("headless");

const FORWARD_TOLERANCE_M = 0.05;
const ROUND_TRIP_TOLERANCE_M = 0.001;

const SHANGHAI = [31.230416, 121.473701];
const fetchJson = async (path) => (await globals.fetch.call(window, path)).json();

let shared, navigation, border;
before(async () => {
    shared = await fetchJson("/field_base/static/tests/geo_vectors.json");
    navigation = await fetchJson("/field_base/static/tests/navigation_vectors.json");
    border = await fetchJson("/field_base/static/lib/natural_earth/china.json");
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
        expect(toDatum(...wgs84, "gcj02", country)).toEqual(wgs84, { message: name });
        expect(toDatum(...wgs84, "gcj02")).toEqual(wgs84, { message: `${name}, country unknown` });
        expect(fromDatum(...wgs84, "gcj02")).toEqual(wgs84, { message: `${name}, back` });
    }
    expect(toDatum(...SHANGHAI, "gcj02", "cn")).not.toEqual(SHANGHAI);
    expect(toDatum(...SHANGHAI, "wgs84", "CN")).toEqual(SHANGHAI);
});

test("without a country the border decides, to the width of a river", () => {
    expect(CHINA).toEqual(border, { message: "the module and the file hold the same" });
    expect(shared.border.length).toBeGreaterThan(20);
    for (const { name, wgs84, inside, special } of shared.border) {
        expect(inMainlandChina(...wgs84)).toBe(inside, { message: name });
        expect(isShifted(...wgs84)).toBe(inside, { message: name });
        if (special) {
            expect(inMainlandChina(...wgs84, "mainland_hk_mo")).toBe(true, { message: name });
        }
    }
    // the country that is known is believed, whatever the border says
    expect(isShifted(22.532, 114.113, "HK")).toBe(false);
    expect(isShifted(22.501, 114.128, "CN")).toBe(true);
    expect(isShifted(22.501, 114.128, "HK", "mainland_hk_mo")).toBe(true);
    expect(isShifted(0, 0)).toBe(false);
});

test("to a map's system and back gives the same place, with and without a country", () => {
    for (const { name, wgs84, gcj02, bd09 } of shared.vectors) {
        for (const [datum, there] of [
            ["gcj02", gcj02],
            ["bd09", bd09],
        ]) {
            for (const country of ["CN", undefined]) {
                const shown = toDatum(...wgs84, datum, country);
                const message = `${name} ${datum} ${country}`;
                expect(haversine(...shown, ...there)).toBeLessThan(FORWARD_TOLERANCE_M, {
                    message,
                });
                expect(haversine(...fromDatum(...shown, datum, country), ...wgs84)).toBeLessThan(
                    ROUND_TRIP_TOLERANCE_M,
                    { message }
                );
            }
        }
    }
});

test("a point is in a ring or not", () => {
    const square = [
        [0, 0],
        [0, 10],
        [10, 10],
        [10, 0],
    ];
    expect(inRing(5, 5, square)).toBe(true);
    expect(inRing(5, 11, square)).toBe(false);
    expect(inRing(-1, 5, square)).toBe(false);
});

test("navigation links are those of the shared vectors", () => {
    expect(navigation.cases.length).toBeGreaterThan(5);
    for (const { name, lat, lng, country, platform, links } of navigation.cases) {
        expect(navLinks({ lat, lng, country }, name, platform)).toEqual(links, { message: name });
    }
});

test("the favourite app comes first, but only where it makes sense", () => {
    const apps = (point, favourite) =>
        navLinks(point, "x", "ios", { favourite }).map(({ app }) => app);
    const [lat, lng] = SHANGHAI;
    expect(apps({ lat, lng }, "baidu")).toEqual(["baidu", "amap", "tencent", "apple"]);
    expect(apps({ lat, lng }, "waze")).toEqual(["amap", "baidu", "tencent", "apple"]);
    expect(apps({ lat: 48.85, lng: 2.35 }, "apple")).toEqual(["apple", "google", "waze"]);
    const [apple] = navLinks({ lat, lng }, "x", "ios", {
        favourite: "apple",
        appleCnDatum: "gcj02",
    });
    expect(apple.url).toInclude("31.228474,121.478224");
});

test("platforms and browsers that cannot open apps are known", () => {
    const android = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0";
    expect(platformOf(android)).toBe("android");
    expect(platformOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")).toBe("ios");
    expect(platformOf("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1")).toBe("android");
    expect(platformOf("Mozilla/5.0 (X11; Linux x86_64)")).toBe("desktop");
    expect(isClosedBrowser(`${android} MicroMessenger/8.0`)).toBe(true);
    expect(isClosedBrowser(`${android} MQQBrowser/14.0 QQ/9.0`)).toBe(true);
    expect(isClosedBrowser(android)).toBe(false);
});

test("names are shortened as people would", () => {
    const short = {
        陈伟: "陈伟",
        李小明: "小明",
        欧阳小明: "小明",
        "陈伟 Chen Wei": "陈伟",
        "Wang Lei": "WL",
        "Maria de la Cruz": "MC",
        madonna: "M",
        "Jean-Luc Picard": "JP",
        "O'Neill, Sam (East)": "OE",
        "": "",
    };
    for (const [name, wanted] of Object.entries(short)) {
        expect(initials(name)).toBe(wanted, { message: name });
    }
    expect(initials(undefined)).toBe("");
    expect([7, 1234, 56700].map(compactNumber)).toEqual(["7", "1.2K", "56.7K"]);
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
