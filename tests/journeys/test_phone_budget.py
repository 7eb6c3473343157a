"""What a day may cost a rep in taps and typing: eight core flows within a budget, without a network.

Seconds are those of the person, not of the machine that runs the test: a tap 1.2 s and a character
0.3 s, as the keystroke-level model has them for a practised hand.
"""

import contextlib

import pytest

from .phone_case import VISIT, PhoneCase
from .phone_town import check_in, check_out, do_steps, settled

pytestmark = pytest.mark.xdist_group("phone")  # one server, one worker

TAP_SECONDS, KEY_SECONDS = 1.2, 0.3
COUNT = """(() => {
    window.taps = window.keys = 0;
    addEventListener("click", () => window.taps++, true);
    addEventListener("input", (ev) => { window.keys += ev.data?.length ?? 0; }, true);
})()"""
#: flow: (taps, seconds). Opening, checking in, finishing and reporting take three steps at most.
BUDGET = {
    "start the day": (1, 2),
    "check in": (2, 3),
    "three steps with a photo": (6, 20),
    "finish the visit": (2, 3),
    "look up a customer": (3, 6),
    "new customer": (4, 10),
    "pause": (2, 3),
    "end the day and report": (6, 15),
}


class TestBudget(PhoneCase):
    def test_core_flows_of_a_day(self):
        tab = self.tab = self.connected().tab
        tab.wait("!!fieldApp.location.current()", "a position")
        settled(tab)
        tab.offline()
        tab.js(COUNT)
        self.met = set()
        with self.within("start the day"):
            tab.tap("button[name=start_day]")
            tab.gone("button[name=start_day]")
        with self.within("check in"):
            check_in(tab)
        with self.within("three steps with a photo"):
            do_steps(tab)
        with self.within("finish the visit"):
            check_out(tab)
        self.about_customers(tab)
        self.about_the_day(tab)
        self.assertEqual(self.met, set(BUDGET), "a flow was not walked")
        tab.offline(False)
        settled(tab)
        kinds = [event["kind"] for event in self.town.events(self.user)]
        self.assertEqual(kinds[: len(VISIT)], VISIT)
        self.assertIn("customer.add", kinds)
        self.assertEqual(kinds.count("workday.close"), 1)
        self.assertEqual({e["state"] for e in self.town.events(self.user)}, {"applied"})

    def about_customers(self, tab):
        with self.within("look up a customer"):
            tab.tap(".o_fa_tabs [data-tab=customers]")
            tab.type("input[type=search]", "lucky")
            tab.gone(".o_fa_row", "Happy Mart")
            tab.tap(".o_fa_row", "Lucky 88")
            tab.see(".o_fa_main", "5 Nanjing Road")
        tab.js("fieldApp.router.replace('today')")
        with self.within("new customer"):
            tab.tap(".o_fa_tabs [data-tab=customers]")
            tab.tap("button[name=new_customer]")
            tab.type("input[name=name]", "Corner Bakery")
            tab.tap("button[name=save_customer]")
            tab.gone("button[name=save_customer]")
        tab.gone(".o_fa_toast")

    def about_the_day(self, tab):
        tab.js("fieldApp.router.replace('today')")
        with self.within("pause"):
            tab.tap(".o_fa_tabs [data-tab=me]")
            tab.tap("button[name=pause]")
            tab.see("button[name=pause]", "Back to work")
        tab.js("fieldApp.router.replace('today')")
        with self.within("end the day and report"):
            tab.tap(".o_fa_tabs [data-tab=me]")
            tab.tap("button[name=end_day]")
            tab.tap("button[name=confirm]")
            tab.js("fieldApp.router.replace('today')")
            tab.tap("button[name=report_words]")
            tab.type("textarea[name=blockers]", "Rain till noon")
            tab.tap("button[name=save_report]")
            tab.see(".o_fv_report", "Rain till noon")

    @contextlib.contextmanager
    def within(self, flow):
        """Count what a flow costs and compare it with its budget."""
        before = self.tab.js("[window.taps, window.keys]")
        yield
        after = self.tab.js("[window.taps, window.keys]")
        taps, keys = (there - here for there, here in zip(after, before, strict=True))
        most, seconds = BUDGET[flow]
        self.assertLessEqual(taps, most, f"{flow}: taps")
        self.assertLessEqual(taps * TAP_SECONDS + keys * KEY_SECONDS, seconds, f"{flow}: seconds")
        self.assertGreater(taps, 0, f"{flow}: nothing was counted")
        self.met.add(flow)
