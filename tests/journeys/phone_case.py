"""What the tests of the phone app share: one town for all, a rep and a phone for each test."""

import itertools
import unittest

import pytest

from tests.support import phone as phones

from . import phone_town
from .phone_town import HERE, connect, settled

VISIT = ["workday.open", "visit.check_in", *["visit.step_done"] * 3, "visit.check_out"]


NUMBERS = itertools.count(1)


class PhoneCase(unittest.TestCase):
    """One town for all, one rep and one phone for each test."""

    lang = "en_US"
    #: Words that are the same on a Chinese screen.
    names = frozenset()

    @pytest.fixture(autouse=True)
    def _live_in(self, town):
        self.town = town
        if town.server.process.poll() is not None:
            town.server.start()
        self.login = f"rep{next(NUMBERS)}"
        self.user = self.town.hire(self.login)
        self.shops = self.town.open_shops(self.user)

    def phone(self, place=HERE):
        phone = self.enterContext(phones.Phone(self.town.url, place, self.lang))
        self.addCleanup(lambda: self.assertEqual(phone.errors, []))
        return phone

    def connected(self, place=HERE):
        phone = self.phone(place)
        connect(phone.tab, self.login)
        return phone

    def open_app(self, tab):
        """The app of the rep, with everything it fetches."""
        connect(tab, self.login)
        settled(tab)

    def look(self, tab, name):
        """Nothing sticks out, nothing is too small for a finger, nothing is left in English; with
        FIELD_PICTURES it makes the picture of the guides."""
        tab.wait("!document.querySelector('.o_fa_toast')", "no message above it")
        tab.picture(f"app-{name}-{self.lang[:2]}")
        self.assertFalse(tab.is_wider_than_the_screen(), name)
        self.assertEqual(tab.small_targets(), [], name)
        if self.lang == "zh_CN":
            self.assertEqual(tab.foreign_words(self.names | {self.login.title()}), [], name)

    def assert_arrived(self, kinds, state="applied"):
        events = self.town.events(self.user)
        self.assertEqual([event["kind"] for event in events], list(kinds))
        self.assertEqual({event["state"] for event in events}, {state})
        self.assertEqual([event["seq"] for event in events], list(range(len(events))))
        links = [event["prev_hash"] or "" for event in events[1:]]
        self.assertEqual(links, [event["hash"] for event in events[:-1]])

    def was_there(self, shop, day):
        """A colleague's visit that counts."""
        colleague = self.town.hire(f"{self.login}_mate", name="Colleague")
        visit = self.town.plan(colleague, shop)
        self.town.sql(
            """UPDATE field_visit
                  SET state = 'done', verdict = 'valid', plan_date = day, check_in_at = day,
                      check_out_at = day + interval '9 minutes'
                 FROM (SELECT %s::date AS day) past
                WHERE id = %s""",
            day,
            visit,
        )
        self.town.sql("UPDATE res_partner SET field_last_visit_date = %s WHERE id = %s", day, shop)

    def visit(self, index=0):
        domain = [("user_id", "=", self.user), ("partner_id", "=", self.shops[index])]
        names = ("state", "check_in_verdict", "check_in_at", "check_in_reason", "uuid")
        return self.town.admin.row("field.visit", domain, names)


def connect_again(tab, login):
    tab.go()
    tab.type("input[name=login]", login)
    tab.type("input[name=password]", phone_town.PASSWORD)
    tab.tap("button[type=submit]")
    tab.see(".o_fa_tabs")
