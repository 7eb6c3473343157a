"""The screens about people's data: consent, what is stored, who looked, announcements.

`FIELD_PICTURES=docs/images ./field test tests/journeys/test_privacy_screens.py` makes their pictures.
"""

from datetime import timedelta

import pytest

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from tests.support.browser import prepare_assets, window
from tests.support.sync_client import Phone

pytestmark = pytest.mark.xdist_group("browser")

WORDS = {
    "en_US": {
        "rep": "Chen Wei",
        "leader": "Wang Fang",
        "boss": "Admin",
        "company": "Blue River Foods",
        "policy": "City team",
        "subject": "New prices from Monday",
        "body": "<p>The new price list holds from Monday. Please show it at each visit.</p>",
        "reason": "A customer is waiting for him",
        "about": "Photos of 20 November",
        "text": "My daughter is on one of them. Please erase it.",
        "answer": "Erased, with our apologies.",
        "phone": "Chen Wei's phone",
    },
    "zh_CN": {
        "rep": "陈伟",
        "leader": "王芳",
        "boss": "管理员",
        "company": "蓝河食品",
        "policy": "城市团队",
        "subject": "周一起执行新价格",
        "body": "<p>新价格表从周一起执行，请在每次拜访时出示。</p>",
        "reason": "客户正在等他",
        "about": "11 月 20 日的照片",
        "text": "其中一张拍到了我的女儿，请删除。",
        "answer": "已删除，非常抱歉。",
        "phone": "陈伟的手机",
    },
}
# Formats, hashes and addresses are the same in every language.
ALLOWED = {"SOS", "PDF", "JSON", "SHA", "AM", "PM", "OdooBot", "UTC"}
DIGITS = set("abcdef")  # of hashes
ROW = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def setUpModule():
    prepare_assets()


class PrivacyScreens:
    size = "desk"
    lang = "en_US"
    test_cursor_lock_timeout = 100

    def setUp(self):
        super().setUp()
        self.words = WORDS[self.lang]
        self.env["res.lang"]._activate_lang(self.lang)
        self.env.company.name = self.words["company"]
        self.policy = self.env["field.policy"].create(
            {
                "name": self.words["policy"],
                "effective_from": "2025-01-01",
                "consent_required": True,
                "access_reason_required": True,
                "working_time_lock": "workday",
                "retention_position_days": 60,
                "retention_track_days": 180,
                "retention_photo_days": 365,
                "retention_hours_days": 1825,
                "retention_log_days": 365,
            }
        )
        people = {"rep": "rep", "leader": "leader", "boss": "admin"}
        for login, role in people.items():
            user = new_test_user(
                self.env,
                login,
                groups=f"field_base.field_base_group_{role}",
                name=self.words[login],
                lang=self.lang,
                tz="Asia/Shanghai",
                context={"no_reset_password": True},
            )
            setattr(self, login, user)
        Employee = self.env["hr.employee"]
        above = Employee.create({"name": self.leader.name, "user_id": self.leader.id})
        Employee.create({"name": self.rep.name, "user_id": self.rep.id, "parent_id": above.id})
        self._fill()

    def _fill(self):
        now = fields.Datetime.now()
        day = self.env["field.workday"]._do_open(self.rep, now - timedelta(days=1))
        day._do_close(now - timedelta(hours=16))
        Consent = self.env["field.consent"].with_user(self.rep)
        Consent._sign(self.rep, self.policy._get_consent_version(), self.rep.name, now)
        Log = self.env["field.access.log"].with_user(self.leader)
        Log._log(self.rep, "track", self.words["reason"], day.sudo())
        Announcement = self.env["field.announcement"].with_user(self.leader)
        self.announcement = Announcement.create(
            {"name": self.words["subject"], "body": self.words["body"], "is_urgent": True}
        )
        self.announcement.action_publish()
        Request = self.env["field.privacy.request"].with_user(self.rep)
        asked = Request.create({"subject": self.words["about"], "text": self.words["text"]})
        asked.with_user(self.boss).answer = self.words["answer"]
        asked.with_user(self.boss).action_accept()
        Request.create({"kind": "correct", "text": self.words["text"]})
        kind = next(k for k in self.env["field.retention"]._get_kinds() if k.key == "hours")
        old = self.env["field.workday"]._do_open(self.rep, now - timedelta(days=2000))
        self.assertTrue(old)
        self.env["field.retention"].with_context(lang=self.lang)._erase_batch(
            kind, self.env.company, self.rep, 1825, 100
        )

        self._prove()

    def _prove(self):
        """A journal with a seal and an evidence file."""
        journal = self.env["field.event"].with_user(self.rep)
        device = self.env["field.device"].create(
            {"name": self.words["phone"], "user_id": self.rep.id}
        )
        phone = Phone(device.uuid, "", None)
        phone.record("workday.open", fields.Datetime.now() - timedelta(hours=2))
        journal._sync(device.with_user(self.rep), phone.outbox)
        while self.env["field.seal"]._seal_next():
            pass
        event = journal.search([("device_id", "=", device.id)])
        self.proof = self.env["field.proof"].with_user(self.rep)._issue(event)

    def check(self, page, name):
        """A screen in Chinese has no English word; no screen is wider than the device."""
        page.settle()
        suffix = "" if self.lang == "en_US" else "-zh"
        page.picture(f"{name}{suffix}" if self.size == "desk" else f"{name}{suffix}-phone")
        self.assertFalse(page.is_wider_than_the_screen(), f"{name}: {page.text()[:500]}")
        if self.lang == "zh_CN":
            words = [word for word in page.foreign_words(ALLOWED) if set(word) - DIGITS]
            self.assertEqual(words, [], f"{name}: {page.text()[:3000]}")

    def look(self, page, path, name, selector=ROW):
        """Go there and look at it."""
        page.js(f"location.href = {path!r}")
        page.see(selector)
        self.check(page, name)

    def test_what_a_rep_sees(self):
        announcement = f"/odoo/field-announcements/{self.announcement.id}"
        with window(self, "rep", "/odoo/field-my-data") as page:
            page.see(".o_field_my_data", self.words["reason"])
            page.see(".o_field_my_data", self.words["answer"])
            self.check(page, "my-data")
            page.click(".o_field_my_data .btn-primary")
            page.see(".modal [name=text] h5")
            self.check(page, "consent-to-sign")
            self.look(page, "/odoo/field-who-looked", "who-looked")
            self.look(page, f"/field/verify/{self.proof.code}", "verify", ".state.valid")
            self.look(page, announcement, "announcement", "button[name=action_read]")
            page.click("button[name=action_read]")
            page.gone("button[name=action_read]")
        self.assertTrue(self.announcement.sudo().receipt_ids.read_at)

    def test_what_leader_and_administrator_see(self):
        announcement = f"/odoo/field-announcements/{self.announcement.id}"
        consent = self.env["field.consent"].search([("user_id", "=", self.rep.id)])
        # read before the windows are open: their requests and this test share one cursor
        name, version = self.rep.name, consent.version
        with window(self, "leader", announcement) as page:
            page.see("button[name=action_remind]")
            self.check(page, "announcement-author")
        with window(self, "boss", f"/odoo/field-consents/{consent.id}") as page:
            page.see(".o_form_view", name)
            self.assertIn(version, page.text())
            self.look(page, "/odoo/field-consents", "consents")
            self.look(page, "/odoo/field-privacy-requests", "privacy-requests")
            self.look(page, "/odoo/field-certificates", "certificates")
            self.look(page, "/odoo/field-seals", "seals")
            self.look(page, f"/odoo/field-policies/{self.policy.id}", "policy", ".o_form_view")
            page.js("document.querySelector('[name=consent_required]').scrollIntoView()")
            self.check(page, "policy-privacy")


# Each language and each size once: the words are the same in both sizes.
@tagged("post_install", "-at_install", "standard")
class TestDesk(PrivacyScreens, HttpCase):
    browser_size = "1400x900"


@tagged("post_install", "-at_install", "standard")
class TestPhoneInChinese(PrivacyScreens, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    size = "phone"
    lang = "zh_CN"
