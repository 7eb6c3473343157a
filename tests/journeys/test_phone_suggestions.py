"""Whom else to visit today, in both languages and without a network: why, taken into the day and
visited, or dismissed with a reason. With FIELD_PICTURES it makes the pictures of the user guide."""

import pytest

from tests.support.office import RpcDesk

from .phone_case import PhoneCase
from .phone_town import METRE, PASSWORD, PIN, outbox, settled, today

pytestmark = pytest.mark.xdist_group("phone")

SHOPS = {
    "en_US": ("Corner Kiosk", "Green Grocer", "Night Market", "River Deli"),
    "zh_CN": ("街角小卖部", "绿色蔬果店", "夜市便利店", "河畔熟食店"),
}


class Suggestions:
    names = frozenset({"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Rep"}) | {
        *("Nanjing", "Road", "Shanghai", "GPS", "m", "km", "Look", "Shelf", "Talk"),
    }

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        self.wanted = [
            admin.create(
                "res.partner",
                name=name,
                street=f"{n + 20} Nanjing Road",
                user_id=self.user,
                partner_latitude=PIN[0] + n * 700 * METRE,
                partner_longitude=PIN[1],
            )
            for n, name in enumerate(SHOPS[self.lang])
        ]
        desk = RpcDesk(self.town.url, self.login, PASSWORD, self.town.database)
        desk.call("field.suggestion", "action_open_today")

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        return tab

    def row(self, index):
        return f".o_fv_suggestion[data-partner='{self.wanted[index]}']"

    def test_suggestions(self):
        tab = self.start()
        self.ask_why(tab)
        tab.offline()
        self.answer(tab)
        self.visit(tab)
        tab.offline(False)
        settled(tab)
        self.assert_arrived(
            ["suggestion.take", "suggestion.dismiss", "workday.open", "visit.check_in"]
        )
        self.assert_office(tab)

    def ask_why(self, tab):
        tab.see(self.row(0))
        self.assertEqual(tab.js("document.querySelectorAll('.o_fv_suggestion').length"), 3)
        tab.tap("button[name=more_suggestions]")
        tab.see(self.row(3))
        self.look(tab, "suggestions")
        tab.tap(f"{self.row(0)} button[name=suggestion]")
        tab.see(".o_fa_sheet h2", SHOPS[self.lang][0])
        points = "[...document.querySelectorAll('.o_fv_sum dd')].map((one) => +one.innerText)"
        *parts, whole = tab.js(points)
        self.assertEqual((len(parts), sum(parts)), (2, whole), "the sum is explained")
        self.look(tab, "suggestion")

    def answer(self, tab):
        tab.tap("button[name=add_suggestion]")
        tab.gone(".o_fa_sheet")
        tab.see("button.o_fv_stop", SHOPS[self.lang][0])
        tab.gone(self.row(0))
        tab.tap(f"{self.row(1)} button[name=suggestion]")
        tab.tap("button[name=dismiss_suggestion]")
        self.look(tab, "suggestion-no")
        tab.tap("button[data-reason=phone]")
        tab.gone(self.row(1))
        tab.see(self.row(2))
        # both are on the disk, not only on the screen
        tab.reload()
        tab.see("button.o_fv_stop", SHOPS[self.lang][0])
        tab.see(self.row(2))
        tab.gone(self.row(0))
        tab.gone(self.row(1))
        self.assertEqual(len(outbox(tab)), 2)

    def visit(self, tab):
        """It is visited before the office knows that it is in the plan."""
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.tap("button.o_fv_stop", SHOPS[self.lang][0])
        # nobody has said which kind of visit it is to be
        tab.tap("button[name=visit_type]")
        tab.see("button[name=visit_type][aria-pressed=true]")
        tab.tap("button[name=visit_type][aria-pressed=true]")
        tab.gone("button[name=visit_type][aria-pressed=true]")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        tab.see("h1", SHOPS[self.lang][0])

    def assert_office(self, tab):
        admin = self.town.admin
        names = ("partner_id", "state", "dismiss_reason", "visit_id")
        mine = [("user_id", "=", self.user)]
        found = {row["partner_id"]: row for row in admin.rows("field.suggestion", mine, names)}
        states = [found[partner]["state"] for partner in self.wanted]
        self.assertEqual(states, ["accepted", "dismissed", "open", "open"])
        self.assertEqual(found[self.wanted[1]]["dismiss_reason"], "phone")
        visit = admin.row(
            "field.visit",
            [("partner_id", "=", self.wanted[0])],
            ("uuid", "source", "state", "plan_date", "is_unplanned"),
        )
        self.assertEqual((visit["source"], visit["state"]), ("suggestion", "in_progress"))
        self.assertEqual((visit["plan_date"], visit["is_unplanned"]), (today().isoformat(), False))
        self.assertEqual(visit["id"], found[self.wanted[0]]["visit_id"])
        # the office's own answer has replaced what was only noted here
        tab.js("void fieldApp.sync.soon()")
        noted = "fieldApp.account.db.docs.where('kind').equals('suggestion').count()"
        tab.wait(f"{noted}.then((count) => !count)", "the answer of the office")
        tab.js("fieldApp.router.go('today')")
        tab.see(self.row(3))
        self.assertEqual(tab.js("document.querySelectorAll('.o_fv_suggestion').length"), 2)


class TestSuggestionsEnglish(Suggestions, PhoneCase):
    lang = "en_US"


class TestSuggestionsChinese(Suggestions, PhoneCase):
    lang = "zh_CN"
