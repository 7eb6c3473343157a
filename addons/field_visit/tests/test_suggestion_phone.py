from datetime import date, timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

DAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestSuggestionPhone(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.env["res.partner"].search([("user_id", "=", cls.rita.id)]).user_id = False
        (cls.dragon | cls.lucky | cls.nowhere).user_id = cls.rita
        cls.Suggestion = cls.env["field.suggestion"]

    def _suggest(self):
        mine = self.Suggestion.with_user(self.rita)
        return {one.partner_id: one for one in mine._suggest(self.rita, DAY).with_user(self.rita)}

    def _one(self, kind, payload, **kwargs):
        return self.env["field.event"]._sync(
            self.device, [self._event(f"suggestion.{kind}", payload, **kwargs)]
        )["results"][0]

    def _take(self, partner=None, uuid=None, **more):
        payload = {"partner_id": (partner or self.dragon).id, "date": "2026-11-23", **more}
        return self._one("take", {**payload, "visit_uuid": uuid or str(uuid4())})

    def _dismiss(self, reason, partner=None):
        payload = {"partner_id": (partner or self.dragon).id, "date": "2026-11-23"}
        return self._one("dismiss", {**payload, "reason": reason})

    def _visits(self, partner=None):
        return self.env["field.visit"].search([("partner_id", "=", (partner or self.dragon).id)])

    # ------------------------------------------------------------ on the phone

    def _rows(self, user=None):
        app = self.env["field.app"].with_user(user or self.rita)
        collection = app._collections()["suggestions"]
        found = self.Suggestion.with_user(user or self.rita).search(collection.domain)
        return {row["partner_id"]: row for row in collection.rows_of(found)}

    def test_the_open_ones_of_ones_own_day_with_their_sum(self):
        self.env["field.suggestion"]._suggest(self.rita, DAY - timedelta(days=4))
        found = self._suggest()
        found[self.nowhere].action_dismiss("later")
        rows = self._rows()
        self.assertEqual(set(rows), {self.dragon.id, self.lucky.id})
        row = rows[self.dragon.id]
        self.assertEqual((row["date"], row["partner_name"]), ("2026-11-23", "Golden Dragon"))
        self.assertEqual((row["score"], row["reason"]), (15, "Never visited."))
        self.assertEqual(row["parts"], [[15, "never visited"]])
        for user in (self.ravi, self.lea, self.olga):
            self.assertFalse(self._rows(user), user.name)

    def test_the_weightiest_part_comes_first(self):
        found = self._suggest()[self.dragon]
        found.sudo().parts = [
            ["near", 5, "near"],
            ["quote", 17, "quote"],
            ["due", 9, "weighed", 80],
        ]
        parts = self._rows()[self.dragon.id]["parts"]
        self.assertEqual(parts, [[17, "quote"], [9, "weighed"], [5, "near"]])

    def test_what_a_visit_may_bring(self):
        found = self._suggest()[self.dragon].sudo()
        self.assertEqual(self._rows()[self.dragon.id]["value"], "")
        found.write({"expected_value": 1200.0, "value_text": "1,200 × 100 %"})
        row = self._rows()[self.dragon.id]
        self.assertEqual(row["value"], found.currency_id.format(1200.0))
        self.assertEqual(row["value_text"], "1,200 × 100 %")

    # ------------------------------------------------------------ answers

    def test_taken_is_planned_under_the_name_of_the_phone(self):
        found = self._suggest()[self.dragon]
        uuid = str(uuid4())
        answer = self._take(uuid=uuid)
        visit = self._visits()
        self.assertEqual((answer["state"], answer["ref"]), ("applied", f"field.visit,{visit.id}"))
        self.assertEqual((visit.uuid, visit.source, visit.state), (uuid, "suggestion", "planned"))
        self.assertEqual((visit.user_id, visit.plan_date), (self.rita, DAY))
        self.assertEqual((found.state, found.visit_id), ("accepted", visit))
        check_in = self.env["field.event"]._sync(
            self.device,
            [
                self._event(
                    "visit.check_in",
                    {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
                )
            ],
        )["results"][0]
        self.assertEqual(check_in["ref"], f"field.visit,{visit.id}")
        self.assertEqual((visit.state, visit.is_unplanned), ("in_progress", False))

    def test_taken_on_the_desk_and_on_two_phones_is_one_visit(self):
        found = self._suggest()[self.dragon]
        found.action_accept()
        for uuid in (str(uuid4()), str(uuid4())):
            self.assertEqual(self._take(uuid=uuid)["state"], "applied")
            self.assertEqual(self._visits().mapped("uuid"), [uuid])
        found.visit_id.action_check_in(AT_CUSTOMER)
        self.assertEqual(self._take()["state"], "applied", "it has begun: nothing is left to do")
        self.assertEqual(len(self._visits()), 1)

    def test_who_is_planned_meanwhile_is_not_planned_twice(self):
        self._suggest()
        planned = self._plan(partner=self.lucky, plan_date=DAY)
        self.assertEqual(self._take(self.lucky)["ref"], f"field.visit,{planned.id}")
        self.assertEqual(self._visits(self.lucky), planned)
        self.assertEqual(planned.source, "manual")

    def test_called_off_and_taken_again_is_a_new_visit(self):
        self._suggest()
        self._take()
        first = self._visits()
        first.with_user(self.rita)._do_cancel("Closed today", None)
        self.assertEqual(self._take()["state"], "applied")
        self.assertEqual(len(self._visits() - first), 1)

    def test_one_that_was_worked_out_anew_still_takes_its_answer(self):
        found = self._suggest()
        (found[self.dragon] | found[self.lucky]).sudo().unlink()
        self.assertEqual(self._take()["state"], "applied")
        self.assertEqual(self._dismiss("phone", self.lucky)["state"], "applied")
        self.assertFalse({self.dragon, self.lucky} & set(self._suggest()), "answered is answered")

    def test_dismissed_with_a_reason_and_never_twice(self):
        found = self._suggest()[self.dragon]
        for wrong in ("", "because"):
            self.assertEqual(self._dismiss(wrong)["state"], "rejected")
        self.assertEqual(found.state, "open")
        self.assertEqual(self._dismiss("phone")["state"], "applied")
        self.assertEqual((found.state, found.dismiss_reason), ("dismissed", "phone"))
        self.assertEqual(self._dismiss("wrong")["state"], "applied")
        self.assertEqual(found.dismiss_reason, "phone", "the first answer stands")
        self.assertEqual(self._take()["state"], "applied", "but one may think again")
        self.assertEqual((found.state, found.dismiss_reason), ("accepted", False))
        self.assertEqual(self._dismiss("later")["state"], "applied")
        self.assertEqual(found.state, "accepted", "a visit is called off, not dismissed")

    def test_what_is_refused(self):
        self._suggest()
        for more in ({"date": "2026-11-30"}, {"date": "soon"}, {"partner_id": "1"}):
            self.assertEqual(self._take(**more)["code"], "bad_payload", more)
        self.assertEqual(self._take(visit_uuid="x")["state"], "applied")
        self.assertEqual(self._take(partner_id=2**31 - 2)["code"], "not_found")
        foreign = self._plan(user=self.ravi, partner=self.lucky)
        self.assertEqual(self._take(self.nowhere, uuid=foreign.uuid)["code"], "forbidden")
        self.assertEqual(foreign.user_id, self.ravi)
        own = self._plan(partner=self.lucky)
        self.assertEqual(self._take(self.nowhere, uuid=own.uuid)["code"], "bad_payload")
        self.assertFalse(self._visits(self.nowhere), "nothing is half taken")

    # ------------------------------------------------------------ in the morning

    def _made(self):
        return self.Suggestion.search([("user_id", "=", self.rita.id)])

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_suggest").method_direct_trigger()

    def test_made_in_the_morning_for_who_uses_a_phone(self):
        self.device.last_contact = fields.Datetime.now()
        with freeze_time("2026-11-22 18:30:00"):  # 02:30 on Monday in Shanghai
            self._run()
            self.assertFalse(self._made())
        with freeze_time("2026-11-22 19:30:00"):
            self._run()
            made = self._made()
            self.assertEqual(set(made.mapped("date")), {DAY})
            self.assertEqual(len(made), 3)
            self._run()
            self.assertEqual(self._made(), made, "once a day")
        for change in (
            {"last_contact": fields.Datetime.now() - timedelta(days=20)},
            {"state": "revoked"},
            {"kind": "tracker"},
        ):
            self.device.write({"last_contact": fields.Datetime.now(), "state": "active", **change})
            made.unlink()
            self._run()
            self.assertFalse(self._made(), change)

    def test_made_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.device.last_contact = fields.Datetime.now()
        self.rita.lang = "zh_CN"
        self._run()
        self.assertEqual(set(self._made().mapped("reason")), {"从未拜访。"})

    def test_what_nobody_answered_is_forgotten(self):
        found = self._suggest()
        found[self.dragon].action_dismiss("later")
        self.Suggestion._gc_unanswered()
        self.assertEqual(len(self._made()), 3)
        with freeze_time("2027-01-10 04:00:00"):
            self.Suggestion._gc_unanswered()
        self.assertEqual(self._made().partner_id, self.dragon)
