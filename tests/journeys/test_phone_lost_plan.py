"""The phone works by a plan that the office changes meanwhile: what was done counts, the phone keeps
on working with it; and what a visit lacks is said before it ends, in both languages."""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, check_out, do_steps, settled

pytestmark = pytest.mark.xdist_group("phone")

KINDS = ["workday.open", "visit.check_in", *["visit.step_done"] * 3, "visit.check_out"]


class TestLostPlan(PhoneCase):
    def begin_offline(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        planned = self.visit()
        check_in(tab)
        return tab, planned

    def assert_counted(self, tab, planned):
        """The visit goes on with what the office knows, to its end, once."""
        tab.offline(False)
        settled(tab)
        pulled = f"""fieldApp.account.db.rows.where('collection').equals('visits').toArray()
            .then((rows) => rows.some(({{row}}) => row.uuid === {planned["uuid"]!r}
                && row.state === 'in_progress'))"""
        tab.js("void fieldApp.sync.soon()")
        tab.wait(pulled, "the office's visit")
        do_steps(tab)
        check_out(tab)
        settled(tab)
        self.assert_arrived(KINDS)
        mine = [("user_id", "=", self.user), ("uuid", "=", planned["uuid"])]
        names = ["state", "is_unplanned", "partner_id", "end_source"]
        visit = self.town.admin.row("field.visit", mine, names)
        self.assertEqual((visit["state"], visit["is_unplanned"]), ("done", True))
        self.assertEqual((visit["partner_id"], visit["end_source"]), (self.shops[0], "user"))
        names = "[...document.querySelectorAll('.o_fv_now h2, .o_fv_stop')].map((e) => e.innerText)"
        tab.js("fieldApp.router.go('today')")
        tab.see(".o_fv_stop", "Golden Dragon")
        shown = [text for text in tab.js(names) if "Golden Dragon" in text]
        self.assertEqual(len(shown), 1, shown)

    def test_called_off(self):
        tab, planned = self.begin_offline()
        mine = [("uuid", "=", planned["uuid"])]
        [visit] = self.town.admin.search("field.visit", mine)
        self.town.admin.write("field.visit", visit, cancel_reason="They moved")
        self.town.admin.call("field.visit", "action_cancel", [visit])
        self.assert_counted(tab, planned)
        [row] = self.town.admin.rows("field.visit", [("id", "=", visit)], ["state"])
        self.assertEqual(row["state"], "cancelled")

    def test_passed_on(self):
        tab, planned = self.begin_offline()
        [visit] = self.town.admin.search("field.visit", [("uuid", "=", planned["uuid"])])
        mate = self.town.hire(f"{self.login}_mate", name="Colleague")
        self.town.admin.write("field.visit", visit, user_id=mate)
        self.assert_counted(tab, planned)
        [row] = self.town.admin.rows("field.visit", [("id", "=", visit)], ["state", "user_id"])
        self.assertEqual((row["state"], row["user_id"]), ("planned", mate))

    def test_taken_out_of_the_plan(self):
        tab, planned = self.begin_offline()
        [visit] = self.town.admin.search("field.visit", [("uuid", "=", planned["uuid"])])
        self.town.admin.call("field.visit", "unlink", [visit])
        self.assert_counted(tab, planned)


class Demanded:
    names = frozenset(
        [
            "Golden",
            "Dragon",
            "Happy",
            "Mart",
            "Sun",
            "Store",
            "Lucky",
            "Nanjing",
            "Road",
            "Look",
            "Shelf",
            "Talk",
            "GPS",
            "m",
            "Rep",
        ]
    )
    left = "0 of 1 photos are there."

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        rules = {"proof_mode": "block", "proof_photos": 1, "visit_block_check_out": True}
        admin.create(
            "field.policy",
            name=self.login,
            user_id=self.user,
            effective_from="2020-01-01",
            state="active",
            **rules,
        )
        sop = admin.create("field.sop", name="Nothing", sequence=95)
        step = {"sop_id": sop, "key": "talk", "name": "Talk", "kind": "check", "required": True}
        admin.create("field.sop.step", **step)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def test_what_is_demanded_is_said_before_it_ends(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        check_in(tab)
        tab.see("[data-step=proof-photo]")
        tab.tap("[data-step=talk]")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=talk][data-state=done]")
        tab.tap("button[name=check_out]")
        tab.see("[data-lacking]", self.left)
        tab.see("button[name=confirm_check_out]:disabled")
        self.look(tab, "photos-lacking")
        tab.tap(".o_fa_sheet button[aria-label]")
        tab.js("fieldApp.router.go('today')")
        tab.tap(".o_fv_stop", "金龙超市")
        tab.see(".o_fa_sheet .o_fa_warn", self.left)
        self.look(tab, "still-there")
        tab.tap("button[name=go_back]")
        tab.tap("[data-step=proof-photo]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=proof-photo][data-state=done]")
        check_out(tab)
        tab.offline(False)
        settled(tab)
        self.assert_arrived([*KINDS[:4], "visit.check_out"])
        visit = self.visit()
        self.assertEqual(visit["state"], "done")


class TestDemanded(Demanded, PhoneCase):
    pass


class TestDemandedChinese(Demanded, PhoneCase):
    lang = "zh_CN"
    left = "0 / 1"
