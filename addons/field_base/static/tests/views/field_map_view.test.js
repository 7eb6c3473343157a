import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryOne, scroll } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    allowTranslations,
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    preloadBundle,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

preloadBundle("field_base.assets_map");

class Shop extends models.Model {
    _name = "shop";

    name = fields.Char();
    lat = fields.Float();
    lng = fields.Float();
    city = fields.Char();
    opened = fields.Date();
    active_shop = fields.Boolean();
    tier = fields.Selection({
        selection: [
            ["a", "A-tier"],
            ["b", "B-tier"],
        ],
    });
    owner_id = fields.Many2one({ relation: "owner" });
    tag_ids = fields.Many2many({ relation: "owner" });

    _records = [
        { id: 1, name: "Happy", lat: 31.23, lng: 121.47, city: "Shanghai", tier: "a", owner_id: 1 },
        { id: 2, name: "Dragon", lat: 39.9, lng: 116.4, city: "Beijing", tier: "b", owner_id: 2 },
        { id: 3, name: "Corner", lat: 23.1, lng: 113.3, city: "Guangzhou", tier: "a" },
        { id: 4, name: "Nowhere", lat: 0, lng: 0, city: "Atlantis", tier: "b" },
    ];
}

class Owner extends models.Model {
    _name = "owner";

    name = fields.Char();
    _records = [
        { id: 1, name: "Zhao" },
        { id: 2, name: "Li" },
    ];
}

/** What the server's field.map answers, from the records of the mock server. */
class ServerMap extends models.ServerModel {
    _name = "field.map";

    get_points(model, domain, spec) {
        const rows = this.rows(model, domain);
        const located = rows.filter((row) => row[spec.lat] || row[spec.lng]);
        const unlocated = rows.length - located.length;
        if (server.boxed) {
            const extent = { south: 20, west: 100, north: 45, east: 125 };
            return { total: located.length, unlocated, boxed: true, extent };
        }
        const sent = located.slice(0, spec.limit);
        return {
            total: located.length,
            unlocated,
            boxed: false,
            ...this.columns(model, sent, spec),
        };
    }

    get_box(model, domain, spec, box) {
        server.boxes.push(box);
        const groups =
            server.boxed === "groups"
                ? [
                      [31, 121, 1200, 5000],
                      [40, 116, 30, 70],
                  ]
                : [];
        const rows = groups.length ? [] : this.rows(model, domain).filter((row) => row.lat);
        return { total: rows.length, groups, ...this.columns(model, rows, spec) };
    }

    get_ids_in_ring() {
        return [1, 3];
    }

    get_heat() {
        return [[31, 121, 3]];
    }

    rows(model, domain) {
        return this.env[model]._filter(domain);
    }

    columns(model, rows, spec) {
        const names = {};
        for (const name of spec.fields) {
            const { type, relation } = this.env[model]._fields[name];
            if (type === "many2one") {
                const others = this.env[relation];
                names[name] = Object.fromEntries(others.map((other) => [other.id, other.name]));
            }
        }
        const read = (row, name) => (name === "display_name" ? row.name : row[name]);
        return {
            ids: rows.map(({ id }) => id),
            lat: rows.map((row) => row[spec.lat]),
            lng: rows.map((row) => row[spec.lng]),
            columns: Object.fromEntries(
                spec.fields.map((name) => [name, rows.map((row) => read(row, name))])
            ),
            names,
        };
    }
}

let server;

defineMailModels();
defineModels([Shop, Owner, ServerMap]);

beforeEach(() => {
    server = { boxed: false, boxes: [] };
    allowTranslations();
    onRpc("/field_base/static/lib/natural_earth/land.json", () => ({ scale: 1, polygons: [] }), {
        pure: true,
    });
});

const SEARCH = `
    <search>
        <filter name="a" string="A only" domain="[('tier', '=', 'a')]"/>
        <filter name="none" string="None of them" domain="[('name', '=', 'x')]"/>
        <filter name="lost" string="Lost" domain="[('name', '=', 'Nowhere')]"/>
        <filter name="by_owner" string="By owner" context="{'group_by': 'owner_id'}"/>
    </search>`;

const ARCH = `
    <field_map lat="lat" lng="lng" color="tier">
        <field name="city"/>
        <field name="owner_id" string="Rep"/>
    </field_map>`;

const mountMap = (options = {}) =>
    mountView({
        type: "field_map",
        resModel: "shop",
        arch: ARCH,
        searchViewArch: SEARCH,
        ...options,
    });

const markerIds = () =>
    queryAll(".o_field_map_marker")
        .map((el) => el.dataset.markerId)
        .sort();

test("records with a position are on the map and in the list", async () => {
    await mountMap();
    expect(markerIds()).toEqual(["1", "2", "3"]);
    expect(queryAllTexts(".o_field_map_item_title")).toEqual(["Happy", "Dragon", "Corner"]);
    expect(".o_field_map_item_subtitle:first").toHaveText("Shanghai · Zhao");
    expect(".o_field_map_count").toHaveText("3 on the map");
    expect(".o_field_map_unlocated").toHaveText("1 without a position");
    expect(".o_field_map_limit").toHaveCount(0);
});

test("a click in the list selects the marker, and the other way round", async () => {
    await mountMap();
    expect(".o_field_map_card").toHaveCount(0);
    await contains(".o_field_map_item[data-record-id='2'] .o_field_map_item_main").click();
    await animationFrame();
    expect(".o_field_map_marker.o_selected").toHaveAttribute("data-marker-id", "2");
    expect(".o_field_map_card_title").toHaveText("Dragon");
    expect(queryAllTexts(".o_field_map_card dd")).toEqual(["Beijing", "Li"]);
    expect(queryAllTexts(".o_field_map_card dt")).toEqual(["City", "Rep"]);
    await contains(".o_field_map_fit").click();
    await animationFrame();
    await contains(".o_field_map_marker[data-marker-id='3']").click();
    expect(".o_field_map_item.o_selected").toHaveAttribute("data-record-id", "3");
    expect(".o_field_map_card_title").toHaveText("Corner");
    await contains(".o_field_map_card .btn-close").click();
    expect(".o_field_map_card").toHaveCount(0);
    expect(".o_field_map_item.o_selected").toHaveCount(0);
});

test("records open from the list, by double click and from the card", async () => {
    await mountMap({ selectRecord: (id) => expect.step(`open ${id}`) });
    await contains(".o_field_map_item[data-record-id='1'] .o_field_map_item_open").click();
    await contains(".o_field_map_item[data-record-id='2']").dblclick();
    await contains(".o_field_map_item[data-record-id='3'] .o_field_map_item_main").click();
    await contains(".o_field_map_card .o_field_map_open").click();
    expect.verifySteps(["open 1", "open 2", "open 3"]);
});

test("legend: one colour for each value", async () => {
    await mountMap();
    expect(".o_field_map_legend_title").toHaveText("Tier");
    expect(queryAllTexts(".o_field_map_legend_item")).toEqual(["A-tier\n2", "B-tier\n1"]);
    const colors = queryAll(".o_field_map_item .o_field_map_bullet").map(
        (el) => el.style.backgroundColor
    );
    expect(colors[0]).toBe(colors[2]);
    expect(colors[0]).not.toBe(colors[1]);
});

test("filters and groups of the search view", async () => {
    await mountMap();
    await toggleSearchBarMenu();
    await toggleMenuItem("A only");
    await animationFrame();
    expect(markerIds()).toEqual(["1", "3"]);
    expect(".o_field_map_unlocated").toHaveCount(0);
    await toggleMenuItem("By owner");
    await animationFrame();
    expect(queryAllTexts(".o_field_map_group")).toEqual(["Zhao\n1", "Not set\n1"]);
    expect(queryAllTexts(".o_field_map_item_title")).toEqual(["Happy", "Corner"]);
});

test("without a colour field the groups are coloured", async () => {
    await mountMap({ arch: `<field_map lat="lat" lng="lng"/>`, groupBy: ["owner_id"] });
    expect(queryAllTexts(".o_field_map_legend_item")).toEqual(["Li\n1", "Zhao\n1", "Not set\n1"]);
});

test("a limit is told", async () => {
    await mountMap({ arch: `<field_map lat="lat" lng="lng" limit="2"/>` });
    expect(".o_field_map_count").toHaveText("First 2 of 3 shown");
    expect(".o_field_map_limit").toHaveCount(1);
    expect(".o_field_map_item").toHaveCount(2);
});

test("records without a position can be listed", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.domain);
        },
    });
    await mountMap({ domain: [["city", "!=", "Paris"]] });
    await contains(".o_field_map_unlocated").click();
    expect.verifySteps([["&", ["city", "!=", "Paris"], "&", ["lat", "=", 0], ["lng", "=", 0]]]);
});

test("empty: nothing found, or nothing with a position", async () => {
    await mountMap();
    await toggleSearchBarMenu();
    await toggleMenuItem("None of them");
    await animationFrame();
    expect(".o_field_map_empty strong").toHaveText("Nothing found");
    await toggleMenuItem("None of them");
    await toggleMenuItem("Lost");
    await animationFrame();
    expect(".o_field_map_empty strong").toHaveText("Nothing to put on the map yet");
    expect(".o_field_map_empty button").toHaveText("1 without a position");
});

test("the list grows while scrolling", async () => {
    Shop._records = Array.from({ length: 300 }, (_, i) => ({
        id: i + 1,
        name: `Shop ${i + 1}`,
        lat: 31 + (i % 20) / 100,
        lng: 121 + i / 100,
    }));
    await mountMap({ arch: `<field_map lat="lat" lng="lng"/>` });
    expect(".o_field_map_count").toHaveText("300 on the map");
    expect(".o_field_map_item").toHaveCount(80);
    await scroll(".o_field_map_list", { y: 100000 });
    await animationFrame();
    expect(queryAll(".o_field_map_item").length).toBeGreaterThan(150);
});

test("size: dots grow with their number, by area", async () => {
    Shop._fields.sales = fields.Float();
    Shop._records = [
        { id: 1, name: "None", lat: 31, lng: 121, sales: 0 },
        { id: 2, name: "Quarter", lat: 32, lng: 121, sales: 25 },
        { id: 3, name: "Most", lat: 33, lng: 121, sales: 100 },
    ];
    await mountMap({ arch: `<field_map lat="lat" lng="lng" size="sales"/>` });
    const sizes = [1, 2, 3].map((id) => {
        const marker = queryOne(`.o_field_map_marker[data-marker-id='${id}'] .o_field_map_shape`);
        return parseInt(marker.style.getPropertyValue("--marker-size"), 10);
    });
    expect(sizes[1] - sizes[0]).toBeWithin(10, 11);
    expect(sizes[2] - sizes[0]).toBe(21);
});

test("without a list the map is alone", async () => {
    await mountMap({ arch: `<field_map lat="lat" lng="lng" list="0"/>` });
    expect(".o_field_map_side").toHaveCount(0);
    expect(".o_field_map_marker").toHaveCount(3);
});

test("navigation starts from the card", async () => {
    Shop._records = [{ id: 1, name: "Happy", lat: 31.230416, lng: 121.473701 }];
    await mountMap({ arch: `<field_map lat="lat" lng="lng" navigate="1"/>` });
    await contains(".o_field_map_item_main").click();
    expect(".o_field_map_card .o_field_navigate_go").toHaveAttribute(
        "href",
        /^https:\/\/uri\.amap\.com\/navigation\?to=121\.478224,31\.228474,Happy&/
    );
    await contains(".o_field_navigate_more").click();
    expect(
        queryAll(".o_field_navigate_menu a")
            .map((a) => a.dataset.app)
            .slice(0, 3)
    ).toEqual(["amap", "baidu", "tencent"]);
});

test("records are chosen in the list, by marker and by lasso", async () => {
    onRpc("get_views", ({ kwargs }) => {
        if (kwargs.options.toolbar) {
            expect.step("actions asked");
        }
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.domain);
        },
    });
    await mountMap();
    await contains(".o_field_map_select").click();
    expect(".o_field_map_chosen").toHaveText("0 selected");
    await contains(".o_field_map_item[data-record-id='2'] .o_field_map_item_main").click();
    expect(".o_field_map_chosen").toHaveText("1 selected");
    expect(".o_field_map_card").toHaveCount(0);
    expect(".o_field_map_item[data-record-id='2'] .o_field_map_item_main").toHaveAttribute(
        "aria-pressed",
        "true"
    );
    const area = queryOne(".o_field_map_lasso");
    const box = area.getBoundingClientRect();
    const draw = (type, x, y) =>
        area.dispatchEvent(
            new PointerEvent(type, { clientX: box.x + x, clientY: box.y + y, bubbles: true })
        );
    area.setPointerCapture = () => {};
    draw("pointerdown", 0, 0);
    draw("pointermove", box.width, 0);
    draw("pointermove", box.width, box.height);
    draw("pointermove", 0, box.height);
    draw("pointerup", 0, box.height);
    await animationFrame();
    await animationFrame();
    expect(".o_field_map_chosen").toHaveText("3 selected");
    expect(".o_field_map_lasso").toHaveCount(0);
    await contains(".o_field_map_marker[data-marker-id='3']").click();
    expect(".o_field_map_chosen").toHaveText("2 selected");
    await contains(".o_field_map_choice .o_cp_action_menus button").click();
    await contains(".o-dropdown--menu .o_menu_item:contains(Open as a list)").click();
    expect.verifySteps(["actions asked", [["id", "in", [2, 1]]]]);
    await contains(".o_field_map_select").click();
    expect(".o_field_map_choice").toHaveCount(0);
});

test("very many records: groups with their sums, box by box", async () => {
    server.boxed = "groups";
    await mountMap({ arch: `<field_map lat="lat" lng="lng" total="lat" heat="1"/>` });
    expect(server.boxes[0]).toEqual({ south: 20, west: 100, north: 45, east: 125 });
    expect(queryAllTexts(".o_field_map_cluster_ring")).toEqual(["1.2K", "30"]);
    expect(queryAllTexts(".o_field_map_cluster_sum")).toEqual(["5K", "70"]);
    expect(".o_field_map_cluster:first").toHaveAttribute("aria-label", "1200 places, 5K, zoom in");
    expect(".o_field_map_count").toHaveText("3 on the map, zoom in for single ones");
    const asked = server.boxes.length;
    server.boxed = "points";
    await contains(".o_field_map_cluster:first").click();
    await runAllTimers();
    await animationFrame();
    await animationFrame();
    expect(server.boxes.length).toBeGreaterThan(asked);
    expect(".o_field_map_cluster").toHaveCount(0);
    expect(".o_field_map_item").toHaveCount(3);
    await contains(".o_field_map_heat").click();
    await animationFrame();
    expect(".leaflet-heatmap-layer").toHaveCount(1);
    await contains(".o_field_map_heat").click();
    expect(".leaflet-heatmap-layer").toHaveCount(0);
});

test("sums of a measure stand below the groups", async () => {
    Shop._fields.sales = fields.Float();
    Shop._records = Array.from({ length: 70 }, (_, i) => ({
        id: i + 1,
        name: `Shop ${i + 1}`,
        lat: 31 + i / 1e6,
        lng: 121,
        sales: 100,
    })).concat({ id: 99, name: "Far", lat: 40, lng: 100, sales: 5 });
    await mountMap({ arch: `<field_map lat="lat" lng="lng" total="sales"/>` });
    expect(queryAllTexts(".o_field_map_cluster_ring")).toEqual(["70"]);
    expect(queryAllTexts(".o_field_map_cluster_sum")).toEqual(["7K"]);
});

test("coloured by something else: the map stays, the choice is kept", async () => {
    const arch = `<field_map lat="lat" lng="lng" color="owner_id" colors="active_shop" scale="tier"/>`;
    await mountMap({ arch });
    expect(queryAllTexts(".o_field_map_color option")).toEqual(["Owner", "Active shop", "Tier"]);
    expect(queryAllTexts(".o_field_map_legend_item")).toEqual(["Li\n1", "Zhao\n1", "Not set\n1"]);
    await contains(".o_field_map_item[data-record-id='2'] .o_field_map_item_main").click();
    await contains(".o_field_map_color").select("tier");
    await animationFrame();
    expect(queryAllTexts(".o_field_map_legend_item")).toEqual(["A-tier\n2", "B-tier\n1"]);
    // from good to bad, by the order of the values
    const colors = queryAll(".o_field_map_legend_item .o_field_map_bullet").map(
        (el) => el.style.backgroundColor
    );
    expect(colors).toEqual(["rgb(47, 158, 110)", "rgb(194, 178, 31)"]);
    expect(".o_field_map_card_title").toHaveText("Dragon");
    expect(browser.localStorage.getItem("field_map.color.shop")).toBe("tier");
});

test("very many records are coloured by something else box by box", async () => {
    server.boxed = "points";
    await mountMap({ arch: `<field_map lat="lat" lng="lng" color="owner_id" scale="tier"/>` });
    await runAllTimers();
    await animationFrame();
    const asked = server.boxes.length;
    await contains(".o_field_map_color").select("tier");
    await animationFrame();
    expect(server.boxes.length).toBe(asked + 1);
    expect(queryAllTexts(".o_field_map_legend_item")).toEqual(["A-tier\n2", "B-tier\n1"]);
});
