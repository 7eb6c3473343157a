"""One shelf over 90 days, side by side: from the customer's page, with the keyboard, to the visit;
in English and in Chinese, on a desk and on a phone."""

import base64
import io
from datetime import datetime, timedelta

import pytest
from freezegun import freeze_time
from PIL import Image

from odoo.tests import HttpCase, tagged, test_cursor
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal
from odoo.addons.field_base.tests.test_access_log import _commit_with_hooks

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "company": "Blue River Foods",
        "leader": "Wang Fang",
        "rep": "Li Na",
        "shop": "Golden Dragon",
        "shelf": "Our shelf",
        "door": "Entrance",
    },
    "zh_CN": {
        "company": "蓝河食品",
        "leader": "王芳",
        "rep": "李娜",
        "shop": "金龙超市",
        "shelf": "本品货架",
        "door": "门头照",
    },
}
ALLOWED = {"OdooBot", "GPS", "m", "km", "A", "Natural", "Earth", "Enter"}
PLACE = {"lat": 31.2304, "lng": 121.4737, "accuracy": 8}
DAYS = (84, 56, 28, 1)


def picture(number):
    """A shelf that gets fuller."""
    image = Image.new("RGB", (480, 360), "#e6eae8")
    for pack in range(2 + 3 * number):
        left, top = 20 + pack % 5 * 90, 20 + pack // 5 * 110
        image.paste(("#0f6b5c", "#8a5200", "#1b5fa8")[pack % 3], (left, top, left + 70, top + 90))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


class Shelf:
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.leader = self.hire("boss", "leader", self.words["leader"])
        self.rep = self.hire("rep0", "rep", self.words["rep"], boss=self.leader)
        values = {"partner_latitude": PLACE["lat"], "partner_longitude": PLACE["lng"]}
        self.shop = self.env["res.partner"].create({"name": self.words["shop"], **values})
        steps = [
            (0, 0, {"key": key, "name": self.words[key], "kind": "photo", "sequence": number})
            for number, key in enumerate(("shelf", "door"))
        ]
        self.sop = self.env["field.sop"].create(
            {"name": self.words["shelf"], "sequence": 0, "step_ids": steps}
        )
        self.visits = [self._visit(number, days) for number, days in enumerate(DAYS)]
        self.env.flush_all()

    def _visit(self, number, days):
        start = datetime.now().replace(microsecond=0) - timedelta(days=days)
        with freeze_time(start):
            visit = self.env["field.visit"].create(
                {"partner_id": self.shop.id, "user_id": self.rep.id, "sop_id": self.sop.id}
            )
            visit = visit.with_user(self.rep)
            visit._do_check_in(PLACE)
            for step in visit.step_ids.filtered(lambda one: one.key == "shelf" or not number):
                step.add_photo(picture(number))
            visit._do_check_out(PLACE)
        return visit

    def _key(self, page, key):
        page.js(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{key: {key!r}, bubbles: true}}))"
        )
        page.settle()

    def _chosen(self, page, number):
        photo = f".o_field_shelf_photo:nth-child({number})"
        page.see(f"{photo}[aria-current=true]")
        page.wait(
            f"document.activeElement.matches({photo!r})", "the chosen photo to have the focus"
        )
        page.wait(f"document.querySelector({(photo + ' img')!r}).naturalWidth", "its picture")

    def test_leader_looks_at_a_shelf_over_time(self):
        # a request that only reads notes the opening after its commit
        self.patch(test_cursor.TestCursor, "commit", _commit_with_hooks)
        with window(self, "boss", f"/odoo/res.partner/{self.shop.id}") as page:
            self._open_page(page)
            page.click("button[name=shelf]")
            page.see(".o_field_shelf", self.words["shop"])
            self.assertEqual(page.count(".o_field_shelf_photo"), len(DAYS))
            self._chosen(page, len(DAYS))
            self._key(page, "ArrowRight")
            self._chosen(page, len(DAYS))
            self._key(page, "ArrowLeft")
            self._chosen(page, len(DAYS) - 1)
            self.check(page)
            suffix = "" if self.size == "desk" else "-phone"
            page.picture(f"shelf-time{suffix}-{self.lang[:2]}")
            self._compare(page, suffix)
            page.click("[data-shelf=door]")
            page.wait("document.querySelectorAll('.o_field_shelf_photo').length === 1", "the door")
            page.click("[data-shelf=shelf]")
            page.click(".o_field_shelf_photo:nth-child(2)")
            page.see(".o_form_view", self.words["shop"])
            page.wait(f"location.pathname.endsWith('/{self.visits[1].id}')", "its visit")
        self.env.invalidate_all()
        Log = self.env["field.access.log"].sudo()
        looks = Log.search([("viewer_id", "=", self.leader.id), ("user_id", "=", self.rep.id)])
        self.assertIn("photo", looks.mapped("kind"))

    def _compare(self, page, suffix):
        """The chosen photo over the one before, or over another one."""
        page.click("button[name=compare]")
        page.see(".o_field_swipe")
        new, old = (f".o_field_swipe_{side} img" for side in ("new", "old"))
        for side in (new, old):
            page.wait(f"document.querySelector('{side}').naturalWidth", "both pictures")
        shown = f"document.querySelector('{old}').src"
        first = page.js(shown)
        page.js(
            "(() => { const input = document.querySelector('input[name=swipe]');"
            " input.value = 30; input.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )
        clip = "getComputedStyle(document.querySelector('.o_field_swipe_new')).clipPath"
        page.wait(f"{clip} === 'inset(0px 0px 0px 30%)'", "the line to move")
        page.js(
            "(() => { const select = document.querySelector('select[name=old]');"
            " select.selectedIndex = 0;"
            " select.dispatchEvent(new Event('change', { bubbles: true })); })()"
        )
        page.wait(f"{shown} !== {first!r}", "the oldest photo")
        page.wait(f"document.querySelector('{old}').naturalWidth", "its picture")
        self.check(page)
        page.picture(f"shelf-swipe{suffix}-{self.lang[:2]}")
        page.click(".o_field_shelf_photo:nth-child(1)")
        page.see(".o_field_shelf_photo:nth-child(1)[aria-current=true]")
        page.click("button[name=compare]")
        page.wait("!document.querySelector('.o_field_swipe')", "the photos alone")

    def _open_page(self, page):
        """By the button of the contact where there is room for it, else by its menu."""
        page.see(".o_form_view")
        if self.size == "phone":
            page.click(".o_button_more")
        page.click("button[name=action_field_360]")
        page.see(".o_field_360", self.words["shop"])
        self.check(page)


@tagged("post_install", "-at_install")
class TestShelfEnglish(Shelf, OfficeCase, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestShelfChinese(Shelf, OfficeCase, HttpCase):
    lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestShelfPhoneChinese(OnPhone, Shelf, OfficeCase, HttpCase):
    lang = "zh_CN"
