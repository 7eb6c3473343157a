import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations, preloadBundle } from "@web/../tests/web_test_helpers";
import { parseXML } from "@web/core/utils/xml";
import { FieldMapArchParser } from "@field_base/views/field_map/field_map_arch_parser";
import { bucketOf, formatValue } from "@field_base/views/field_map/field_map_values";

preloadBundle("field_base.assets_map");

beforeEach(() => allowTranslations());

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
            `<field_map lat="lat" lng="lng" color="tier" caption="name" limit="10" create="0">
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
            hasList: true,
            hasHeat: false,
            canNavigate: false,
            columns: [
                { name: "name", label: "Shop", inList: true, inPopup: true },
                { name: "tier", label: "Tier", inList: true, inPopup: true },
            ],
        });
        expect(info.activeActions.create).toBe(false);
    });

    test("what it can be coloured by, the first colour first, each once", () => {
        const info = parse(
            `<field_map lat="lat" lng="lng" color="tier" colors="tier, gone" scale="tier"/>`
        );
        expect(info.colorFields).toEqual(["tier"]);
        expect(info.scaleFields).toEqual(["tier"]);
        expect(() => parse(`<field_map lat="lat" lng="lng" scale="name"/>`)).toThrow();
    });

    test("defaults", () => {
        const info = parse(`<field_map lat="lat" lng="lng"/>`);
        expect(info).toMatchObject({
            colorField: null,
            colorFields: [],
            titleField: "display_name",
            sizeField: null,
            sumField: null,
            countryField: null,
            limit: 50000,
            columns: [],
        });
    });

    test("what is for the list only, or for the card only", () => {
        const info = parse(
            `<field_map lat="lat" lng="lng" size="lat" total="lng" heat="1" list="0" navigate="True">
                <field name="name" list="0"/>
                <field name="tier" popup="0"/>
            </field_map>`
        );
        expect(info).toMatchObject({
            sizeField: "lat",
            sumField: "lng",
            hasHeat: true,
            hasList: false,
            canNavigate: true,
            columns: [
                { name: "name", inList: false, inPopup: true },
                { name: "tier", inList: true, inPopup: false },
            ],
        });
    });

    test("fields that the user may not read are left out", () => {
        const info = parse(
            `<field_map lat="lat" lng="lng" color="secret" caption="secret"><field name="secret"/></field_map>`
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
