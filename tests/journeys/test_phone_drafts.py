"""What is half typed and closed is not lost: not with its sheet, not with the app, not with the next
sync; it is offered again, or begun afresh. In both languages. With FIELD_PICTURES it makes the pictures
of the user guide."""

import pytest

from .phone_case import PhoneCase
from .phone_town import FAR, METRE, PIN, check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

WORDS = {
    "en_US": {
        "sop": "Store visit",
        "form": "Shelf check",
        "note": "What was said",
        "money": "Money",
        "shelf": "Is our cola on the shelf?",
        "facings": "How many facings?",
        "half": "The owner wants",
        "promise": "Bring the new",
        "shop": "Blue Door",
    },
    "zh_CN": {
        "sop": "门店拜访",
        "form": "货架检查",
        "note": "谈了什么",
        "money": "收款",
        "shelf": "我们的可乐在架吗？",
        "facings": "有几个排面？",
        "half": "老板想要",
        "promise": "下次带新",
        "shop": "蓝门小店",
    },
}
DRAFTS = "fieldApp.account.db.docs.where('kind').equals('draft').count()"
CLOSE = ".o_fa_sheet_bar button"


def value(selector):
    return f'document.querySelector("{selector}").value'


class Drafts:
    names = frozenset(
        {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "A", "B", "C"}
    )

    def setUp(self):
        admin = self.town.admin
        self.words = words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        form = admin.create("field.form", name=words["form"])
        question = {"form_id": form, "name": words["shelf"], "sequence": 1}
        admin.create("field.form.question", **question)
        question = {"form_id": form, "name": words["facings"], "sequence": 2, "kind": "number"}
        self.facings = admin.create("field.form.question", **question)
        kinds = {"form": "form", "note": "note", "money": "collection"}
        steps = [
            {"key": key, "kind": kind, "name": words[key], "sequence": number}
            for number, (key, kind) in enumerate(kinds.items())
        ]
        steps[0]["form_id"] = form
        lines = [(0, 0, step) for step in steps]
        sop = admin.create("field.sop", name=words["sop"], sequence=90, step_ids=lines)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def start(self):
        phone = self.phone()
        tab = phone.tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        return phone, tab

    def leave(self, tab):
        tab.tap(CLOSE)
        tab.gone(".o_fa_sheet")

    def begin(self, tab, step, *typed):
        tab.tap(f"[data-step={step}]")
        for selector, text in typed:
            tab.type(selector, text)
        self.leave(tab)
        tab.see(f"[data-step={step}] [data-begun]")

    def test_visit(self):
        phone, tab = self.start()
        check_in(tab)
        tab.tap("[data-step=form]")
        tab.gone("[data-draft]")
        tab.tap("[data-answer=yes]")
        tab.type(".o_fv_answer input", "12")
        self.leave(tab)
        tab.see("[data-step=form] [data-begun]")
        self.begin(tab, "note", ("textarea[name=note]", self.words["half"]))
        self.begin(tab, "money", ("input[name=received]", "200"))
        self.promise(tab)
        self.look(tab, "visit-begun")
        self.sync(tab)
        tab = phone.restart()
        tab.go()
        tab.tap("button[name=continue]")
        self.offered(tab)
        settled(tab)
        self.assert_office()

    def promise(self, tab):
        tab.tap("button[name=add_followup]")
        tab.type("textarea[name=followup_name]", self.words["promise"])
        self.leave(tab)

    def sync(self, tab):
        """The office sends its own picture of the visit, which has nothing of what is half typed."""
        tab.offline(False)
        uuid = "location.hash.split('/').at(-1)"
        known = f"fieldApp.account.db.docs.get('visit:' + {uuid}).then((doc) => !doc)"
        tab.js("void fieldApp.sync.soon()")
        tab.wait(known, "the picture of the office")
        tab.wait(f"{DRAFTS}.then((count) => count === 4)", "four forms")
        for step in ("form", "note", "money"):
            tab.see(f"[data-step={step}] [data-begun]")

    def offered(self, tab):
        tab.tap("[data-step=form]")
        tab.see("[data-draft]")
        tab.see("[data-answer=yes][aria-pressed=true]")
        self.assertEqual(tab.js(value(".o_fv_answer input")), "12")
        self.look(tab, "form-draft")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=form][data-state=done]")
        self.afresh(tab)
        tab.tap("[data-step=money]")
        tab.see("[data-draft]")
        self.assertEqual(tab.js(value("input[name=received]")), "200")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=money][data-state=done]")
        tab.tap("button[name=add_followup]")
        tab.see("[data-draft]")
        self.assertEqual(tab.js(value("textarea[name=followup_name]")), self.words["promise"])
        tab.tap("button[name=save_followup]")
        tab.see(".o_fa_row", self.words["promise"])
        tab.wait(f"{DRAFTS}.then((count) => !count)", "nothing half done")

    def afresh(self, tab):
        """The next step has come up by itself, with what was typed."""
        typed = value("textarea[name=note]")
        tab.see("textarea[name=note]")
        tab.wait(f"{typed} === '{self.words['half']}'", "what was typed")
        tab.tap("button[name=draft_afresh]")
        tab.gone("[data-draft]")
        self.assertEqual(tab.js(typed), "")
        self.leave(tab)
        tab.gone("[data-step=note] [data-begun]")

    def assert_office(self):
        self.assert_arrived(
            ["workday.open", "visit.check_in", *["visit.step_done"] * 2, "followup.add"]
        )
        answer = self.town.admin.row(
            "field.form.answer", [("question_id", "=", self.facings)], ["value_number"]
        )
        self.assertEqual(answer["value_number"], 12)
        steps = [("visit_id.user_id", "=", self.user), ("kind", "=", "collection")]
        money = self.town.admin.row("field.visit.step", steps, ["amount_received"])
        self.assertEqual(money["amount_received"], 200)

    def test_customer_on_the_street(self):
        """Begun at the door with a photo of the sign, finished far away: he is at his door."""
        _phone, tab = self.start()
        tab.js("fieldApp.router.go('customer_new')")
        tab.type("input[name=name]", self.words["shop"])
        tab.tap("button[name=sign]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_thumbs img")
        tab.js("fieldApp.router.go('today')")
        tab.see(".o_fa_tabs")
        tab.place(FAR)
        tab.reload()
        tab.wait(
            f"Math.abs(fieldApp.location.current()?.lat - {FAR[0]}) < 0.001", "where one is now"
        )
        tab.js("fieldApp.router.go('customer_new')")
        tab.see("[data-draft]")
        self.assertEqual(tab.js(value("input[name=name]")), self.words["shop"])
        tab.see(".o_fa_thumbs img")
        tab.see("button[name=save_customer]:not(:disabled)")
        tab.gone("button[name=add_and_visit]")
        self.look(tab, "new-customer-draft")
        tab.tap("button[name=save_customer]")
        tab.gone("button[name=save_customer]")
        tab.js("fieldApp.router.go('customer_new')")
        tab.see("button[name=sign]")
        self.assertEqual(tab.js(value("input[name=name]")), "")
        tab.gone("[data-draft]")
        tab.offline(False)
        settled(tab)
        mine = [("user_id", "=", self.user), ("name", "=", self.words["shop"])]
        partner = self.town.admin.row("res.partner", mine, ["partner_latitude", "image_128"])
        self.assertAlmostEqual(partner["partner_latitude"], PIN[0], delta=20 * METRE)
        self.assertTrue(partner["image_128"])


class TestDraftsEnglish(Drafts, PhoneCase):
    lang = "en_US"


class TestDraftsChinese(Drafts, PhoneCase):
    lang = "zh_CN"
