"""The leader's desk: the day of the team on one page, the queue cleared with the keyboard; in
English and in Chinese, on a desk and on a phone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "people": ("Li Na", "Chen Wei", "Zhao Lei"),
        "leader": "Wang Fang",
        "shops": ("Golden Dragon", "Happy Mart", "Sun Store", "Lucky 88"),
        "company": "Blue River Foods",
        "reason": "The gate is on the other side",
        "step": "Shelf photo",
    },
    "zh_CN": {
        "people": ("李娜", "陈伟", "赵磊"),
        "leader": "王芳",
        "shops": ("金龙超市", "乐福超市", "阳光便利店", "好运八八"),
        "company": "蓝河食品",
        "reason": "大门在另一侧",
        "step": "货架照片",
    },
}
ALLOWED = {"OdooBot", "GPS", "m", "km", "A", "X", "O", "J", "K", "N", "Natural", "Earth"}
PIN = (31.2304, 121.4737)
# One pixel of grey: what matters is that there is a picture.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


class Desk(OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.leader = self.hire("boss", "leader", self.words["leader"])
        self.reps = [
            self.hire(f"rep{number}", "rep", name, boss=self.leader)
            for number, name in enumerate(self.words["people"])
        ]
        self.shops = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "partner_latitude": PIN[0] + number / 100,
                    "partner_longitude": PIN[1],
                }
                for number, name in enumerate(self.words["shops"])
            ]
        )
        step = {"key": "shelf", "name": self.words["step"], "kind": "photo", "sequence": 1}
        self.sop = self.env["field.sop"].create(
            {"name": self.words["step"], "sequence": 0, "step_ids": [(0, 0, step)]}
        )
        self._make_day()
        self.env.flush_all()

    def _make_day(self):
        self.doubtful = self._visit(0, 0, away=2000)
        self._visit(0, 1)
        self._visit(0, 2, done=False)
        self._visit(1, 1, minutes=2)
        self._visit(1, 3, done=None)
        self._visit(2, 0, done=None)
        self.shops[3].field_fence_radius = 20
        place = {"lat": PIN[0] + 0.031, "lng": PIN[1], "accuracy": 8}
        self.pin = self.env["field.pin.proposal"]._report(self.shops[3], self.reps[0], place)

    def _visit(self, rep, shop, away=10, minutes=25, done=True):
        """A visit of today: done, still going on (False), or planned (None)."""
        person, partner = self.reps[rep], self.shops[shop]
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        visit = self.env["field.visit"].create(
            {
                "partner_id": partner.id,
                "user_id": person.id,
                "sop_id": self.sop.id,
                "plan_date": today,
            }
        )
        if done is None:
            return visit
        place = {"lat": partner.partner_latitude + away / 111195, "lng": PIN[1], "accuracy": 8}
        start = datetime.now().replace(microsecond=0) - timedelta(hours=1 + (done is True))
        visit = visit.with_user(person)
        visit._do_check_in(place, at=start, reason=self.words["reason"], close_previous=True)
        visit.step_ids.add_photo(PNG)
        visit.step_ids.action_done()
        if done:
            visit._do_check_out(place, at=start + timedelta(minutes=minutes))
            visit.action_explain(self.words["reason"])
        return visit

    def picture(self, page, name):
        suffix = "" if self.size == "desk" else "-phone"
        page.picture(f"{name}{suffix}-{self.lang[:2]}")

    def test_leader_looks_at_the_day_and_clears_the_queue(self):
        with window(self, "boss", "/odoo/field-day") as page:
            page.see(".o_field_desk_person", self.words["people"][0])
            self.check(page)
            self.picture(page, "team-day")
            self.assertEqual(page.count(".o_field_desk_person"), 3)
            page.click(".o_field_desk_tile[data-key=review]")
            self._clear(page)
        self.env.invalidate_all()
        self.assertEqual(self.doubtful.sudo().review_state, "accepted")
        self.assertEqual(self.doubtful.sudo().step_ids.photo_ids.rating, "4")
        self.assertEqual((self.pin.state, self.pin.judged_by_id), ("accepted", self.leader))
        self.assertEqual(self.shops[3].field_fence_radius, self.pin.radius_m)
        rated = self.env["field.visit.photo"].search([("rating", "=", "3")])
        self.assertEqual(rated.user_id & self.reps[0], self.reps[0])

    def test_leader_drags_visits_and_plans_from_the_map(self):
        grade = self.env["field.grade"].search([], limit=1)
        due = self.shops[2].copy({"name": f"{self.words['shops'][2]} 2"})
        due.write({"user_id": self.reps[1].id, "field_grade_id": grade.id})
        due.write({"partner_latitude": PIN[0] + 0.05, "partner_longitude": PIN[1]})
        tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
        visit = self._visit(1, 0, done=None)
        others = self._visit(1, 1, done=None) | self._visit(2, 3, done=None)
        (visit | others).write({"plan_date": tomorrow})
        card = f"[data-visit='{visit.id}']"
        due_name, first, second = due.name, self.reps[1].id, self.reps[2].id
        with window(self, "boss", "/odoo/field-board") as page:
            page.see(".o_field_board_table", self.words["people"][1])
            if not page.count(f"th[data-day='{tomorrow}']"):
                page.click(".o_field_board_bar .fa-chevron-right")
            page.click(f"th[data-day='{tomorrow}'] button")
            cell = f"td[data-day='{tomorrow}'][data-person='%s']"
            page.see(cell % first, self.words["shops"][0])
            page.see(".o_field_board_due", due_name)
            self.check(page)
            self.picture(page, "plan-board")
            self._move(page, card, second, cell % second)
            page.see(cell % second, self.words["shops"][0])
            page.click(".o_field_board_due .o_field_board_card", due_name)
            page.see("form button[name=plan]")
            self.check(page)
            page.click("form button[name=plan]")
            page.gone(".o_field_board_due .o_field_board_card")
            page.see(f"td[data-day='{tomorrow}']", due_name)
        self.env.invalidate_all()
        self.assertEqual(visit.sudo().user_id, self.reps[2])
        planned = self.env["field.visit"].search([("plan_date", "=", tomorrow)])
        self.assertIn(due, planned.partner_id)

    def _move(self, page, card, person, cell):
        """With the mouse the card is dragged; with a finger its day and person are chosen."""
        if self.size == "desk":
            page.drag(card, cell)
            return
        page.click(card)
        page.see("form button[name=move]")
        page.js(f"document.querySelector('select[name=person]').value = {person}")
        self.check(page)
        self.picture(page, "plan-board-card")
        page.click("form button[name=move]")

    def _clear(self, page):
        page.see(".o_field_review_card")
        self._key(page, "j")
        page.see(".o_field_review_card h3", self.words["shops"][0])
        page.see(".o_field_review_photo")
        self.check(page)
        self.picture(page, "review")
        self._key(page, "4")
        page.see(".o_field_review_photos", "★★★★")
        count = page.count(".o_field_review_list button")
        self._key(page, "a")
        page.wait(
            f"document.querySelectorAll('.o_field_review_list button').length === {count - 1}",
            "the next visit",
        )
        self._clear_other_kinds(page)

    def _clear_other_kinds(self, page):
        """A pin is moved and a photo gets its points without a hand on the mouse."""
        self._key(page, "k")
        page.see("button[data-kind=visit].btn-primary")
        self._key(page, "n")
        page.see("button[data-kind=pin].btn-primary")
        page.see(".o_field_review_card h3", self.words["shops"][3])
        page.see(".o_field_review_card .o_field_map_root")
        self.check(page)
        page.see(".o_field_review_card button[name=widen]")
        self.picture(page, "review-pin")
        self._key(page, "f")
        page.gone(".o_field_review_card .o_field_map_root")
        page.see("button[data-kind=photo].btn-primary")
        before = page.count(".o_field_review_list button")
        self._key(page, "3")
        page.wait(
            f"document.querySelectorAll('.o_field_review_list button').length === {before - 1}",
            "the photo that has its points goes",
        )

    def _key(self, page, key):
        page.js(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{key: {key!r}, bubbles: true}}))"
        )
        page.settle()


@tagged("post_install", "-at_install")
class TestDeskEnglish(Desk, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestDeskChinese(Desk, HttpCase):
    lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestDeskPhoneChinese(OnPhone, Desk, HttpCase):
    lang = "zh_CN"
