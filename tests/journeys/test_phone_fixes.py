"""A phone that only slowly finds where it is: the tap waits for the better position, not for ever, and
the office keeps what the phone had."""

import time

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, connect, settled

pytestmark = pytest.mark.xdist_group("phone")

COARSE = (PIN[0] + 20 * METRE, PIN[1], 70)
GOOD = (PIN[0] + 24 * METRE, PIN[1], 9)


class TestFixes(PhoneCase):
    def start(self):
        tab = self.phone(COARSE).tab
        tab.go()
        connect(tab, self.login)
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(f"fieldApp.router.go('customer', {self.shops[0]})")
        tab.see(".o_fv_glance")  # nothing moves under the finger any more
        tab.tap("button[name=check_in]")
        tab.see("button[name=confirm_check_in]:not(:disabled)")
        return tab

    def check_in(self, tab):
        tab.tap("button[name=confirm_check_in]")
        # the tap has come, and waits
        tab.see("button[name=confirm_check_in]:disabled")

    def visit(self, tab):
        tab.see(".o_fv_step")
        settled(tab)
        names = ["check_in_accuracy", "check_in_fixes"]
        domain = [("user_id", "=", self.user), ("check_in_at", "!=", False)]
        return self.town.admin.row("field.visit", domain, names)

    def test_the_better_position_is_waited_for(self):
        tab = self.start()
        tab.js("fieldApp.location.since = Date.now() + 60000")  # however slow this machine is
        self.check_in(tab)
        tab.place(GOOD)
        visit = self.visit(tab)
        self.assertEqual(visit["check_in_accuracy"], 9)
        self.assertEqual([fix["accuracy"] for fix in visit["check_in_fixes"]][-1], 9)
        self.assertIn(70, [fix["accuracy"] for fix in visit["check_in_fixes"]])

    def test_the_best_there_is_has_to_do(self):
        tab = self.start()
        tab.js("fieldApp.location.since = Date.now()")
        begun = time.monotonic()
        self.check_in(tab)
        visit = self.visit(tab)
        self.assertGreater(time.monotonic() - begun, 9)
        self.assertEqual(visit["check_in_accuracy"], 70)
