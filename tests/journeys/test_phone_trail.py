"""The way of a day from the app itself: only when everything allows it, and all of it arrives."""

import pytest

from .phone_case import PhoneCase
from .phone_town import HERE, METRE, check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

KEPT = "fieldApp.account.db.fixes.count()"

# Who may be recorded, and what takes each of it away.
RULES = """(() => {
    const { whyNot } = odoo.loader.modules.get("@field_tracking/app/trail");
    const { localDate } = odoo.loader.modules.get("@field_base/app/core/clock");
    const me = { policy: { tracking_level: "app" }, working_times: null };
    const day = { state: "open", date: localDate() };
    const past = [["2020-01-01T08:00:00Z", "2020-01-01T18:00:00Z"]];
    return [
        whyNot({ me, day }, "granted"),
        whyNot({ me: null, day }, "granted"),
        whyNot({ me: { ...me, policy: { tracking_level: "check_in" } }, day }, "granted"),
        whyNot({ me: { ...me, consent: { required: true, valid: false } }, day }, "granted"),
        whyNot({ me, day: { ...day, state: "closed" } }, "granted"),
        whyNot({ me, day: { ...day, date: "2020-01-01" } }, "granted"),
        whyNot({ me, day: { ...day, paused: true } }, "granted"),
        whyNot({ me: { ...me, working_times: past }, day }, "granted"),
        whyNot({ me, day }, "denied"),
    ];
})()"""


class TestTrail(PhoneCase):
    def walk(self, tab, *metres):
        for distance in metres:
            second = tab.js("window.second = Math.floor(Date.now() / 1000)")
            tab.wait(f"Math.floor(Date.now() / 1000) > {second}", "the next second")
            tab.place((HERE[0] + distance * METRE, HERE[1], 8))
            tab.wait(
                f"Math.abs(fieldApp.location.current()?.lat - {HERE[0] + distance * METRE}) < 1e-6",
                "the phone to know",
            )

    def test_the_way_of_an_open_day_arrives(self):
        tab = self.connected().tab
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        self.assertEqual(tab.js(KEPT), 0)  # no day is on
        tab.offline()
        tab.tap("button[name=start_day]")
        tab.wait("fieldApp.state.day?.state === 'open'", "the day")
        self.walk(tab, 150, 170, 300)  # twenty metres more are no new point
        tab.wait(f"{KEPT}.then((count) => count >= 2)", "the points")
        tab.tap("[data-tab=me]")
        tab.see("[data-trail=on]")
        tab.tap("button[name=pause]")
        tab.see("[data-trail=pause]")
        before = tab.js(KEPT)
        tab.tap("[data-tab=today]")
        self.walk(tab, 600, 900)
        self.assertEqual(tab.js(KEPT), before)
        tab.offline(False)
        settled(tab)
        tab.wait(f"{KEPT}.then((count) => !count)", "all points to be sent")
        query = "SELECT source, lat / 1e7 FROM field_position WHERE user_id = %s ORDER BY ts"
        rows = self.town.sql(query, self.user)
        self.assertEqual((len(rows), {source for source, _lat in rows}), (before, {"app"}))
        ways = [round((float(lat) - HERE[0]) / METRE) for _source, lat in rows]
        self.assertEqual(ways, sorted(ways))
        self.assertEqual((ways[-1], 170 in ways), (300, False))
        tab.js("fieldApp.router.replace('me')")
        tab.see("[data-trail=pause]")  # also after the server has told its own picture of the day

    def test_each_lock_alone_keeps_the_way_unrecorded(self):
        tab = self.connected().tab
        wanted = ["", "policy", "policy", "consent", "day", "day", "pause", "hours", "permission"]
        self.assertEqual(tab.js(RULES), wanted)

    def test_what_is_unsent_goes_with_the_consent(self):
        self.town.sql("UPDATE field_policy SET consent_required = true")
        self.addCleanup(self.town.sql, "UPDATE field_policy SET consent_required = false")
        tab = self.connected().tab
        tab.js("fieldApp.account.db.fixes.put({ ts: 1, row: [1, 31, 121] })")
        check_in(tab)
        tab.wait(f"{KEPT}.then((count) => !count)", "the points to be gone")
        settled(tab)
        self.assertEqual(
            self.town.sql("SELECT 1 FROM field_position WHERE user_id = %s", self.user), []
        )
