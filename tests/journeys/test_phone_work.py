"""Work packages on the phone: read, accepted and refused without a network, asked again when they
change, done. In both languages; with FIELD_PICTURES it makes the pictures of the user guide."""

import base64
from datetime import timedelta

import pytest

from .phone_case import PhoneCase
from .phone_town import PASSWORD, check_in, settled, today
from .test_phone_articles import picture

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {
    "Look",
    "Shelf",
    "Talk",
    "Rep",
    "Golden",
    "Dragon",
    "Nanjing",
    "Road",
    "Shanghai",
    "Administrator",
    "GPS",
    "m",
    "km",
}
WORDS = {
    "en_US": {
        "name": "Autumn display",
        "goal": "Two shelves beside the till",
        "newer": "Three shelves beside the till",
        "title": "How it is built",
        "text": "Tea above, water below.",
        "paper": "Plan.pdf",
        "card": "Example.jpg",
        "other": "Count the samples",
        "third": "Visit the fair",
        "reason": "On leave that week",
    },
    "zh_CN": {
        "name": "秋季陈列",
        "goal": "收银台旁摆两层货架",
        "newer": "收银台旁摆三层货架",
        "title": "怎样布置",
        "text": "茶在上面，水在下面。",
        "paper": "布置图",
        "card": "样板照片",
        "other": "清点样品",
        "third": "参加展会",
        "reason": "那周休假",
    },
}


class Works:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        self.words = words = WORDS[self.lang]
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        admin.call("field.visit", "unlink", admin.search("field.visit", self.mine()))
        pdf = base64.b64encode(b"%PDF-1.4\n1").decode()
        files = [
            admin.create("ir.attachment", name=words["card"], datas=picture()),
            admin.create("ir.attachment", name=words["paper"], datas=pdf),
        ]
        body = f"<h2>{words['title']}</h2><ul><li>{words['text']}</li></ul>"
        self.display = self.give_out(
            words["name"],
            goal=words["goal"],
            instructions=body,
            partner_ids=[(6, 0, self.shops[:2])],
            attachment_ids=[(6, 0, files)],
            time_from=9.0,
            time_to=11.5,
            plan_minutes=30,
        )
        self.samples = self.give_out(words["other"], assignee_id=self.user)
        self.fair = self.give_out(words["third"], assignee_id=self.user)

    def mine(self):
        return [("user_id", "=", self.user)]

    def give_out(self, name, **values):
        task = self.town.admin.create(
            "field.task",
            name=name,
            needs_acceptance=True,
            date_from=today().isoformat(),
            deadline=(today() + timedelta(days=3)).isoformat(),
            **values,
        )
        self.town.admin.call("field.task", "action_give_out", [task])
        return task

    def row(self, task):
        return f".o_fa_row[data-work='{task}']"

    def works(self, task):
        names = ["state", "accepted_version", "refuse_reason", "visit_id"]
        return self.town.admin.rows("field.task.work", [("task_id", "=", task)], names, order="id")

    def test_a_work_package(self):
        tab = self.phone().tab
        tab.go()
        tab.type("input[name=login]", self.login)
        tab.type("input[name=password]", PASSWORD)
        tab.tap("button[type=submit]")
        tab.see(self.row(self.display), self.words["name"])
        self.fetch_files(tab)
        self.look(tab, "work-today")
        tab.offline()
        self.accept(tab)
        self.refuse(tab)
        self.finish(tab)
        tab.offline(False)
        settled(tab)
        self.assert_office()
        self.change(tab)
        self.visit_it(tab)

    def fetch_files(self, tab):
        settled(tab)
        tab.js("void fieldApp.sync.soon()")
        tab.wait(
            "fieldApp.account.db.bytes.toCollection().primaryKeys()"
            ".then((keys) => keys.filter((key) => key.startsWith('work-')).length === 2)",
            "the material",
        )

    def accept(self, tab):
        tab.tap(self.row(self.display))
        tab.see(".o_fv_article", self.words["text"])
        tab.wait("document.querySelector('[data-file] img').naturalWidth === 640", "the picture")
        tab.see("[data-file] a", self.words["paper"])
        tab.see(".o_fa_facts", "09:00 – 11:30")
        self.look(tab, "work")
        tab.tap("button[name=accept_work]")
        tab.gone("button[name=accept_work]")
        tab.wait(
            "document.querySelectorAll('.o_fa_row[data-state=accepted]').length === 2",
            "both to be accepted",
        )

    def refuse(self, tab):
        tab.js("fieldApp.router.go('works')")
        tab.tap(self.row(self.fair))
        tab.tap("button[name=refuse_work]")
        tab.see("button[name=confirm_refuse]:disabled")
        tab.type("textarea[name=refuse_reason]", self.words["reason"])
        tab.tap(".o_fa_sheet_bar button")
        tab.gone(".o_fa_sheet")
        tab.tap("button[name=refuse_work]")
        tab.see("[data-draft]")
        typed = "document.querySelector('textarea[name=refuse_reason]').value"
        tab.wait(f"{typed} === '{self.words['reason']}'", "what was typed")
        self.look(tab, "work-refuse")
        tab.tap("button[name=confirm_refuse]")
        tab.see("[data-state=refused]", self.words["reason"])

    def finish(self, tab):
        tab.js("fieldApp.router.go('works')")
        tab.tap(self.row(self.samples))
        tab.tap("button[name=accept_work]")
        tab.tap("button[name=finish_work]")
        tab.see("[data-state=done]")
        tab.js("fieldApp.router.go('works')")
        tab.see(self.row(self.display))
        self.look(tab, "works")

    def assert_office(self):
        kinds = ["work.accept", "work.accept", "work.refuse", "work.accept", "work.done"]
        self.assert_arrived(kinds)
        found = self.works(self.display)
        self.assertEqual([work["state"] for work in found], ["accepted"] * 2)
        self.assertTrue(all(work["visit_id"] for work in found))
        [fair], [samples] = self.works(self.fair), self.works(self.samples)
        self.assertEqual((fair["state"], fair["refuse_reason"]), ("refused", self.words["reason"]))
        self.assertEqual(samples["state"], "done")

    def change(self, tab):
        """The office changes the goal: the person sees what, and is asked again."""
        self.town.admin.write("field.task", self.display, goal=self.words["newer"])
        tab.js("void fieldApp.sync.soon()")
        tab.see(f"{self.row(self.display)} .o_fv_new")
        tab.tap(self.row(self.display))
        change = f"{self.words['goal']} → {self.words['newer']}"
        tab.see("[data-changes]", change)
        self.look(tab, "work-changed")
        tab.tap("button[name=accept_work]")
        tab.gone("[data-changes]")
        settled(tab)
        self.assertEqual({work["accepted_version"] for work in self.works(self.display)}, {2})

    def visit_it(self, tab):
        """Its visit says what is to be done, and does it."""
        tab.js("fieldApp.router.go('today')")
        check_in(tab)
        tab.see(self.row(self.display), self.words["name"])
        self.look(tab, "work-visit")
        settled(tab)
        states = sorted(work["state"] for work in self.works(self.display))
        self.assertEqual(states, ["accepted", "in_progress"])


class TestWorksEnglish(Works, PhoneCase):
    lang = "en_US"


class TestWorksChinese(Works, PhoneCase):
    lang = "zh_CN"
