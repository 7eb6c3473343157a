import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Photo extends models.Model {
    _name = "field.visit.photo";

    name = fields.Char();
    rating = fields.Selection({ selection: ["1", "2", "3", "4", "5"].map((n) => [n, n]) });

    _records = [
        { id: 11, name: "Door" },
        { id: 12, name: "Shelf" },
        { id: 13, name: "Cooler" },
    ];
}

defineMailModels();
defineModels({ Photo });

beforeEach(async () => {
    onRpc("field.visit.photo", "action_rate", function ({ args: [[id], rating] }) {
        expect.step(`${id}: ${rating}`);
        this.env["field.visit.photo"].write([id], { rating });
        return true;
    });
    await mountView({
        type: "kanban",
        resModel: "field.visit.photo",
        arch: `<kanban js_class="field_photo_wall">
            <templates><t t-name="card"><field name="name"/>: <field name="rating"/></t></templates>
        </kanban>`,
    });
});

const cards = () => queryAll(".o_kanban_record[data-id]");

test("numbers rate the photo that is chosen and go on to the next", async () => {
    cards()[0].focus();
    await press("4");
    await animationFrame();
    expect.verifySteps(["11: 4"]);
    expect(cards()[0].textContent.replace(/\s/g, "")).toBe("Door:4");
    expect(cards()[1]).toBeFocused();
    await press("2");
    await animationFrame();
    expect.verifySteps(["12: 2"]);
    expect(cards()[2]).toBeFocused();
});

test("arrows choose another photo", async () => {
    cards()[0].focus();
    await press("ArrowRight");
    expect(cards()[1]).toBeFocused();
    await press("5");
    await animationFrame();
    expect.verifySteps(["12: 5"]);
});

test("without a photo nothing is rated, and it is said", async () => {
    document.activeElement.blur();
    await press("3");
    await animationFrame();
    expect.verifySteps([]);
});
