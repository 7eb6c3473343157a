import { beforeEach, describe, destroy, expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup, onRpc, preloadBundle } from "@web/../tests/web_test_helpers";
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
    expect(queryAllTexts(".o_field_map_initials")).toEqual(["7", "12", "王"]);
    expect(queryAllTexts(".o_field_map_label")).toEqual(["李伟", "123"]);
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
