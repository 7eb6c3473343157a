"""A new customer whom the office does not take, with a visit that waits for him: the rep says what
becomes of both, and nothing is lost without his word; in both languages. With FIELD_PICTURES it
makes the pictures of the user guide."""

from uuid import uuid4

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, outbox, settled

pytestmark = pytest.mark.xdist_group("phone")

COUNT = "fieldApp.account.db.outbox.where('status').equals('{}').count()"
REFUSED, WAITING = COUNT.format("rejected"), COUNT.format("waiting")
DONE = ["workday.open", "visit.check_in", "visit.step_done"]


class Refused:
    names = frozenset(
        {
            "Look",
            "Shelf",
            "Talk",
            "Blue",
            "Door",
            "Golden",
            "Dragon",
            "Administrator",
            "Rep",
        }
    )

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        admin.create(
            "field.policy",
            name=self.login,
            user_id=self.user,
            effective_from="2020-01-01",
            state="active",
            customer_same="ask",
        )
        # a colleague's: the phone does not know him
        self.shop, self.vat = f"Blue Door {self.user}", f"VAT{self.user}X"
        self.there = admin.create("res.partner", name=self.shop, vat=self.vat, user_id=2)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        return tab

    def visit_new(self, tab):
        """Without a network a customer is added and visited; the office then does not take him."""
        tab.js("fieldApp.router.go('customer_new')")
        tab.see("button[name=add_and_visit]:disabled")
        tab.type("input[name=name]", self.shop)
        tab.type("input[name=vat]", self.vat)
        tab.tap("button[name=add_and_visit]")
        tab.see(".o_fv_step")
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=look][data-state=done]")
        tab.offline(False)
        tab.js("void fieldApp.sync.soon()")
        tab.wait(f"{REFUSED}.then((n) => n === 1)", "the refusal")
        tab.wait(f"{WAITING}.then((n) => n === 2)", "what waits for him")

    def open_choice(self, tab):
        tab.js("fieldApp.router.go('outbox')")
        tab.tap("button.o_fa_trouble")
        tab.see("[role=alert]", self.shop)
        tab.see(f"[data-customer='{self.there}']")

    def states(self):
        """(kind, state, code) of the journal, as the phone has numbered it."""
        events = self.town.events(self.user)
        self.assertEqual([event["seq"] for event in events], list(range(len(events))))
        return [(event["kind"], event["state"], event["code"]) for event in events]

    def assert_visited(self, partner, states):
        refused = ("customer.add", "rejected", "same_customer")
        applied = [(kind, "applied", False) for kind in DONE]
        self.assertEqual(states, [refused, *applied, ("customer.add", "applied", False)])
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        [visit] = self.town.admin.rows("field.visit", here, ["partner_id", "step_ids"])
        self.assertEqual(visit["partner_id"], partner)
        done = [("visit_id.user_id", "=", self.user), ("state", "=", "done")]
        self.assertEqual(len(self.town.admin.search("field.visit.step", done)), 1)

    def added(self):
        return self.town.admin.search("res.partner", [("user_id", "=", self.user)])

    def test_it_is_a_customer_who_is_there(self):
        tab = self.start()
        self.visit_new(tab)
        self.open_choice(tab)
        self.look(tab, "customer-refused")
        tab.tap(f"[data-customer='{self.there}']")
        self.look(tab, "customer-refused-same")
        tab.tap("button[name=confirm_same]")
        settled(tab)
        self.assertEqual(sorted(self.added()), sorted(self.shops))
        self.assert_visited(self.there, self.states())
        self.assertEqual(outbox(tab), [])

    def test_it_is_another_one(self):
        tab = self.start()
        self.visit_new(tab)
        self.open_choice(tab)
        tab.js("document.querySelector('input[name=name]').value = ''")
        other = f"Gate {uuid4().hex}"  # like no name of the other tests in this town
        tab.type("input[name=name]", other)
        tab.tap("button[name=again]")
        settled(tab)
        [made] = set(self.added()) - set(self.shops)
        [partner] = self.town.admin.rows("res.partner", [("id", "=", made)], ["name", "vat"])
        self.assertEqual((partner["name"], partner["vat"]), (other, self.vat))
        mine = [("user_id", "=", self.user), ("kind", "=", "customer.add")]
        refused, again = self.town.admin.rows("field.event", mine, ["happened_at"], order="id")
        self.assertEqual(again["happened_at"], refused["happened_at"], "when he was there")
        self.assert_visited(made, self.states())

    def test_both_are_taken_back(self):
        tab = self.start()
        check_in(tab)  # somewhere else: ends with the next check-in, and goes on without it
        self.visit_new(tab)
        self.open_choice(tab)
        tab.tap("button[name=give_up]")
        self.look(tab, "customer-refused-back")
        tab.tap("button[name=confirm_give_up]")
        settled(tab)
        self.assertEqual(outbox(tab), [])
        self.assertEqual(sorted(self.added()), sorted(self.shops))
        back = ("rejected", "taken_back")
        self.assertEqual(
            self.states(),
            [
                ("workday.open", "applied", False),
                ("visit.check_in", "applied", False),
                ("customer.add", "rejected", "same_customer"),
                ("visit.check_in", *back),
                ("visit.step_done", *back),
                ("event.discard", "applied", False),
            ],
        )
        self.assertEqual(self.visit()["state"], "in_progress")
        tab.js("fieldApp.router.go('today')")
        tab.see("[data-state=in_progress], .o_fv_now", "Golden Dragon")


class TestRefusedEnglish(Refused, PhoneCase):
    lang = "en_US"


class TestRefusedChinese(Refused, PhoneCase):
    lang = "zh_CN"
