"""What the journeys in Odoo's web client share: a company, a leader and his people, two languages,
two sizes.

Every day each journey is made in English at a desk and in Chinese on a phone, which is every screen
in both languages and in both sizes. The other two are made with the pictures (FIELD_PICTURES), or
when FIELD_ALL_SIZES is set.
"""

import os
import unittest

from odoo.tests import new_test_user
from tests.support.browser import prepare_assets

MORE = bool(os.environ.get("FIELD_PICTURES") or os.environ.get("FIELD_ALL_SIZES"))
off_the_diagonal = unittest.skipUnless(MORE, "made with the pictures, or with FIELD_ALL_SIZES")


class OfficeCase:
    """Goes before `HttpCase`; subclasses give `names` and `allowed` and make their records."""

    size = "desk"
    lang = "en_US"
    browser_size = "1400x900"
    browser_zone = "Asia/Shanghai"  # where the people are, so their day is today's
    test_cursor_lock_timeout = 100
    # what people, places and things are called: {lang: {...}}
    names = {}
    # words that may be English on a Chinese screen
    allowed = frozenset()

    @classmethod
    def setUpClass(cls):
        prepare_assets()
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.words = self.names[self.lang]
        self.env["res.lang"]._activate_lang(self.lang)
        self.env.company.name = self.words["company"]

    def hire(self, login, role, name, boss=None):
        """A person with a role and a place in the organisation chart.

        :param str role: ``rep`` or ``leader``
        :param boss: his leader, as a user
        """
        user = new_test_user(
            self.env,
            login,
            groups=f"field_base.field_base_group_{role}",
            name=name,
            lang=self.lang,
            tz="Asia/Shanghai",
            context={"no_reset_password": True},
        )
        self.env["hr.employee"].create(
            {"name": name, "user_id": user.id, "parent_id": boss and boss.employee_id.id}
        )
        return user

    def check(self, page):
        """What holds on every screen: nothing wider than it, nothing foreign on a Chinese one."""
        page.settle()
        self.assertFalse(page.is_wider_than_the_screen(), page.text()[:500])
        if self.lang == "zh_CN":
            self.assertEqual(page.foreign_words(self.allowed), [], page.text()[:3000])

    def go(self, page, path):
        page.js(f"void location.assign({path!r})")


class OnPhone:
    """Goes before the journey."""

    size = "phone"
    browser_size = "390x844"
    touch_enabled = True
