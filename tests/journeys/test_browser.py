"""What people see and tap: in Chromium, on a desk and on a phone, in English and in Chinese.

`FIELD_PICTURES=docs/images ./field test tests/journeys/test_browser.py` makes the pictures of the
documentation; the one of the read-me is `day.png`.
"""

import io
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from odoo.tests import HttpCase, tagged
from tests.support.browser import prepare_assets, window
from tests.support.in_process import InProcess
from tests.support.traccar_client import Version

from . import road, shanghai
from .in_this_process import InThisProcess

pytestmark = pytest.mark.xdist_group("browser")

HERE = shanghai.SHOPS[0]
NAMES = {
    "en_US": {"rep": "Chen Wei", "leader": "Wang Fang", "company": "Blue River Foods"},
    "zh_CN": {"rep": "陈伟", "leader": "王芳", "company": "蓝河食品"},
}
# What stays as it is on a Chinese screen: units, and whom the map comes from.
ALLOWED = {"km", "min", "GPS", "PDF", "Natural", "Earth"}


def setUpModule():
    prepare_assets()


def shelf():
    """A picture that could have been taken in a shop."""
    image = Image.new("RGB", (1200, 900), "#d8d2c4")
    draw = ImageDraw.Draw(image)
    colours = ("#b23a48", "#2f6690", "#f2a541", "#3a7d44", "#6a4c93", "#e8e6df")
    for row in range(4):
        top = 60 + row * 205
        draw.rectangle((40, top + 165, 1160, top + 180), fill="#8b7d6b")
        for column in range(14):
            left, height = 60 + column * 78, 100 + (column * 7 + row * 13) % 60
            colour = colours[(column // 2 + row) % len(colours)]
            draw.rectangle((left, top + 165 - height, left + 60, top + 165), fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


class Screens:
    """The screens of one rep, his leader and the administrator."""

    size = "desk"
    lang = "en_US"
    test_cursor_lock_timeout = 100  # seconds; a page asks for many things at once

    def setUp(self):
        super().setUp()
        self.words = NAMES[self.lang]
        # commands travel in-process: only what people do in the browser uses the web server here
        self.office = InThisProcess(self.env, InProcess(self.env))
        self.env["res.lang"]._activate_lang(self.lang)
        self.env.company.name = self.words["company"]
        leader = self._hire("leader", self.words["leader"], road.LEADER_GROUPS)
        self.rep = road.hire_rep(
            self.office, Version.V9, leader.employee, self.words["rep"], login="rep"
        )
        self._hire(
            "boss",
            "Admin" if self.lang == "en_US" else "管理员",
            ("field_base.field_base_group_admin", "base.group_partner_manager"),
        )
        users = self.env["res.users"].search([("login", "in", ("leader", "rep", "boss"))])
        users.write({"lang": self.lang, "tz": shanghai.TIME_ZONE})
        self.shops = self.env["res.partner"].create(
            [
                {
                    "name": shop.name(self.lang),
                    "is_company": True,
                    "partner_latitude": shop.lat,
                    "partner_longitude": shop.lon,
                    "user_id": self.rep.user if number % 3 else leader.user,
                }
                for number, shop in enumerate(shanghai.SHOPS)
            ]
        )

    def _hire(self, login, name, groups):
        return road.hire(self.office, login, name, groups)

    def picture(self, page, name):
        if self.lang == "en_US":
            page.picture(name if self.size == "desk" else f"{name}-phone")

    def check(self, page):
        """A screen in Chinese has no English word; no screen is wider than the device."""
        page.settle()
        self.assertFalse(page.is_wider_than_the_screen(), page.text()[:500])
        if self.lang == "zh_CN":
            self.assertEqual(page.foreign_words(ALLOWED), [], page.text()[:3000])

    # --- the rep -------------------------------------------------------------------------------
    def _plan_today(self):
        today = shanghai.today()
        visits = self.env["field.visit"].with_user(self.rep.user)
        return visits.create(
            [
                {"partner_id": self.shops[n].id, "plan_date": today, "plan_time": 9 + n * 1.5}
                for n in range(3)
            ]
        )

    def test_rep_makes_a_visit(self):
        visit = self._plan_today()[0]
        visit.goal_id = self.env.ref("field_visit.field_visit_reason_goal_order")
        name = HERE.name(self.lang)
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder) / "shelf.jpg"
            photo.write_bytes(shelf())
            here = (HERE.lat + 12 * shanghai.METRE, HERE.lon, 9)
            with window(self, "rep", "/odoo/field-today", here) as page:
                self._visit(page, name, photo)
        self.assertEqual((visit.state, visit.end_source), ("done", "user"))
        self.assertEqual(visit.goal_state, "reached")
        self.assertEqual((visit.check_in_verdict, visit.check_out_verdict), ("inside", "inside"))
        self.assertAlmostEqual(visit.check_in_distance_m, 12, delta=1)
        self.assertEqual(visit.step_ids.sorted("sequence").mapped("state"), ["done"] * 3)
        (kept,) = visit.step_ids.photo_ids
        raw = kept.attachment_id.raw
        self.assertEqual(raw[:3], b"\xff\xd8\xff", raw[:40])
        self.assertEqual(Image.open(io.BytesIO(raw)).size, (1200, 900))
        self.assertIn("促销" if self.lang == "zh_CN" else "promotion", visit.step_ids[-1].note)

    def _visit(self, page, name, photo):
        page.see(".o_kanban_record", name)
        self.assertEqual(page.count(".o_kanban_record:not(.o_kanban_ghost)"), 3)
        self.check(page)
        self.picture(page, "visits-today")
        page.click(".o_kanban_record", name)
        page.see(".o_field_visit_check_in")
        self.check(page)
        page.click(".o_field_visit_check_in")
        page.see(".o_field_visit_check_out")
        self.check(page)
        self.picture(page, "visit-checked-in")
        self._do_steps(page, photo)
        self.check(page)
        self.picture(page, "visit-steps-done")
        page.click(".o_field_visit_check_out")
        page.see(".modal .o_field_visit_result")
        self.check(page)
        self.picture(page, "visit-result")
        page.click(
            ".modal .o_field_visit_result",
            self.env.ref("field_visit.field_visit_reason_ordered")
            .with_context(lang=self.lang)
            .name,
        )
        page.see(".o_field_visit_fact .fa-sign-out")
        page.gone(".o_field_visit_check")
        self.check(page)
        self.picture(page, "visit-done")

    def _do_steps(self, page, photo):
        """A photo, a tick, a note, in the order of the procedure."""
        first = ".o_field_visit_steps_kanban .o_kanban_record:nth-child(1)"
        page.see(f"{first} .o_field_visit_photo_add")
        page.choose_file(f"{first} input[type=file]", photo)
        page.see(f"{first} .o_field_visit_photo img")
        page.click(f"{first} button[name=action_done]")
        page.see(f"{first} .o_field_visit_step_done")
        second = ".o_field_visit_steps_kanban .o_kanban_record:nth-child(2)"
        page.click(f"{second} button[name=action_done]")
        page.see(f"{second} .o_field_visit_step_done")
        third = ".o_field_visit_steps_kanban .o_kanban_record:nth-child(3)"
        page.click(f"{third} button[name=action_open].btn-primary")
        page.see(".modal .o_field_widget[name=note] textarea")
        self.check(page)
        text = "想做周末促销" if self.lang == "zh_CN" else "Wants a weekend promotion"
        page.type(".modal .o_field_widget[name=note] textarea", text)
        page.click(".modal button[name=action_done]")
        page.gone(".modal")
        page.see(f"{third} .o_field_visit_step_done", text)

    # --- the leader ----------------------------------------------------------------------------
    def _live_yesterday(self):
        """The fictional day came in through tracker and app."""
        day = shanghai.today() - timedelta(days=1)
        fixes = shanghai.track(day)
        self.assertEqual(road.post(self.office, self.rep, road.requests_of(self.rep, fixes)), {200})
        told = [call for call in shanghai.CALLS if call.shop is not None]
        for call in sorted([*told, shanghai.CLAIM], key=lambda call: call.start):
            self._tell(day, call.shop, call.start, call.end)
        self.assertEqual({r["state"] for r in self.rep.phone.flush()}, {"applied"})
        self.office.rebuild()
        return self.env["field.track.day"].search([("user_id", "=", self.rep.user)])

    def _tell(self, day, number, start, end):
        shop, phone = shanghai.SHOPS[number], self.rep.phone
        position = {"lat": shop.lat, "lng": shop.lon, "accuracy": 10, "fix_age": 1}
        begin = phone.record(
            "visit.check_in",
            shanghai.moment(day, start) + timedelta(minutes=1),
            {
                "visit_uuid": str(road.uuid.uuid4()),
                "partner_id": self.shops[number].id,
                "position": position,
            },
        )
        uuid = begin["payload"]["visit_uuid"]
        leave = shanghai.moment(day, end) - timedelta(minutes=1)
        phone.record("visit.check_out", leave, {"visit_uuid": uuid, "position": position})

    def test_leader_plays_the_day(self):
        day = self._live_yesterday()
        self.assertEqual(day.stay_count, len(shanghai.CALLS))
        with window(
            self, "leader", f"/odoo/action-field_tracking.field_track_day_action/{day.id}"
        ) as page:
            page.see("button[name=action_playback]")
            self.check(page)
            page.click("button[name=action_playback]")
            page.see(".o_field_playback_list .o_stay")
            page.wait(
                f"document.querySelectorAll('.o_field_map_marker').length >= {len(shanghai.CALLS)}",
                "the stays on the map",
            )
            self.assertEqual(page.count(".o_field_playback_list .o_stay"), len(shanghai.CALLS))
            self.assertEqual(page.count(".o_field_playback_list .o_gap"), 1)
            for call in shanghai.CALLS:
                if call.shop is not None:
                    name = call.place.name(self.lang)
                    page.see(".o_field_playback_list .o_stay", name)
            self.check(page)
            self._slide_to(page, 0.755)
            self.check(page)
            self.picture(page, "day")
            before = page.js("document.querySelector('.o_field_playback_clock strong').textContent")
            page.click(".o_field_playback_play")
            page.wait(
                "document.querySelector('.o_field_playback_clock strong').textContent !== "
                f"'{before}'",
                "the clock to run",
            )
            page.click(".o_field_playback_play")
            self.check(page)

    def _slide_to(self, page, part):
        """Move the time of the playback to a part of the day."""
        page.js(
            f"""(() => {{
                const slider = document.querySelector(".o_field_playback_slider input");
                slider.value = +slider.min + (slider.max - slider.min) * {part};
                slider.dispatchEvent(new Event("input"));
            }})()"""
        )

    def test_leader_sees_who_was_not_there(self):
        self._live_yesterday()
        claimed = self.shops[shanghai.CLAIM.shop]
        visit = self.env["field.visit"].search([("partner_id", "=", claimed.id)])
        self.assertEqual(visit.presence_state, "contradicted")
        with window(self, "leader", f"/odoo/field-visits/{visit.id}") as page:
            page.see(".o_field_visit_fact .fa-map-marker")
            self.check(page)
            self.picture(page, "visit-contradicted")

    # --- the administrator ---------------------------------------------------------------------
    def test_administrator_sees_the_customers_on_the_map(self):
        with window(self, "boss", "/odoo/field-customers") as page:
            page.see(".o_data_row, .o_kanban_record", HERE.name(self.lang))
            self.check(page)
            self._switch_to_map(page)
            page.see(".o_field_map_marker")
            self.check(page)
            self.picture(page, "customers-map")

    def _switch_to_map(self, page):
        if self.size == "phone":
            page.click(".o_cp_switch_buttons button.dropdown-toggle")
            page.click(
                ".o-dropdown--menu .o_switch_view.o_field_map, .o-dropdown--menu .dropdown-item:has(.fa-map-marker, .oi-view-map, .fa-map, .fa-map-o)"
            )
        else:
            page.click(".o_cp_switch_buttons .o_switch_view.o_field_map")


@tagged("post_install", "-at_install")
class TestDesk(Screens, HttpCase):
    browser_size = "1400x900"


@tagged("post_install", "-at_install")
class TestDeskInChinese(Screens, HttpCase):
    browser_size = "1400x900"
    lang = "zh_CN"


class Phone(Screens):
    browser_size = "390x844"
    touch_enabled = True
    size = "phone"


@tagged("post_install", "-at_install")
class TestPhoneInChinese(Phone, HttpCase):
    lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestPhone(Phone, HttpCase):
    pass
