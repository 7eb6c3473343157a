import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { moveEventToDate } from "@web/../tests/views/calendar/calendar_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class FieldVisit extends models.Model {
    _name = "field.visit";

    name = fields.Char();
    start_at = fields.Datetime();
    stop_at = fields.Datetime();
    asks_why = fields.Boolean();

    _records = [1, 2].map((id) => ({
        ...{ id, name: `Shop ${id}`, asks_why: id === 1 },
        ...{ start_at: "2026-11-23 09:30:00", stop_at: "2026-11-23 10:00:00" },
    }));
}

defineMailModels();
defineModels([FieldVisit]);
preloadBundle("web.fullcalendar_lib");

test("one's own visit is asked about, the others go where they are dropped", async () => {
    mockDate("2026-11-23 08:00:00", 0);
    onRpc("field.visit", "action_open_move", ({ args: [[id], day, time] }) => {
        expect.step(`why ${id} to ${day} at ${time}`);
        return { type: "ir.actions.act_window_close" };
    });
    onRpc("field.visit", "write", ({ args: [[id], { start_at }] }) => {
        expect.step(`${id} to ${start_at}`);
    });
    await mountView({
        resModel: "field.visit",
        type: "calendar",
        arch: `<calendar js_class="field_visit_calendar" date_start="start_at" date_stop="stop_at"
                mode="month"><field name="asks_why" invisible="1" /></calendar>`,
    });
    await moveEventToDate(1, "2026-11-25");
    await animationFrame();
    expect.verifySteps(["why 1 to 2026-11-25 at 0"]);
    await moveEventToDate(2, "2026-11-25");
    await animationFrame();
    expect.verifySteps(["2 to 2026-11-25 09:30:00"]);
});
