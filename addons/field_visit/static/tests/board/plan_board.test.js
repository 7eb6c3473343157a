import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");

defineMailModels();
preloadBundle("field_base.assets_map");

const DAYS = ["2026-11-23", "2026-11-24", "2026-11-25"];
const [MONDAY, TUESDAY] = DAYS;
const WORK = Object.fromEntries(DAYS.map((day) => [day, { kind: "work", hours: 8 }]));
const LI = { id: 1, name: "Li Na", days: WORK };
const CHEN = { id: 2, name: "Chen Wei", days: WORK };

/** What the server has: the calls of the board change it, as the real one would. */
let office;

beforeEach(() => {
    const visit = (id, user_id, date, lat) => ({
        ...{ id, user_id, date, lat, lng: 121.4, name: `Shop ${id}`, minutes: 30 },
        ...{ state: "planned", can_move: true, time: "", warning: "" },
    });
    const due = (id, lat) => ({
        ...{ id, lat, lng: 121.5, name: `Due ${id}`, user_id: 1, grade: "A" },
        ...{ state: "overdue", days: 40 },
    });
    office = {
        visits: [visit(5, 1, MONDAY, 31.2), visit(6, 2, TUESDAY, 31.3)],
        due: [due(7, 31.21), due(8, 31.22), due(9, 34)],
        warnings: [],
        editable: true,
    };
    onRpc("/field_base/static/lib/natural_earth/land.json", () => ({ scale: 1, polygons: [] }), {
        pure: true,
    });
    onRpc("field.visit", "get_plan_board", () => ({
        ...{ start: MONDAY, today: MONDAY, days: DAYS, people: [LI, CHEN], people_count: 2 },
        ...{ editable: office.editable, visits: office.visits, due: office.due },
    }));
    onRpc("field.visit", "action_move", ({ args: [[id], day, person] }) => {
        expect.step(`${id} to ${person} on ${day}`);
        office.visits = office.visits.map((one) =>
            one.id === id ? { ...one, date: day, user_id: person } : one
        );
        return office.warnings;
    });
    onRpc("field.visit", "action_plan_customers", ({ args: [customers, person, day] }) => {
        expect.step(`plan ${customers} for ${person} on ${day}`);
        office.due = office.due.filter(({ id }) => !customers.includes(id));
        return { ids: customers, skipped: 0, warnings: office.warnings };
    });
});

async function openBoard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "field_visit.plan_board",
    });
    await animationFrame();
}

const cell = (person, day) => `td[data-person='${person}'][data-day='${day}']`;
const cards = (person, day) => queryAllTexts(`${cell(person, day)} .o_field_board_card`);

test("a visit is dragged to another person and day, and taken back", async () => {
    await openBoard();
    await contains("[data-visit='5']").dragAndDrop(cell(2, TUESDAY));
    await animationFrame();
    expect.verifySteps([`5 to 2 on ${TUESDAY}`]);
    expect(cards(1, MONDAY)).toEqual([]);
    expect(cards(2, TUESDAY)).toEqual(["Shop 5", "Shop 6"]);
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect.verifySteps([`5 to 1 on ${MONDAY}`]);
    expect(cards(1, MONDAY)).toEqual(["Shop 5"]);
});

test("dropped where it was, nothing is asked for", async () => {
    await openBoard();
    await contains("[data-visit='5']").dragAndDrop(cell(1, MONDAY));
    await animationFrame();
    expect.verifySteps([]);
});

test("one's own visit goes to another day with a reason only", async () => {
    office.visits[0].asks_why = true;
    onRpc("field.visit", "action_open_move", ({ args: [[id], day] }) => {
        expect.step(`why ${id} to ${day}`);
        return { type: "ir.actions.act_window_close" };
    });
    await openBoard();
    await contains("[data-visit='5']").dragAndDrop(cell(1, TUESDAY));
    await animationFrame();
    expect.verifySteps([`why 5 to ${TUESDAY}`]);
    expect(cards(1, MONDAY)).toEqual(["Shop 5"]);
    expect(".o_notification").toHaveCount(0);
});

test("what speaks against the new day is said and stays", async () => {
    office.warnings = ["Chen Wei does not work that day."];
    await openBoard();
    await contains("[data-visit='5']").dragAndDrop(cell(2, TUESDAY));
    await animationFrame();
    expect.verifySteps([`5 to 2 on ${TUESDAY}`]);
    expect(".o_notification_content").toHaveText("Shop 5 moved. Chen Wei does not work that day.");
});

test("a customer who is due is dragged into a day", async () => {
    await openBoard();
    expect(queryAllTexts(".o_field_board_due .o_field_board_card").length).toBe(3);
    await contains("[data-customer='8']").dragAndDrop(cell(2, TUESDAY));
    await animationFrame();
    expect.verifySteps([`plan 8 for 2 on ${TUESDAY}`]);
    expect("[data-customer='8']").toHaveCount(0);
});

test("customers drawn round on the map are planned together", async () => {
    await openBoard();
    await click("button[name=draw]");
    await animationFrame();
    const [near, next, far] = ["c7", "c8", "c9"].map((id) =>
        queryOne(`[data-marker-id='${id}']`).getBoundingClientRect()
    );
    const north = (far.bottom + Math.min(near.y, next.y)) / 2; // between them and the third one
    const south = Math.max(near.bottom, next.bottom) + 5;
    const area = queryOne(".o_field_map_lasso");
    area.setPointerCapture = () => {};
    const draw = (type, clientX, clientY) =>
        area.dispatchEvent(new PointerEvent(type, { clientX, clientY, bubbles: true }));
    draw("pointerdown", near.x - 5, north);
    draw("pointermove", near.right + 5, north);
    draw("pointermove", near.right + 5, south);
    draw("pointermove", near.x - 5, south);
    draw("pointerup", near.x - 5, south);
    await animationFrame();
    expect(".o_field_board_action strong").toHaveText("Chosen customers: 2");
    expect("button[name=draw]").toHaveAttribute("aria-pressed", "false");
    await contains("select[aria-label=Person]").select("2");
    await contains("button[name=plan]").click();
    await animationFrame();
    expect.verifySteps([`plan 7,8 for 2 on ${MONDAY}`]);
    expect(queryAllTexts(".o_field_board_due .o_field_board_card").length).toBe(1);
});

test("who may not plan drags nothing and draws nothing", async () => {
    office.editable = false;
    await openBoard();
    expect("button[name=draw]").toHaveCount(0);
    await contains("[data-visit='5']").dragAndDrop(cell(2, TUESDAY));
    await animationFrame();
    expect.verifySteps([]);
});
