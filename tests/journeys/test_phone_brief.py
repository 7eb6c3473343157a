"""A visit has been on the phone for long; what the office has learned of the customer since then is on
the screen without the visit having changed, also without a network, in both languages."""

from datetime import timedelta

import pytest

from tests.support.office import RpcDesk

from .phone_case import PhoneCase
from .phone_town import PASSWORD, PIN, check_in, settled, today
from .test_phone_shelf import picture

pytestmark = pytest.mark.xdist_group("phone")

STEPS = (("shelf", "Shelf", "photo"), ("look", "Look", "check"), ("money", "Talk", "collection"))
#: What is owed comes with the books, which the town has not.
OWED = """fieldApp.account.db.rows.toCollection().modify((one) => {{
    if (one.collection === "briefs" && one.id === {shop}) {{
        one.row.overdue = {{ amount: 3200, count: 2, currency: "¥" }};
    }}
}})"""
PULLED = (
    "fieldApp.account.db.meta.put({{ key: 'pulled_at', value: Date.now() - {hours} * 3600e3 }})"
)
OWES = {"en_US": "owes ¥3,200", "zh_CN": "¥3,200"}
OPTIONAL = {"en_US": "optional", "zh_CN": "选做"}
BRIEF = "fieldApp.account.db.rows.get(['briefs', {shop}]).then((one) => one?.row)"


class Brief:
    lang = "en_US"
    names = frozenset({"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m"}) | {
        *("Look", "Shelf", "Talk", "Happy", "Mart", "Sun", "Store", "Lucky", "Rep"),
    }

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        steps = [
            (0, 0, {"key": key, "name": name, "kind": kind, "sequence": number})
            for number, (key, name, kind) in enumerate(STEPS)
        ]
        steps[1][2]["required_when"] = "month"
        self.sop = admin.create("field.sop", name="Month", sequence=90, step_ids=steps)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=self.sop)

    def colleague(self):
        """Somebody else does the month's step today, and his picture becomes the reference."""
        login = f"{self.login}_mate"
        self.town.hire(login, name="Colleague")
        mate = RpcDesk(self.town.url, login, PASSWORD, self.town.database)
        visit = self.town.plan(mate.uid, self.shops[0])
        self.town.admin.write("field.visit", visit, sop_id=self.sop)
        here = {"lat": PIN[0], "lng": PIN[1], "accuracy": 8}
        mate.call("field.visit", "action_check_in", visit, here)
        rows = mate.rows("field.visit.step", [("visit_id", "=", visit)], ["key"])
        steps = {row["key"]: row["id"] for row in rows}
        mate.call("field.visit.step", "add_photo", steps["shelf"], picture())
        mate.call("field.visit.step", "action_done", steps["look"])
        photos = self.town.admin.search("field.visit.photo", [("visit_id", "=", visit)])
        self.town.admin.call("field.visit.photo", "action_make_reference", photos)

    def test_what_was_learned_since_the_visit_came(self):
        tab = self.phone().tab
        later = self.town.admin.create("res.partner", name="Golden Sun", user_id=self.user)
        visit = self.town.plan(self.user, later)
        day = (today() + timedelta(days=5)).isoformat()
        self.town.admin.write("field.visit", visit, plan_date=day)
        self.open_app(tab)
        brief = BRIEF.format(shop=self.shops[0])
        self.assertEqual(tab.js(brief)["references"], {})
        self.assertFalse(tab.js(BRIEF.format(shop=later)), "its time has not come")
        self.colleague()
        settled(tab)
        tab.wait(f"{brief}.then((row) => row.references.shelf)", "the picture of the office")
        tab.js(OWED.format(shop=self.shops[0]))
        tab.js(PULLED.format(hours=48))
        tab.offline()
        tab.see(".o_fv_now", OWES[self.lang])
        self.look(tab, "brief-today")
        check_in(tab)
        tab.see("[data-step=look] .o_fa_soft", OPTIONAL[self.lang])
        tab.tap("[data-step=shelf]")
        tab.see(".o_fa_camera")
        tab.see(".o_fa_reference")
        tab.js("document.querySelector('.o_fa_camera header button:last-child').click()")
        tab.gone(".o_fa_camera")
        tab.js("document.querySelector('.o_fa_sheet_bar button').click()")
        tab.gone(".o_fa_sheet")
        tab.tap("[data-step=money]")
        tab.see(".o_fa_note.o_fa_warn", "3200")
        shown = tab.js("document.querySelector('.o_fa_note.o_fa_warn').textContent")
        past = tab.js(
            "odoo.loader.modules.get('@field_base/app/core/clock')"
            ".formatMoment(Date.now() - 48 * 3600e3)"
        )
        self.assertIn(past.rsplit(" ", 1)[0], shown, "the day it is of")
        self.look(tab, "brief-money")


class TestBriefEnglish(Brief, PhoneCase):
    lang = "en_US"


class TestBriefChinese(Brief, PhoneCase):
    lang = "zh_CN"
