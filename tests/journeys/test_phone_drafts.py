"""What is half typed and closed is not lost: not with its sheet, not with the app, not with the next
sync; it is offered again, or begun afresh. In both languages. With FIELD_PICTURES it makes the pictures
of the user guide."""

from datetime import timedelta

import pytest

from .phone_case import PhoneCase
from .phone_town import FAR, METRE, PIN, check_in, settled, today

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
        "why": "We met at the warehouse",
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
        "why": "我们在仓库见面",
    },
}
DRAFTS = "fieldApp.account.db.docs.where('kind').equals('draft').count()"
CLOSE = ".o_fa_sheet_bar button"
#: A day with a stay and a question about it, as the office would have sent them.
TRACK = """(async () => {
    const day = { id: 1, date: "2026-01-05", distance_m: 0, estimated_m: 0, open: true };
    const [start, end] = ["2026-01-05 01:00:00", "2026-01-05 02:00:00"];
    const items = [{ kind: "stay", id: 1, start, end, name: "", label: "" }];
    const question = { id: 1, date: day.date, question: "?", state: "asked", explanation: "" };
    await fieldApp.account.db.rows.bulkPut([
        { collection: "track_days", id: 1, row: { ...day, items } },
        { collection: "track_questions", id: 1, row: question },
    ]);
})()"""


def value(selector):
    return f'document.querySelector("{selector}").value'


class Drafts:
    names = frozenset(
        {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "A", "B", "C"}
    ) | {"Happy", "Lucky", "Mart", "Rep", "Store", "Sun", "km"}

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

    def test_short_sheets(self):
        """Why one checks in from afar, and the day a visit is moved to."""
        phone, tab = self.start()
        tab.place(FAR)
        tab.wait(f"Math.abs(fieldApp.location.current()?.lat - {FAR[0]}) < 0.001", "the far place")
        day = (today() + timedelta(days=3)).isoformat()
        self.tell(tab)
        self.call_off(tab)
        tab.js(
            f"""(() => {{
                const input = document.querySelector("input[name=move_date]");
                input.value = "{day}";
                input.dispatchEvent(new Event("input", {{ bubbles: true }}));
            }})()"""
        )
        tab.wait(f"{DRAFTS}.then((count) => count === 2)", "two sheets")
        tab = phone.restart()
        tab.place(FAR)
        tab.go()
        tab.tap("button[name=check_in]")
        tab.see("[data-draft]")
        tab.see("[data-reason=other][aria-pressed=true]")
        self.assertEqual(tab.js(value("textarea[name=reason]")), self.words["why"])
        self.look(tab, "check-in-draft")
        self.call_off(tab)
        tab.see(".o_fa_sheet [data-draft]")
        tab.wait(f"{value('input[name=move_date]')} === '{day}'", "the day")
        self.look(tab, "call-off-draft")
        tab.tap("button[name=cancel_reason]")
        tab.gone(".o_fa_sheet")
        settled(tab)
        visit = [("user_id", "=", self.user), ("plan_date", "=", day)]
        self.assertTrue(self.town.admin.search("field.visit", visit), "moved to that day")

    def test_words_about_the_day(self):
        """What a stay was, and what is answered to a question about the track."""
        _phone, tab = self.start()
        tab.js(TRACK)
        tab.js("fieldApp.router.go('my_day')")
        self.again(tab, ".o_fa_stay", "input[name=label]")
        tab.js("fieldApp.router.go('track_question', 1)")
        tab.type("textarea[name=explanation]", self.words["half"])
        tab.wait(f"{DRAFTS}.then((count) => count === 2)", "two sheets")
        tab.reload()
        tab.see("[data-draft]")
        self.assertEqual(tab.js(value("textarea[name=explanation]")), self.words["half"])
        tab.tap("button[name=answer]")
        tab.wait(f"{DRAFTS}.then((count) => count === 1)", "only the stay")
        tab.js("fieldApp.router.go('my_day')")
        tab.tap(".o_fa_stay")
        tab.tap("button[name=draft_afresh]")
        tab.gone("[data-draft]")
        self.assertEqual(tab.js(value("input[name=label]")), "")
        tab.wait(f"{DRAFTS}.then((count) => !count)", "nothing half done")

    def again(self, tab, opener, field):
        """Typed, closed and opened again: it stands there, and says since when."""
        tab.tap(opener)
        tab.type(field, self.words["half"])
        self.leave(tab)
        tab.tap(opener)
        tab.see("[data-draft]")
        self.assertEqual(tab.js(value(field)), self.words["half"])
        self.leave(tab)

    def tell(self, tab):
        tab.tap("button[name=check_in]")
        tab.tap("[data-reason=other]")
        tab.type("textarea[name=reason]", self.words["why"])
        self.leave(tab)

    def call_off(self, tab):
        if not tab.js("!!document.querySelector('button[name=call_off]')"):
            tab.tap("button[name=check_in]")
        tab.tap("button[name=call_off]")
        tab.see("input[name=move_date]")


class TestDraftsEnglish(Drafts, PhoneCase):
    lang = "en_US"


class TestDraftsChinese(Drafts, PhoneCase):
    lang = "zh_CN"
