import { describe, expect, test } from "@odoo/hoot";
import { nameKey, phoneKey, reasons, sameCustomers } from "@field_visit/customer/same_customer";

describe.current.tags("headless");

test("keys are those of the server", () => {
    expect(nameKey("金龙贸易有限公司")).toBe(nameKey("金龙贸易"));
    expect(nameKey("Blue-Whale Co., Ltd.")).toBe("bluewhale");
    expect(nameKey("公司")).toBe("公司");
    expect(phoneKey("+86 (21) 5550-1001")).toBe(phoneKey("021 5550 1001"));
    expect(phoneKey("110")).toBe("");
});

test("near needs alike names, and nothing is not the same", () => {
    const here = { lat: 31.2304, lng: 121.4737 };
    const one = { name: "金龙超市", ...here };
    expect(reasons(one, { name: "金龙超市（南门）", ...here })).toEqual(["place"]);
    expect(reasons(one, { name: "和平药房", ...here })).toEqual([]);
    expect(reasons(one, { name: "金龙超市南", lat: 31.24, lng: 121.4737 })).toEqual([]);
    expect(reasons(one, { name: "金龙超市南", lat: null, lng: null })).toEqual([]);
    expect(reasons({}, {})).toEqual([]);
    expect(reasons({ name: "全家（人民路店）" }, { name: "全家（南京路店）" })).toEqual([]);
});

test("the surest comes first", () => {
    const customers = [
        { id: 1, name: "Golden Dragon Ltd." },
        { id: 2, name: "Other", phone: "021 5550 1001" },
        { id: 3, name: "Another", vat: "91 3100" },
        { id: 4, name: "Nobody" },
    ];
    const asked = { name: "Golden Dragon", phone: "55501001", vat: "913100" };
    expect(sameCustomers(asked, customers).map(({ id }) => id)).toEqual([3, 2, 1]);
});
