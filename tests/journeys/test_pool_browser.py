"""The lead pool on the desk and on the phone: a rep sees what there is to claim and not how to reach
it, claims, and sees it; his leader reads what became of the pool. In English and in Chinese."""

from datetime import timedelta

import pytest

from odoo import fields
from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal

pytestmark = pytest.mark.xdist_group("browser")

PHONE, MAIL = "+86 138 0016 8842", "buyer@noodles.example"
NAMES = {
    "en_US": {
        "rep": "Chen Wei",
        "leader": "Wang Fang",
        "pool": "Shanghai East",
        "leads": ["Noodle bar at the park", "Tea house", "Corner shop", "Hotel by the river"],
        "contact": "Li Na",
        "city": "Shanghai",
        "source": "Fair",
        "company": "Blue River Foods",
    },
    "zh_CN": {
        "rep": "陈伟",
        "leader": "王芳",
        "pool": "上海东区",
        "leads": ["公园边的面馆", "茶楼", "街角便利店", "江边酒店"],
        "contact": "李娜",
        "city": "上海",
        "source": "展会",
        "company": "蓝河食品",
    },
}
# Odoo's own names and examples, and descriptions the test database has in English alone.
ALLOWED = {"OdooBot", "Lead", "Opportunity", "created", "New", "https", "www", "odoo", "com"}
VALUES = "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join('|')"


class Pool(OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.leader = self.hire("leader", "leader", self.words["leader"])
        self.rep = self.hire("rep", "rep", self.words["rep"], boss=self.leader)
        self.pool = self.env["field.lead.pool"].create(
            {
                "name": self.words["pool"],
                "member_ids": [(6, 0, (self.rep | self.leader).ids)],
                "recycle_on": True,
                "holding_cap": 10,
            }
        )
        source = self.env["utm.source"].create({"name": self.words["source"]})
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "lead",
                    "user_id": False,
                    "team_id": False,
                    "field_pool_id": self.pool.id,
                    "contact_name": self.words["contact"],
                    "phone": PHONE,
                    "email_from": MAIL,
                    "city": self.words["city"],
                    "source_id": source.id,
                    "field_lat": 31.23 + number / 100,
                    "field_lng": 121.5 + number / 100,
                }
                for number, name in enumerate(self.words["leads"])
            ]
        )
        # What was held before: one lead came back, another one has become something.
        returned, kept = self.leads[2:]
        for lead in (returned, kept):
            lead.with_user(self.rep).action_claim()
        returned.with_user(self.rep).action_return_to_pool("…")
        self.env.flush_all()

    def look(self, page, name):
        self.check(page)
        if self.lang == "en_US":
            page.picture(name if self.size == "desk" else f"{name}-phone")

    def hides_the_contact(self, page):
        seen = page.text() + page.js(VALUES)
        for secret in (PHONE, PHONE[-4:], MAIL, self.words["contact"]):
            self.assertNotIn(secret, seen)

    # --- the representative --------------------------------------------------------------------
    def test_rep_claims_and_only_then_sees_the_contact(self):
        lead, name = self.leads[0], self.words["leads"][0]
        with window(self, "rep", "/odoo/lead-pool") as page:
            page.see(".o_data_row, .o_kanban_record", name)
            self.look(page, "lead-pool")
            self.hides_the_contact(page)
            self.go(page, f"/odoo/m-crm.lead/{lead.id}")
            page.see(".o_form_view button[name=action_claim]")
            self.look(page, "lead-pool-lead")
            self.hides_the_contact(page)
            page.click(".o_form_view button[name=action_claim]")
            seen = f"({VALUES} + document.body.innerText).includes({PHONE[-4:]!r})"
            page.wait(seen, "the telephone number")
            page.gone(".o_form_view button[name=action_claim]")
            self.go(page, "/odoo/my-claimed-leads")
            page.see(".o_data_row, .o_kanban_record", name)
            self.look(page, "lead-held")
        self.env.invalidate_all()
        self.assertEqual(lead.user_id, self.rep)
        left = lead.field_contact_deadline - fields.Datetime.now()
        self.assertAlmostEqual(left, timedelta(hours=24), delta=timedelta(minutes=10))

    # --- the leader ----------------------------------------------------------------------------
    def test_leader_reads_what_became_of_the_pool(self):
        with window(self, "leader", "/odoo/pool-health") as page:
            page.see(".o_pivot td, .o_pivot th", self.words["rep"])
            self.look(page, "pool-health")
            self.go(page, "/odoo/lead-pools")
            page.see(".o_kanban_record", self.words["pool"])
            self.look(page, "lead-pools")
            self.go(page, "/odoo/lead-claims")
            page.see(".o_data_row, .o_kanban_record", self.words["leads"][3])
            self.look(page, "lead-claims")


@tagged("post_install", "-at_install")
class TestPoolDesk(Pool, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestPoolDeskInChinese(Pool, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestPoolPhone(OnPhone, Pool, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestPoolPhoneInChinese(OnPhone, Pool, HttpCase):
    lang = "zh_CN"
