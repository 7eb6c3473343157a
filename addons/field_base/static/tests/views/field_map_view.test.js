import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, scroll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
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
import { parseXML } from "@web/core/utils/xml";
import { FieldMapArchParser } from "@field_base/views/field_map/field_map_arch_parser";
import { bucketOf, formatValue } from "@field_base/views/field_map/field_map_values";

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

defineMailModels();
defineModels([Shop, Owner]);

beforeEach(() => {
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

describe("arch parser", () => {
    const FIELDS = {
        lat: { type: "float" },
        lng: { type: "float" },
        name: { type: "char", string: "Name" },
        tier: { type: "selection", string: "Tier" },
    };
    const parse = (arch) => new FieldMapArchParser().parse(parseXML(arch), FIELDS);

    test("reads attributes and fields", () => {
        const info = parse(
            `<field_map lat="lat" lng="lng" color="tier" title="name" limit="10" create="0">
                <field name="name" string="Shop"/>
                <field name="tier"/>
                <field name="lat" invisible="1"/>
            </field_map>`
        );
        expect(info).toMatchObject({
            latField: "lat",
            lngField: "lng",
            colorField: "tier",
            titleField: "name",
            limit: 10,
            columns: [
                { name: "name", label: "Shop" },
                { name: "tier", label: "Tier" },
            ],
        });
        expect(info.activeActions.create).toBe(false);
    });

    test("defaults", () => {
        const info = parse(`<field_map lat="lat" lng="lng"/>`);
        expect(info).toMatchObject({
            colorField: null,
            titleField: "display_name",
            limit: 5000,
            columns: [],
        });
    });

    test("fields that the user may not read are left out", () => {
        const info = parse(
            `<field_map lat="lat" lng="lng" color="secret" title="secret"><field name="secret"/></field_map>`
        );
        expect(info).toMatchObject({ colorField: null, titleField: "display_name", columns: [] });
    });

    test("says what is wrong", () => {
        expect(() => parse(`<field_map lat="lat"/>`)).toThrow(
            "A map needs the attributes lat and lng"
        );
        expect(() => parse(`<field_map lat="name" lng="lng"/>`)).toThrow(
            '"name" cannot be the lat of a map'
        );
        expect(() => parse(`<field_map lat="lat" lng="lng" color="name"/>`)).toThrow(/color/);
    });
});

describe("values", () => {
    test("are shown as text", () => {
        expect(formatValue({ id: 1, display_name: "Li" }, { type: "many2one" })).toBe("Li");
        expect(
            formatValue([{ display_name: "A" }, { display_name: "B" }], { type: "many2many" })
        ).toBe("A, B");
        expect(formatValue("<p>Hi <b>you</b></p>", { type: "html" })).toBe("Hi you");
        expect(formatValue(false, { type: "char" })).toBe("");
        expect(formatValue(true, { type: "boolean" })).toBe("Yes");
    });

    test("fall into buckets with a stable order", () => {
        const selection = [
            ["x", "X"],
            ["y", "Y"],
        ];
        expect(bucketOf("y", { type: "selection", selection })).toEqual({
            key: "y",
            label: "Y",
            order: 1,
        });
        expect(bucketOf(false, { type: "many2one" }).key).toBe("");
        expect(bucketOf("2026-11-23", { type: "date" }, "year").label).toBe("2026");
        expect(bucketOf(0, { type: "integer" })).toEqual({ key: "0", label: "0", order: 0 });
    });
});

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
