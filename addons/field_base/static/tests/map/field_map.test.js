import { beforeEach, describe, destroy, expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { bd09ToMetres, metresToBd09 } from "@field_base/map/baidu_crs";
import { decodeLand, mixColors } from "@field_base/map/base_map";
import { FieldMap } from "@field_base/map/field_map";
import { CANVAS_FROM, fanOut } from "@field_base/map/marker_layer";
import { assignColors, DEFAULT_COLOR, PALETTE, safeColor } from "@field_base/map/palette";

describe.current.tags("desktop");

defineMailModels();
preloadBundle("field_base.assets_map");

const SHANGHAI = { lat: 31.23, lng: 121.47 };
const BEIJING = { lat: 39.9, lng: 116.4 };
const LAND = {
    scale: 1,
    polygons: [[[100, 20, 30, 0, 0, 30, -30, 0, 0, -30]]],
};

beforeEach(() => {
    onRpc("/field_base/static/lib/natural_earth/land.json", () => LAND, { pure: true });
});

/** Mounts a map whose props can be changed through `state.props` of what is returned. */
async function mountMap(props) {
    class Parent extends Component {
        static template = xml`
            <div style="width: 800px; height: 500px">
                <FieldMap t-if="state.open" t-props="state.props"/>
            </div>`;
        static components = { FieldMap };
        static props = ["*"];
        setup() {
            this.state = useState({ open: true, props });
        }
    }
    const parent = await mountWithCleanup(Parent);
    await animationFrame();
    return parent;
}

function manyMarkers(count, spread) {
    return Array.from({ length: count }, (_, i) => ({
        id: i + 1,
        lat: SHANGHAI.lat + spread * ((i % 40) / 40),
        lng: SHANGHAI.lng + spread * (Math.floor(i / 40) / 40),
        title: `Shop ${i + 1}`,
    }));
}

test("markers have a name, can be clicked and pressed by keyboard", async () => {
    await mountMap({
        markers: [
            { id: 7, ...SHANGHAI, title: "Golden Dragon" },
            { id: 8, ...BEIJING, label: "北", shape: "pin" },
        ],
        onMarkerClick: (id) => expect.step(`marker ${id}`),
    });
    expect(".o_field_map_marker").toHaveCount(2);
    expect(".o_field_map_marker[data-marker-id='7']").toHaveAttribute(
        "aria-label",
        "Golden Dragon"
    );
    expect(".o_field_map_marker[data-marker-id='7']").toHaveAttribute("role", "button");
    expect(".o_field_map_marker[data-marker-id='7']").toHaveAttribute("tabindex", "0");
    expect(".o_field_map_pin .o_field_map_initials").toHaveText("北");
    await click(".o_field_map_marker[data-marker-id='7']");
    expect.verifySteps(["marker 7"]);
    queryOne(".o_field_map_marker[data-marker-id='8']").focus();
    await press("Enter");
    await press(" ");
    expect.verifySteps(["marker 8", "marker 8"]);
});

test("text of markers is never read as markup", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    await mountMap({ markers: [{ id: 1, ...SHANGHAI, title: evil, label: evil, color: "red;x" }] });
    expect(".o_field_map_label").toHaveText(evil);
    expect(".o_field_map_marker img").toHaveCount(0);
    queryOne(".o_field_map_marker").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    await animationFrame();
    expect(".o_field_map_tooltip").toHaveText(evil);
    expect(".o_field_map_tooltip img").toHaveCount(0);
    expect(queryOne(".o_field_map_shape").style.getPropertyValue("--marker-color")).toBe(
        DEFAULT_COLOR
    );
});

test("short labels are inside the marker, others beside it", async () => {
    const labels = ["7", "12", "王", "李伟", "123"];
    await mountMap({
        cluster: false,
        markers: labels.map((label, id) => ({ id, ...SHANGHAI, lng: 121 + id / 10, label })),
    });
    expect(queryAllTexts(".o_field_map_initials")).toEqual(["7", "12", "王", "李伟"]);
    expect(queryAllTexts(".o_field_map_label")).toEqual(["123"]);
});

test("markers without a position are left out", async () => {
    await mountMap({
        markers: [
            { id: 1, lat: 0, lng: 0 },
            { id: 2, lat: false, lng: false },
            { id: 3, ...SHANGHAI },
        ],
    });
    expect(queryAll(".o_field_map_marker").map((el) => el.dataset.markerId)).toEqual(["3"]);
});

test("near markers are grouped, and a group opens by click", async () => {
    await mountMap({ markers: [...manyMarkers(120, 0.02), { id: 999, ...BEIJING }] });
    expect(queryAllTexts(".o_field_map_cluster")).toEqual(["120"]);
    expect(".o_field_map_cluster").toHaveAttribute("aria-label", "120 places, zoom in");
    expect(".o_field_map_marker").toHaveCount(1);
    await click(".o_field_map_cluster");
    await animationFrame();
    expect(queryAllTexts(".o_field_map_cluster")).not.toEqual(["120"]);
});

test("those in front are in no group with the others, and above them", async () => {
    const people = manyMarkers(3, 0.02).map((marker) => ({
        ...marker,
        id: `person ${marker.id}`,
        front: true,
    }));
    await mountMap({ markers: [...manyMarkers(120, 0.02), ...people, { id: 999, ...BEIJING }] });
    expect(queryAllTexts(".o_field_map_cluster")).toEqual(["120"]);
    expect(".o_field_map_marker[data-marker-id^='person']").toHaveCount(3);
    const group = Number(queryOne(".o_field_map_cluster").style.zIndex);
    const [first] = queryAll(".o_field_map_marker[data-marker-id^='person']");
    expect(Number(first.style.zIndex)).toBeGreaterThan(group);
});

test("many in front are grouped with each other", async () => {
    const people = manyMarkers(70, 0.001).map((marker) => ({
        ...marker,
        id: `person ${marker.id}`,
        front: true,
    }));
    await mountMap({ markers: [...manyMarkers(120, 0.02), ...people, { id: 999, ...BEIJING }] });
    expect(queryAllTexts(".o_field_map_cluster").sort()).toEqual(["120", "70"]);
});

test("cluster=false shows each marker", async () => {
    await mountMap({ markers: manyMarkers(120, 0.02), cluster: false });
    expect(".o_field_map_cluster").toHaveCount(0);
    expect(".o_field_map_marker").toHaveCount(120);
});

test("the selected marker is shown even inside a group", async () => {
    const markers = manyMarkers(120, 0.001);
    markers[5].selected = true;
    await mountMap({ markers: [...markers, { id: 999, ...BEIJING }] });
    expect(queryAllTexts(".o_field_map_cluster")).toEqual(["120"]);
    expect(".o_field_map_marker.o_selected").toHaveCount(1);
    expect(".o_field_map_marker.o_selected").toHaveAttribute("data-marker-id", "6");
    expect(".o_field_map_marker.o_selected").toHaveAttribute("aria-current", "true");
});

test("very many markers are drawn on a canvas", async () => {
    await mountMap({ markers: manyMarkers(CANVAS_FROM + 1, 1), cluster: false });
    expect(".o_field_map_marker").toHaveCount(0);
    expect(".leaflet-overlay-pane canvas").toHaveCount(1);
});

test("changed markers are updated in place", async () => {
    const parent = await mountMap({ markers: [{ id: 1, ...SHANGHAI, title: "Old" }], fitKey: 1 });
    const element = queryOne(".o_field_map_marker");
    const before = element.getBoundingClientRect().x;
    parent.state.props.markers = [
        { id: 1, ...SHANGHAI, lng: 121.471, title: "New", selected: true },
    ];
    await animationFrame();
    expect(".o_field_map_marker").toHaveCount(1);
    expect(".o_field_map_marker").toHaveAttribute("aria-label", "New");
    expect(".o_field_map_marker").toHaveClass("o_selected");
    expect(queryOne(".o_field_map_marker").getBoundingClientRect().x).toBeGreaterThan(before);
    parent.state.props.markers = [];
    await animationFrame();
    expect(".o_field_map_marker").toHaveCount(0);
});

test("the view is fitted at first and when fitKey changes, else left alone", async () => {
    const parent = await mountMap({
        markers: [{ id: 1, ...SHANGHAI }],
        fitKey: "a",
        onMove: ({ lat, lng }) => expect.step(`${lat.toFixed(1)} ${lng.toFixed(1)}`),
    });
    expect.verifySteps(["31.2 121.5"]);
    parent.state.props.markers = [{ id: 2, ...BEIJING }];
    await animationFrame();
    expect.verifySteps([]);
    parent.state.props.fitKey = "b";
    await animationFrame();
    expect.verifySteps(["39.9 116.4"]);
    parent.state.props.focus = { ...SHANGHAI, key: 1 };
    await animationFrame();
    expect.verifySteps(["31.2 121.5"]);
});

test("content that comes later is fitted once", async () => {
    const parent = await mountMap({
        markers: [],
        onMove: ({ lat }) => expect.step(lat.toFixed(1)),
    });
    expect.verifySteps([]);
    parent.state.props.markers = [{ id: 1, ...SHANGHAI }];
    await animationFrame();
    expect.verifySteps(["31.2"]);
});

test("lines and circles are fitted and drawn", async () => {
    const points = [
        [31.2, 121.4],
        [31.3, 121.6],
    ];
    const parent = await mountMap({
        lines: [
            { points, color: "#3f7fd0", title: "Trip" },
            { points, dashed: true },
        ],
        circles: [{ ...SHANGHAI, radius: 300, title: "Fence" }],
        onMove: ({ zoom }) => expect.step(zoom > 9 ? "near" : "far"),
    });
    expect.verifySteps(["near"]);
    const canvas = queryOne(".leaflet-overlay-pane canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    expect(pixels.some((value) => value)).toBe(true);
    parent.state.props.lines = [];
    parent.state.props.circles = [];
    await animationFrame();
});

test("a click beside the markers gives its place", async () => {
    await mountMap({
        markers: [{ id: 1, ...SHANGHAI }],
        onMarkerClick: () => expect.step("marker"),
        onMapClick: ({ lat, lng }) => expect.step(`${Math.round(lat)} ${Math.round(lng)}`),
    });
    await click(".o_field_map_canvas", { position: { x: 300, y: 200 }, relative: true });
    expect.verifySteps(["31 121"]);
});

test("a finger that rests is told once, also where the browser tells it too", async () => {
    const steps = [];
    const onLongPress = ({ lat, lng }) => steps.push([lat.toFixed(1), lng.toFixed(1)]);
    await mountMap({ initialView: { ...SHANGHAI, zoom: 12 }, onLongPress });
    const el = queryOne(".leaflet-container");
    const box = el.getBoundingClientRect();
    const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
    const rest = () => {
        const where = { clientX, clientY, bubbles: true, cancelable: true };
        el.dispatchEvent(new MouseEvent("contextmenu", where));
    };
    rest();
    rest();
    expect(steps).toEqual([["31.2", "121.5"]]);
    await advanceTime(2000);
    rest();
    expect(steps.length).toBe(2);
});

test("unmounting leaves nothing behind", async () => {
    const observed = new Set();
    class CountingObserver extends ResizeObserver {
        observe(target) {
            observed.add(this);
            super.observe(target);
        }
        disconnect() {
            observed.delete(this);
            super.disconnect();
        }
    }
    const original = window.ResizeObserver;
    window.ResizeObserver = CountingObserver;
    try {
        const parent = await mountMap({ markers: manyMarkers(5, 0.1) });
        expect(observed.size).toBe(1);
        const container = queryOne(".o_field_map_canvas");
        expect(container._leaflet_id).not.toBe(undefined);
        parent.state.open = false;
        await animationFrame();
        expect(".o_field_map_root").toHaveCount(0);
        expect(observed.size).toBe(0);
        expect(container._leaflet_id).toBe(undefined);
        expect(container.childElementCount).toBe(0);
    } finally {
        window.ResizeObserver = original;
    }
});

test("unmounting before the first frame draws nothing any more", async () => {
    const parent = await mountWithCleanup(FieldMap, {
        props: { markers: manyMarkers(CANVAS_FROM + 1, 1), cluster: false, height: "500px" },
    });
    parent.map.setZoom(3, { animate: false });
    destroy(parent);
    await animationFrame();
    await animationFrame();
    expect(".o_field_map_root").toHaveCount(0);
});

test("buttons zoom, and the scale follows", async () => {
    await mountMap({ markers: [{ id: 1, ...SHANGHAI }] });
    expect(".o_field_map_scale").toHaveText("200 m");
    await click(".o_field_map_zoom_out");
    await animationFrame();
    expect(".o_field_map_scale").toHaveText("500 m");
    await click(".o_field_map_fit");
    await animationFrame();
    expect(".o_field_map_scale").toHaveText("200 m");
});

test("the land is decoded from differences", () => {
    const { geometry } = decodeLand({ scale: 10, polygons: [[[0, 0, 10, 0, 0, 5, -10, -5]]] });
    expect(geometry.coordinates).toEqual([
        [
            [
                [0, 0],
                [1, 0],
                [1, 0.5],
                [0, 0],
            ],
        ],
    ]);
    expect(mixColors("#000000", "#ffffff", 0.5)).toBe("#808080");
});

test("colours are stable and distinct", () => {
    const alone = assignColors([{ key: "14", order: 14 }]).get("14");
    const both = assignColors([
        { key: "14", order: 14 },
        { key: "2", order: 2 },
    ]);
    expect(alone).toBe(PALETTE[2]);
    expect(both.get("2")).toBe(PALETTE[2]);
    expect(both.get("14")).toBe(PALETTE[3]);
    const many = Array.from({ length: 30 }, (_, i) => ({ key: `${i}`, order: i * PALETTE.length }));
    expect(new Set([...assignColors(many).values()]).size).toBe(PALETTE.length);
    expect(safeColor("url(x)")).toBe(DEFAULT_COLOR);
    expect(safeColor("#A0b1C2")).toBe("#A0b1C2");
});

test("markers of one building stand in a ring", () => {
    const offsets = fanOut([
        { id: 1, ...SHANGHAI },
        { id: 2, ...SHANGHAI },
        { id: 3, ...BEIJING },
    ]);
    expect([...offsets]).toEqual([
        [1, [0, -14]],
        [2, [0, 14]],
    ]);
});

test("the built-in map names large cities, and small ones only near by", async () => {
    await mountMap({ initialView: { lat: 31.2, lng: 120.5, zoom: 5 } });
    await animationFrame();
    expect(queryAllTexts(".o_field_map_place")).toInclude("Shanghai");
    expect(queryAllTexts(".o_field_map_place")).not.toInclude("Wuxi");
    expect(queryAll(".o_field_map_place[tabindex], .o_field_map_place[role]")).toHaveLength(0);
});

describe("base maps", () => {
    const TILES = "/field_base/static/tests/tile.png?z={z}&x={x}&y={y}";
    // Tiles neither come nor fail by themselves, however slow the machine is.
    beforeEach(() => {
        patchWithCleanup(HTMLImageElement.prototype, {
            get src() {
                return new URL(this.dataset.src, location.origin).href;
            },
            set src(url) {
                this.dataset.src = url;
            },
        });
    });
    const provider = (values) => ({
        id: 1,
        name: "Test tiles",
        kind: "raster",
        url: TILES,
        labelsUrl: "",
        subdomains: "abc",
        datum: "wgs84",
        region: "mainland",
        minZoom: 2,
        maxZoom: 18,
        attribution: "© Somebody",
        approvalNo: "GS(2026)0001",
        ...values,
    });
    const TIANANMEN = { lat: 39.908722, lng: 116.397499 };
    const tileAt = (marker) => {
        const at = marker.getBoundingClientRect();
        const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
        const tile = queryAll(".leaflet-tile-pane img").find((img) => {
            const box = img.getBoundingClientRect();
            return x >= box.x && x < box.right && y >= box.y && y < box.bottom;
        });
        const params = new URL(tile.src).searchParams;
        return ["z", "x", "y"].map((name) => Number(params.get(name)));
    };
    const mountOn = (values) =>
        mountMap({
            providers: [provider(values)],
            markers: [{ id: 1, ...TIANANMEN, title: "Gate" }],
            initialView: { ...TIANANMEN, zoom: 16 },
        });

    test("the source and the approval number are printed", async () => {
        await mountOn({});
        expect(".o_field_map_credit").toHaveText("© Somebody · GS(2026)0001");
    });

    test("a marker lies on the tile of its place, in each system", async () => {
        // Tiananmen at zoom 16, as the makers of such maps count
        const parent = await mountOn({ datum: "wgs84" });
        expect(tileAt(queryOne(".o_field_map_marker"))).toEqual([16, 53957, 24832]);
        destroy(parent);
        const gcj = await mountOn({ datum: "gcj02" });
        expect(tileAt(queryOne(".o_field_map_marker"))).toEqual([16, 53958, 24831]);
        destroy(gcj);
        await mountOn({ datum: "bd09" });
        expect(tileAt(queryOne(".o_field_map_marker"))).toEqual([16, 12655, 4713]);
    });

    test("clicks and moves come back in WGS-84", async () => {
        const found = [];
        await mountMap({
            providers: [provider({ datum: "bd09" })],
            initialView: { ...TIANANMEN, zoom: 16 },
            onMapClick: (point) => found.push(point),
            onMove: (view) => found.push(view),
            focus: { ...TIANANMEN, zoom: 17, key: 1 },
        });
        await click(".o_field_map_canvas");
        for (const { lat, lng } of found) {
            expect(Math.abs(lat - TIANANMEN.lat)).toBeLessThan(0.0005);
            expect(Math.abs(lng - TIANANMEN.lng)).toBeLessThan(0.0005);
        }
        expect(found.length).toBeGreaterThan(0);
    });

    test("tiles that do not come: the built-in map takes over and says so", async () => {
        const parent = await mountOn({ datum: "bd09" });
        expect(".o_field_map_offline").toHaveCount(0);
        for (const tile of queryAll(".leaflet-tile-pane img").slice(0, 4)) {
            tile.dispatchEvent(new Event("error"));
        }
        await animationFrame();
        expect(".o_field_map_offline").toHaveText("Offline map");
        expect(".o_field_map_credit").toHaveText("Natural Earth");
        expect(".o_field_map_marker").toHaveCount(1);
        const map = queryOne(".o_field_map_canvas").getBoundingClientRect();
        const marker = queryOne(".o_field_map_marker").getBoundingClientRect();
        expect(Math.abs(marker.x + marker.width / 2 - map.x - map.width / 2)).toBeLessThan(3);
        destroy(parent);
    });

    test("silence counts as failure too", async () => {
        await mountOn({});
        await advanceTime(3100);
        await animationFrame();
        expect(".o_field_map_offline").toHaveCount(1);
    });

    test("Baidu's own metres", async () => {
        const near = (found, wanted) => {
            found.forEach((number, i) => expect(Math.abs(number - wanted[i])).toBeLessThan(0.05));
        };
        // control values of Baidu's converter
        near(bd09ToMetres(39.9164647, 116.4101156), [12958855.79, 4826135.51]);
        near(bd09ToMetres(31.2343266, 121.4847825), [13523771.27, 3640858.37]);
        for (const [lat, lng] of [
            [39.9, 116.4],
            [-33.9, 151.2],
            [0.5, -10],
        ]) {
            const back = metresToBd09(...bd09ToMetres(lat, lng));
            expect(Math.abs(back[0] - lat) + Math.abs(back[1] - lng)).toBeLessThan(0.00001);
        }
    });
});
