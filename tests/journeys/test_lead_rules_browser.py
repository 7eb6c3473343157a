"""The administrator sets up what leads and deals are under, in the browser: a pool with its clocks
and a trial run, a stage condition that is tried before it is switched on, a source with its key, a
company register; and looks at every list of rules. In English and in Chinese, desk and phone."""

from datetime import date, timedelta

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "admin": "Zhao Min",
        "rep": "Chen Wei",
        "company": "Blue River Foods",
        "pool": "Shanghai East, small shops",
        "old": "Shanghai West",
        "lead": "Noodle bar at the park",
        "deal": "Coolers for the hospital",
        "source": "Fair",
        "key": "Website, contact form",
        "register": "Tianyancha",
        "region": "East of the river",
        "segment": "Key accounts",
    },
    "zh_CN": {
        "admin": "赵敏",
        "rep": "陈伟",
        "company": "蓝河食品",
        "pool": "上海东区小店",
        "old": "上海西区",
        "lead": "公园边的面馆",
        "deal": "医院冰柜项目",
        "source": "展会",
        "key": "官网联系表单",
        "register": "天眼查",
        "region": "浦东",
        "segment": "大客户",
    },
}
# Odoo's own names, ids and examples, and descriptions the test database has in English alone.
ALLOWED = {"OdooBot", "Lead", "Pool", "Stage", "Condition", "created"}
ALLOWED |= {"field", "api", "v", "leads", "Authorization", "Bearer"}
ALLOWED |= {"Call", "Email", "Meeting"}  # Odoo's own kinds of activities
RULES = (
    *("field_lead_region", "field_lead_segment", "field_lead_seller", "field_lead_touch_rule"),
    *("field_lead_point_rule", "field_lead_survivor", "field_lead_cost", "field_contact_role"),
    *("field_deal_role", "field_document_category", "field_competitor"),
)


class Rules(OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        words = self.words
        # The rules that come with the module, in the words of the language.
        self.env["ir.module.module"]._load_module_terms(["field_crm"], [self.lang])
        self.admin = self.hire("chief", "admin", words["admin"])
        self.rep = self.hire("rep", "rep", words["rep"], boss=self.admin)
        self.pool = self.env["field.lead.pool"].create(
            {"name": words["old"], "member_ids": [(6, 0, self.rep.ids)]}
        )
        source = self.env["utm.source"].create({"name": words["source"]})
        self.env["field.lead.region"].create({"name": words["region"]})
        self.env["field.lead.segment"].create({"name": words["segment"]})
        self.env["field.lead.seller"].create({"user_id": self.rep.id, "level": "2"})
        self.env["field.lead.cost"].create(
            {"month": date.today().replace(day=1), "source_id": source.id, "amount": 8000}
        )
        Stage = self.env["crm.stage"]
        team = self.env["crm.team"].create({"name": words["old"], "member_ids": self.rep.ids})
        Stage.search([]).team_ids = self.env["crm.team"].create({"name": words["segment"]})
        Stage.action_field_standard_stages()
        self.stages = Stage.search([("team_ids", "=", False)])
        self._make_leads(team, source)

    def _make_leads(self, team, source):
        words = self.words
        self.lead, self.deal = self.env["crm.lead"].create(
            [
                {
                    "name": words["lead"],
                    "type": "lead",
                    "user_id": False,
                    "team_id": False,
                    "field_pool_id": self.pool.id,
                    "source_id": source.id,
                },
                {
                    "name": words["deal"],
                    "type": "opportunity",
                    "user_id": self.rep.id,
                    "team_id": team.id,
                    "stage_id": self.stages[0].id,
                },
            ]
        )
        self.deal.stage_id = self.stages[2]
        self.lead.with_user(self.rep).action_claim()
        self.env.flush_all()
        # Held for ten days without a contact: the trial run finds it.
        past = f"now() - interval '{timedelta(days=10).days} days'"
        self.env.cr.execute(f"UPDATE field_lead_claim SET claimed_at = {past}")
        self.env.cr.execute(
            f"UPDATE crm_lead SET create_date = {past}, date_open = {past} WHERE id = %s",
            (self.lead.id,),
        )
        self.env.cr.execute(f"UPDATE field_stage_history SET at = {past}")
        self.env.invalidate_all()

    def look(self, page, name):
        self.check(page)
        page.picture(f"{name}-{self.size}-{self.lang[:2]}")

    def open(self, page, xmlid):
        self.go(page, f"/odoo/action-field_crm.{xmlid}_action")

    def new(self, page):
        page.click(".o_list_button_add, .o-kanban-button-new")
        page.see(".o_form_view .o_form_editable")

    def read(self, page, model, record, name):
        """Go to a record, and wait until its form is there and not the one before."""
        self.go(page, f"/odoo/m-{model}/{record.id}")
        value = "document.querySelector('.o_form_view .o_field_widget[name=name] input')?.value"
        page.wait(f"{value} === {name!r}", name)
        page.settle()

    def try_it(self, page):
        """The trial run stands in the form's head; on a phone behind a menu."""
        if self.size == "phone":
            page.click(".o_statusbar_buttons button:has(.oi-ellipsis-v)")
        page.click("button[name=action_trial]")

    def save(self, page):
        page.click(".o_form_button_save")
        page.gone(".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save")
        page.settle()

    # --- pools ---------------------------------------------------------------------------------
    def test_pool_with_its_clocks_and_a_trial_run(self):
        name = self.words["pool"]
        with window(self, "chief", "/odoo/action-field_crm.field_lead_pool_action_config") as page:
            page.see(".o_data_row, .o_kanban_record", self.words["old"])
            self.look(page, "rules-pools")
            self.new(page)
            page.type(".o_field_widget[name=name] input", name)
            page.click(".o_field_widget[name=recycle_on] input")
            self.look(page, "rules-pool-new")
            self.save(page)
            self.read(page, "field.lead.pool", self.pool, self.words["old"])
            page.click("button[name=action_trial]")
            page.see(".o_field_widget[name=line_ids], .o_list_view", self.words["lead"])
            self.look(page, "rules-pool-trial")
        made = self.env["field.lead.pool"].search([("name", "=", name)])
        self.assertTrue(made.recycle_on)
        self.assertEqual((made.contact_hours, made.followup_days, made.convert_days), (24, 15, 30))
        self.assertEqual(made.grace_hours, 48)
        self.assertFalse(self.pool.recycle_on, "a trial changes nothing")
        self.assertEqual(self.lead.user_id, self.rep)

    # --- conditions ----------------------------------------------------------------------------
    def test_condition_is_tried_and_then_switched_on(self):
        gate = self.env["field.stage.gate"].create(
            {
                "stage_id": self.stages[2].id,
                "kind": "attachment",
                "category_id": self.env.ref("field_crm.field_document_category_quote").id,
            }
        )
        name = gate.with_context(lang=self.lang)._get_default_name()
        gate.with_context(lang=self.lang).name = name
        with window(self, "chief", "/odoo/stage-conditions") as page:
            page.see(".o_data_row, .o_kanban_record", name)
            self.look(page, "rules-conditions")
            self.read(page, "field.stage.gate", gate, name)
            self.try_it(page)
            page.see(".o_data_row, .o_kanban_record", self.words["deal"])
            self.look(page, "rules-condition-trial")
            self.read(page, "field.stage.gate", gate, name)
            page.click("button[name=action_switch_on]")
            page.see("button[name=action_switch_off]")
            self.look(page, "rules-condition")
        self.assertTrue(gate.is_on)
        with window(self, "chief", f"/odoo/m-field.stage.gate/{gate.id}") as page:
            page.click("button[name=action_switch_off]")
            page.see("button[name=action_switch_on]")
        self.assertFalse(gate.is_on)

    # --- sources and registers -----------------------------------------------------------------
    def test_source_gets_a_key_that_is_shown_once(self):
        source = self.env["field.lead.source"].create(
            {
                "name": self.words["key"],
                "source_id": self.env["utm.source"].search([], order="id desc", limit=1).id,
            }
        )
        with window(self, "chief", "/odoo/action-field_crm.field_lead_source_action") as page:
            page.see(".o_data_row, .o_kanban_record", self.words["key"])
            self.look(page, "rules-sources")
            self.read(page, "field.lead.source", source, self.words["key"])
            page.click("button[name=action_new_key]")
            page.see(".modal .o_field_widget[name=key]")
            page.js(
                "document.querySelector('.modal .o_field_widget[name=key]').dataset.noWords = ''"
            )
            self.look(page, "rules-source-key")
            page.click(".modal footer button, .modal .btn-close")
            page.gone(".modal")
            self.look(page, "rules-source")
        self.assertTrue(source.key_issued_at)

    def test_register_with_its_cap(self):
        with window(self, "chief", "/odoo/action-field_crm.field_register_provider_action") as page:
            page.see(".o_view_nocontent")
            self.look(page, "rules-no-register")
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["register"])
            page.type(".o_field_widget[name=api_key] input", "not-a-real-key")
            self.look(page, "rules-register")
            self.save(page)
            self.open(page, "field_register_provider")
            page.see(".o_data_row, .o_kanban_record", self.words["register"])
            self.look(page, "rules-registers")
        made = self.env["field.register.provider"].search([("name", "=", self.words["register"])])
        self.assertEqual(made.kind, "tianyancha")
        self.assertGreater(made.monthly_cap, 0)

    # --- everything else -----------------------------------------------------------------------
    def test_every_list_of_rules(self):
        titles = {
            xmlid: self.env.ref(f"field_crm.{xmlid}_action").with_context(lang=self.lang).name
            for xmlid in RULES
        }
        with window(self, "chief", "/odoo/action-field_crm.field_lead_pool_action_config") as page:
            for xmlid, title in titles.items():
                self.open(page, xmlid)
                page.see(".o_breadcrumb, .o_main_navbar", title)
                self.look(page, f"rules-{xmlid.removeprefix('field_').replace('_', '-')}")


@tagged("post_install", "-at_install")
class TestRulesDesk(Rules, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestRulesDeskInChinese(Rules, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestRulesPhone(OnPhone, Rules, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestRulesPhoneInChinese(OnPhone, Rules, HttpCase):
    lang = "zh_CN"
