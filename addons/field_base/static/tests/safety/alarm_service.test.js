import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mockService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { Component, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Screen extends Component {
    static template = xml`<div class="o_any_screen"/>`;
    static props = {};
}

defineMailModels();

let tell;

beforeEach(async () => {
    mockService("bus_service", {
        subscribe: (name, callback) => {
            if (name === "field_base.alarm") {
                tell = callback;
            }
        },
        start: () => {},
    });
    mockService("action", {
        doAction: ({ res_model, res_id }) => expect.step(`open ${res_model} ${res_id}`),
    });
    await mountWithCleanup(Screen);
});

test("a call for help stands on whatever screen is open, and leads to it", async () => {
    tell({ id: 7, title: "Li Na calls for help", text: "Golden Dragon, 09:41" });
    await animationFrame();
    expect(".o_notification").toHaveCount(1);
    expect(".o_notification_content").toHaveText("Li Na calls for help. Golden Dragon, 09:41");
    await contains(".o_notification_buttons button").click();
    expect.verifySteps(["open field.alarm 7"]);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});

test("what is new about one call takes the place of what was said before", async () => {
    tell({ id: 7, title: "Li Na calls for help", text: "Golden Dragon" });
    tell({ id: 8, title: "Wang Wei calls for help", text: "Sun Store" });
    await animationFrame();
    tell({ id: 7, title: "Li Na calls for help", text: "Chen Min takes care" });
    await animationFrame();
    expect(".o_notification").toHaveCount(2);
    expect(".o_notification_content:contains(Chen Min)").toHaveCount(1);
    expect(".o_notification_content:contains(Golden Dragon)").toHaveCount(0);
});
