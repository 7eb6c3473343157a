"""Help from the phone: held down, saved without a network, told at once when there is one.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import time

import pytest

from .phone_case import PhoneCase
from .phone_town import settled

pytestmark = pytest.mark.xdist_group("phone")


def hold(tab, seconds):
    tab.see(".o_fa_hold")
    box = tab.js("document.querySelector('.o_fa_hold').getBoundingClientRect().toJSON()")
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    tab.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
    time.sleep(seconds)  # a thumb that stays
    tab.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


class TestSafety(PhoneCase):
    def ready(self, **rules):
        admin = self.town.admin
        admin.create(
            "field.policy",
            name=self.login,
            user_id=self.user,
            effective_from="2020-01-01",
            state="active",
            **rules,
        )
        phone = self.connected()
        settled(phone.tab)
        return phone.tab

    def alarm(self):
        names = ("state", "lat", "kind", "told_ids", "id")
        return self.town.admin.row("field.alarm", [("user_id", "=", self.user)], names)

    def test_a_call_without_a_network_goes_out_when_there_is_one(self):
        tab = self.ready(safety_sos=True)
        tab.tap("button[name=sos]")
        tab.see(".o_fa_hold")
        tab.picture("app-sos")
        self.assertFalse(tab.is_wider_than_the_screen())
        hold(tab, 0.4)  # a pocket is no call
        self.assertEqual(tab.js("fieldApp.account.db.outbox.count()"), 0)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        hold(tab, 1.8)
        tab.see("[role=alert]", "Saved on this phone")
        tab.offline(False)
        settled(tab)
        tab.see("[role=alert]", "Told: ")
        alarm = self.alarm()
        self.assertEqual((alarm["state"], alarm["kind"]), ("open", "sos"))
        self.assertAlmostEqual(alarm["lat"], 31.2304, places=4)
        self.town.admin.call("field.alarm", "action_acknowledge", [alarm["id"]])
        settled(tab)
        tab.see("[role=alert]", "takes care of it")
        tab.picture("app-sos-seen")
        tab.tap("button[name=all_right]")
        settled(tab)
        self.assertEqual(self.alarm()["state"], "ok")
        tab.gone("button[name=alarm]")

    def test_a_question_is_answered_with_one_tap(self):
        tab = self.ready()
        self.assertFalse(tab.js("!!document.querySelector('button[name=sos]')"))
        now = self.town.sql("SELECT date_trunc('second', now() at time zone 'utc')::text")[0][0]
        self.town.sql(
            "INSERT INTO field_alarm (user_id, company_id, kind, state, started_at, subject)"
            " VALUES (%s, 1, 'check', 'asked', %s, 'Golden Dragon')",
            self.user,
            now,
        )
        settled(tab)
        tab.see(".o_fa_card[role=alert]", "Golden Dragon")
        tab.picture("app-asked")
        tab.tap("button[name=all_right]")
        tab.gone("button[name=need_help]")
        settled(tab)
        self.assertEqual(self.alarm()["state"], "ok")
