import { before, describe, expect, globals, test } from "@odoo/hoot";
import { readCard } from "@field_crm/app/vcard";

describe.current.tags("headless");

let vectors;
before(async () => {
    const answer = await globals.fetch.call(window, "/field_crm/static/tests/vcard_vectors.json");
    vectors = await answer.json();
});

test("cards of every version are read as they were meant", () => {
    expect(vectors.length).toBeGreaterThan(15);
    for (const { name, lines, card } of vectors) {
        expect(readCard(lines.join("\r\n"))).toEqual(card, { message: name });
    }
});

test("line ends of any system separate lines", () => {
    for (const { name, lines, card } of vectors) {
        expect(readCard(lines.join("\n"))).toEqual(card, { message: name });
    }
});

test("no expression looks behind, for Safari 15 would refuse the whole app", async () => {
    const path = "/field_crm/static/src/app/vcard.js";
    const source = await (await globals.fetch.call(window, path)).text();
    expect(source).toInclude("readCard");
    expect(source).not.toInclude("(?<");
});
