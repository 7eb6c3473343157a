"""A visit drawn by chance, looked at by a colleague, decided by the leader; and the progress of a
campaign with its versions. In English and in Chinese, on a desk and on a phone."""

from datetime import timedelta

import pytest

from odoo.fields import Date
from odoo.tests import HttpCase, tagged, test_cursor
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal
from .test_shelf_browser import PLACE, picture
from odoo.addons.field_base.tests.test_access_log import _commit_with_hooks

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "company": "Blue River Foods",
        "leader": "Wang Fang",
        "rep": "Li Na",
        "colleague": "Zhao Lei",
        "shop": "Golden Dragon",
        "shelf": "Our shelf",
        "said": "The owner wants more tea",
        "note": "This is the shelf of another shop",
        "task": "Autumn display",
        "old": "Two shelves",
        "new": "Three shelves",
    },
    "zh_CN": {
        "company": "蓝河食品",
        "leader": "王芳",
        "rep": "李娜",
        "colleague": "赵磊",
        "shop": "金龙超市",
        "shelf": "本品货架",
        "said": "老板想多要一些茶",
        "note": "这是另一家店的货架",
        "task": "秋季陈列",
        "old": "两层货架",
        "new": "三层货架",
    },
}
ALLOWED = {"OdooBot", "Enter", "GPS"}


class SecondLooks:
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        # a request that only reads notes the opening after its commit
        self.patch(test_cursor.TestCursor, "commit", _commit_with_hooks)
        self.leader = self.hire("boss", "leader", self.words["leader"])
        self.rep = self.hire("rep0", "rep", self.words["rep"], boss=self.leader)
        self.colleague = self.hire("rep1", "rep", self.words["colleague"], boss=self.leader)
        values = {"partner_latitude": PLACE["lat"], "partner_longitude": PLACE["lng"]}
        self.shop = self.env["res.partner"].create(
            {"name": self.words["shop"], "user_id": self.rep.id, **values}
        )
        step = {"key": "shelf", "name": self.words["shelf"], "kind": "photo"}
        self.sop = self.env["field.sop"].create(
            {"name": self.words["shelf"], "sequence": 0, "step_ids": [(0, 0, step)]}
        )
        self.visit = self._visit()

    @property
    def suffix(self):
        return f"{'' if self.size == 'desk' else '-phone'}-{self.lang[:2]}"

    def _visit(self):
        rules = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        rules.write({"second_look_share": 100, "second_look_by": "colleague"})
        visit = self.env["field.visit"].create(
            {"partner_id": self.shop.id, "user_id": self.rep.id, "sop_id": self.sop.id}
        )
        visit = visit.with_user(self.rep)
        visit._do_check_in(PLACE)
        visit.step_ids.add_photo(picture(1))
        visit.step_ids.write({"note": self.words["said"]})
        visit.step_ids.action_done()
        visit._do_check_out(PLACE)
        visit.sudo()._with_evidence().truth_due_at = False  # the time to explain is over
        visit._after_shown()
        return visit

    def test_second_look(self):
        look = self.env["field.second.look"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(look.user_id, self.colleague)
        action = "/odoo/action-field_visit.field_second_look_action_mine"
        with window(self, "rep1", action) as page:
            page.see(".o_kanban_record, .o_data_row", self.words["shop"])
            self.check(page)
            page.click(".o_kanban_record, .o_data_row .o_data_cell[name=partner_name]")
            page.see(".o_form_view", self.words["said"])
            page.wait("document.querySelector('.o_form_view img.img-thumbnail').naturalWidth", "it")
            page.type(".o_field_widget[name=note] textarea", self.words["note"])
            self.check(page)
            page.picture(f"second-look{self.suffix}")
            self._differ(page)
            page.see(".o_form_view .o_field_widget[name=decided_at]")
            self.check(page)
        self.env.invalidate_all()
        self.assertEqual((look.state, look.note), ("differs", self.words["note"]))
        with window(self, "boss", "/odoo/action-field_visit.field_second_look_action") as page:
            page.see(
                ".o_pivot, .o_kanban_record", self.words["rep" if self.size == "desk" else "shop"]
            )
            self.check(page)
            self.go(page, "/odoo/action-field_visit.field_visit_action_review")
            page.see(".o_field_review", self.words["note"])
            self.check(page)

    def _differ(self, page):
        """The second button stands in a menu where there is no room for it."""
        if self.size == "phone" and not page.shows("button[name=action_differ]"):
            page.click(".o_statusbar_buttons_dropdown_item, .o_form_statusbar .dropdown-toggle")
        page.click("button[name=action_differ]")

    def test_campaign(self):
        speaking = self.env["field.task"].with_user(self.leader).with_context(lang=self.lang)
        task = speaking.create(
            {
                "name": self.words["task"],
                "goal": self.words["old"],
                "deadline": Date.today() + timedelta(days=5),
                "user_id": self.leader.id,
                "needs_acceptance": True,
                "partner_ids": [(6, 0, self.shop.ids)],
            }
        )
        task.action_give_out()
        task.work_ids.with_user(self.rep).action_accept()
        task.goal = self.words["new"]
        self.env.flush_all()
        with window(self, "boss", f"/odoo/field.task/{task.id}") as page:
            page.see(".o_form_view .nav-link[name=versions]")
            page.click(".nav-link[name=versions]")
            page.see(".o_field_widget[name=history_text]", self.words["old"])
            self.check(page)
            page.picture(f"campaign{self.suffix}")
        with window(self, "rep0", f"/odoo/field.task.work/{task.work_ids.id}") as page:
            page.see(".alert-warning", self.words["new"])
            self.check(page)
            page.picture(f"work-changed{self.suffix}")
            page.click("button[name=action_accept]")
            page.gone(".alert-warning")
        self.env.invalidate_all()
        self.assertEqual((task.work_ids.state, task.work_ids.accepted_version), ("accepted", 2))


@tagged("post_install", "-at_install")
class TestSecondLooksEnglish(SecondLooks, OfficeCase, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestSecondLooksChinese(SecondLooks, OfficeCase, HttpCase):
    lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestSecondLooksPhoneChinese(OnPhone, SecondLooks, OfficeCase, HttpCase):
    lang = "zh_CN"
