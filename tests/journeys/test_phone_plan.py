"""What a person does to the plan on the phone, in both languages and without a network: one visit more
today, one on another day, somebody was here a few days ago, why a visit was missed; and the light of
the camera. With FIELD_PICTURES it makes pictures."""

from datetime import timedelta

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, check_in, settled, today

pytestmark = pytest.mark.xdist_group("phone")

AHEAD = {"en_US": "You go there on", "zh_CN": "您已安排"}
THEIRS = {"en_US": "Colleague plans to go there on", "zh_CN": "Colleague 计划"}
LAST = {"en_US": "last 2 d ago", "zh_CN": "2 天前来过"}
CAMERA = "odoo.loader.modules.get('@field_base/app/capture/camera').Camera"
#: A camera with a lamp, which the machine of the tests has not.
LAMP = """MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
    MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => {
        window.lit = torch;
    }"""
#: A picture that the office has sent, to hold the new one beside.
RED_DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAP8AAP///ywAAAAAAQABAAACAkQBADs="
PICTURE = f"""fieldApp.account.db.rows.toCollection().modify((one) => {{
    if (one.collection === "briefs") {{
        one.row.references = {{ shelf: "{RED_DOT}" }};
    }}
}})"""


class Plan:
    names = frozenset({"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Rep"}) | {
        *("Nanjing", "Road", "Shanghai", "GPS", "m", "km", "Look", "Shelf", "Talk", "Colleague"),
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        return tab

    def rule(self, **values):
        self.town.admin.create(
            "field.policy",
            name="Plans",
            user_id=self.user,
            effective_from="2026-01-01",
            **values,
        )

    def test_somebody_was_here_a_few_days_ago(self):
        self.rule(duplicate_days=5)
        self.was_there(self.shops[0], today() - timedelta(days=2))
        tab = self.start()
        tab.see(".o_fv_now .o_fv_last", LAST[self.lang])
        tab.offline()
        tab.tap("button[name=check_in]")
        tab.see(".o_fv_near", "Colleague")
        self.look(tab, "near")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")

    def choose_day(self, tab, day):
        tab.js(
            f"""(() => {{
                const input = document.querySelector("input[name=plan_date]");
                input.value = "{day.isoformat()}";
                input.dispatchEvent(new Event("input", {{ bubbles: true }}));
            }})()"""
        )

    def test_planning_close_to_another_visit(self):
        self.rule(duplicate_days=5)
        other = self.town.admin.create("res.partner", name="Golden Sun", user_id=self.user)
        self.was_there(other, today() - timedelta(days=2))
        tab = self.start()
        tab.offline()
        self.plan_at(tab, self.shops[1])
        tab.see(".o_fv_near", AHEAD[self.lang])
        self.look(tab, "plan-own")
        self.choose_day(tab, today() + timedelta(days=6))
        tab.gone(".o_fv_near")
        tab.js("fieldApp.router.replace('today')")
        self.plan_at(tab, other)
        tab.see(".o_fv_near", "Colleague")
        self.look(tab, "plan-near")
        self.choose_day(tab, today() + timedelta(days=4))
        tab.gone(".o_fv_near")
        self.choose_day(tab, today() + timedelta(days=3))
        tab.see(".o_fv_near", "Colleague")
        tab.tap("button[name=save_plan]")  # nobody is kept from it
        tab.gone(".o_fa_sheet")
        tab.see(".o_fv_planned")

    def test_planning_close_to_what_a_colleague_plans(self):
        """The phone learns of it with the next sync, and of its end."""
        self.rule(duplicate_days=5)
        admin = self.town.admin
        shop = admin.create("res.partner", name="Golden Sun", user_id=self.user)
        tab = self.start()
        colleague = self.town.hire(f"{self.login}_mate", name="Colleague")
        visit = self.town.plan(colleague, shop)
        admin.write("field.visit", visit, plan_date=(today() + timedelta(days=7)).isoformat())
        self.fetch(tab, shop, "row.ahead?.length === 1")
        tab.offline()
        self.plan_at(tab, shop)
        tab.gone(".o_fv_near")
        self.choose_day(tab, today() + timedelta(days=3))
        tab.see(".o_fv_near", THEIRS[self.lang])
        self.look(tab, "plan-near-plan")
        tab.js("fieldApp.router.replace('today')")
        tab.offline(False)
        admin.call("field.visit", "action_cancel", [visit], "Closed")
        self.fetch(tab, shop, "!row.ahead")
        tab.js(f"fieldApp.router.go('customer', {shop})")
        tab.tap("button[name=plan_visit]")
        tab.see("[data-draft]")  # the day is still the one chosen before
        tab.gone(".o_fv_near")

    def fetch(self, tab, shop, wanted):
        tab.js("void fieldApp.sync.soon()")
        row = f"fieldApp.account.db.rows.get(['customers', {shop}])"
        tab.wait(f"{row}.then(({{ row }}) => {wanted})", "the customer as he is now")

    def plan_at(self, tab, shop):
        tab.js(f"fieldApp.router.go('customer', {shop})")
        tab.tap("button[name=plan_visit]")
        tab.see("input[name=plan_date]")

    def test_why_a_visit_was_missed(self):
        visit = self.town.plan(self.user, self.shops[1])
        day = today() - timedelta(days=1)
        self.town.sql(
            "UPDATE field_visit SET state = 'missed', plan_date = %s WHERE id = %s", day, visit
        )
        tab = self.start()
        tab.see(".o_fv_missed")
        self.look(tab, "missed")
        tab.offline()
        tab.tap("button[name=missed_visit]")
        tab.see("button[name=cancel_reason]")
        self.look(tab, "missed-why")
        tab.tap("button[name=cancel_reason]")
        tab.gone(".o_fv_missed")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["visit.missed_reason"])
        row = self.town.admin.row("field.visit", [("id", "=", visit)], ("state", "reason_id"))
        self.assertEqual(row["state"], "missed")
        self.assertTrue(row["reason_id"])
        self.assertFalse(tab.js("!!document.querySelector('.o_fv_missed')"), "not asked again")

    def test_one_visit_more_today_and_one_on_another_day(self):
        corner, market = (
            self.town.admin.create(
                "res.partner",
                name=name,
                user_id=self.user,
                partner_latitude=PIN[0] + n * 700 * METRE,
                partner_longitude=PIN[1],
            )
            for n, name in enumerate(("Golden Sun", "Lucky Mart"), start=5)
        )
        tab = self.start()
        tab.offline()
        tab.tap("button[name=add_today]")
        tab.see("button[name=add_customer]", "Lucky Mart")
        tab.type("input[name=add_query]", "golden sun")
        tab.gone("button[name=add_customer]", "Lucky Mart")
        self.look(tab, "plan-today")
        tab.tap("button[name=add_customer]", "Golden Sun")
        tab.gone(".o_fa_sheet")
        tab.wait(
            "document.querySelector('main').innerText.includes('Golden Sun')", "a stop of today"
        )
        tab.js(f"fieldApp.router.go('customer', {market})")
        tab.tap("button[name=plan_visit]")
        tab.see("input[name=plan_date]")
        self.look(tab, "plan-visit")
        tab.tap("button[name=save_plan]")
        tab.gone(".o_fa_sheet")
        tab.see(".o_fv_planned")
        self.look(tab, "planned")
        tab.reload()
        tab.see(".o_fv_planned")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["visit.plan", "visit.plan"])
        names = ("partner_id", "plan_date", "state", "source", "is_unplanned")
        found = {
            row["partner_id"]: row
            for row in self.town.admin.rows(
                "field.visit", [("partner_id", "in", [corner, market])], names
            )
        }
        days = {corner: today(), market: today() + timedelta(days=1)}
        self.assertEqual(
            {one: row["plan_date"] for one, row in found.items()},
            {one: day.isoformat() for one, day in days.items()},
        )
        for row in found.values():
            self.assertEqual((row["state"], row["source"]), ("planned", "manual"))


class TestPlanEnglish(Plan, PhoneCase):
    def test_light_and_the_picture_to_compare_with(self):
        tab = self.start()
        tab.offline()  # the office knows of no picture
        tab.js(LAMP)
        tab.js(PICTURE)
        check_in(tab)
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.see(".o_fa_camera")
        tab.tap("button[name=torch][aria-pressed=false]")
        tab.see("button[name=torch][aria-pressed=true]")
        self.assertTrue(tab.js("window.lit"))
        tab.see(".o_fa_reference")
        self.look(tab, "camera-light")
        tab.tap("button[name=compare]")
        tab.gone(".o_fa_reference")
        tab.tap("button[name=torch]")
        tab.see("button[name=torch][aria-pressed=false]")
        self.assertFalse(tab.js("window.lit"))

    def test_camera_takes_no_more_than_the_office(self):
        tab = self.start()
        tab.js(f"{CAMERA}.defaultProps.most = 2")
        tab.offline()
        check_in(tab)
        tab.tap("[data-step=shelf]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        for number in (1, 2):
            tab.tap(".o_fa_shutter:not([disabled])")
            tab.wait(f"document.querySelectorAll('.o_fa_thumbs img').length === {number}", "it")
        tab.see(".o_fa_shutter[disabled]")
        tab.see(".o_fa_camera .o_fa_hint", "at most 2.")
        self.look(tab, "camera-full")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=shelf][data-state=done]")


class TestPlanChinese(Plan, PhoneCase):
    lang = "zh_CN"
