"""Every screen of ours in Odoo's web client on a phone: opens, fits, and the console is quiet.

One row of each model stands in its list, card or form.
"""

import pytest

from odoo.tests import HttpCase, new_test_user, tagged
from tests.support import repository
from tests.support.browser import prepare_assets, window

from . import access_table

pytestmark = pytest.mark.xdist_group("browser")

OPEN = """(async () => {
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    try {
        await action.doAction(%s, { clearBreadcrumbs: true });
    } catch (error) {
        return [error.cause?.data?.message || error.cause?.message || error.message];
    }
    await new Promise((done) => setTimeout(done, 30));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const dialog = document.querySelector(".modal");
    const wide = [...document.querySelectorAll(".o_action_manager, .modal-body, .o_list_renderer")]
        .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
        .map((box) => `${box.className.split(" ")[0]} ${box.scrollWidth}`);
    const cards = document.querySelector(".o_list_renderer") ? ["a table"] : [];
    const found = [...wide, ...cards, ...[...document.querySelectorAll(".o_error_dialog")].map(() => "error")];
    if (dialog) {
        await action.doAction({ type: "ir.actions.act_window_close" });
    }
    return found;
})()"""

# Lists of daily work: on a phone they open as cards.
CARDS = {
    *("field.blob", "field.map.provider", "field.erasure", "field.finding", "field.competitor"),
    *("field.coach.note", "field.deal.request", "field.lead.duplicate", "field.lead.draw"),
    *("field.lead.swap", "field.lead.extension", "field.position.reject", "field.stay"),
    *("field.zone", "field.zone.presence", "field.partner.change", "field.plan.gap"),
    # what leaders set up in the lead pool
    *("field.lead.pool", "field.lead.touch.rule", "field.lead.cost", "field.lead.seller"),
    "field.lead.point.rule",
    *(
        "field.line",
        "field.matter",
        "field.route",
        "field.suggestion",
        "field.task",
        "field.task.work",
        "field.frequency.rule",
        "field.period.plan",
        "field.visit.habit",
    ),
}


def setUpModule():
    prepare_assets()


@tagged("post_install", "-at_install", "standard")
class TestEveryView(HttpCase):
    maxDiff = None  # all of what is wrong, not the first of it
    browser_size = "390x844"
    touch_enabled = True
    test_cursor_lock_timeout = 100

    def setUp(self):
        super().setUp()
        roles = ("field_base.field_base_group_admin", "sales_team.group_sale_manager")
        self.boss = new_test_user(
            self.env, "boss", groups=",".join(roles), context={"no_reset_password": True}
        )
        shop = self.env["res.partner"].create({"name": "Shop", "user_id": self.boss.id})
        rows = access_table.Rows(self.env, self.boss, self.env.company, shop)
        models = access_table.our_models(self.env)
        self.made = {model: number for model in models if (number := rows.try_id_of(model))}
        self.env.flush_all()

    def screens(self):
        """``(name, (model, action))``: a window of each model, and the form of each one's row."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.actions.act_window"), ("module", "in", repository.modules())]
        )
        boss, seen = self.env(user=self.boss.id), set()
        for row in data:
            action = self.env["ir.actions.act_window"].browse(row.res_id)
            model, kind = action.res_model, (action.res_model, action.view_mode.split(",")[0])
            if kind not in seen and model in boss and boss[model].has_access("read"):
                seen.add(kind)
                yield row.complete_name, (model, f'"{row.complete_name}"')
        for model, number in self.made.items():
            if boss[model].has_access("read") and self.has_form(model):
                yield f"{model} form", (None, access_table.form_action(model, number))

    def has_form(self, model):
        return self.env["ir.ui.view"].search_count([("model", "=", model), ("type", "=", "form")])

    def test_all_fit_on_a_phone(self):
        screens, wrong = dict(self.screens()), {}
        with window(self, "boss", "/odoo/field-my-data") as page:
            page.see(".o_field_my_data")
            for name, (model, action) in screens.items():
                found = page.js(OPEN % action)
                # a table without cards is read across: it scrolls in itself, the page does not
                found = [what for what in found if "o_list_renderer" not in what]
                if model not in CARDS:
                    found = [what for what in found if what != "a table"]
                if found:
                    wrong[name] = found
        self.assertEqual(wrong, {})
        self.assertEqual(CARDS - {model for model, _action in screens.values()}, set())
        self.assertGreater(len(screens), 60)
