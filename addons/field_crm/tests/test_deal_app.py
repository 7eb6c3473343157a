from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OnThePhone
from .pipeline import EXPERT, REP, PipelineCommon


@tagged("post_install", "-at_install")
class TestDealHelpOnThePhone(OnThePhone, PipelineCommon):
    """Kinds ``deal.decide`` and ``deal.hours``; sibling leads the expert, rep asks for him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expert = cls._new_user("help_expert", f"{EXPERT},{REP}")
        boss = cls.env["hr.employee"].create({"name": "Chief", "user_id": cls.sibling.id})
        cls.env["hr.employee"].create(
            {"name": "Expert", "user_id": cls.expert.id, "parent_id": boss.id}
        )
        cls.request = (
            cls.env["field.deal.request"]
            .with_user(cls.rep)
            .create(
                {
                    "lead_id": cls.deal.id,
                    "user_id": cls.expert.id,
                    "role_id": cls.env.ref("field_crm.field_deal_role_expert").id,
                    "purpose": "Explain the cooling",
                    "hours": 6,
                    "needed_on": "2027-03-01",
                    "answer": "Of course",
                }
            )
        )

    def _decide(self, granted, user=None, **values):
        values = {"request_id": self.request.id, "granted": granted, **values}
        return self._send(user or self.sibling, "deal.decide", fields.Datetime.now(), **values)

    def _enter(self, hours, user=None, **values):
        values = {"request_id": self.request.id, "hours": hours, **values}
        return self._send(user or self.expert, "deal.hours", fields.Datetime.now(), **values)

    def _row(self, user):
        return self._rows(user, "deal_help").get(self.request.id)

    def test_who_has_it_on_the_phone(self):
        row = self._row(self.sibling)
        self.assertEqual(
            (row["deal"], row["person"], row["asked_by"], row["purpose"]),
            ("Shelves", self.expert.name, self.rep.name, "Explain the cooling"),
        )
        self.assertEqual((row["needed_on"], row["hours"]), ("2027-03-01", 6))
        self.assertIsNone(row["answer"], "nobody answers his own question")
        self.assertEqual((row["decide"], row["mine"]), (True, False))
        for user in (self.rep, self.expert):
            row = self._row(user)
            self.assertEqual((row["decide"], row["mine"]), (False, True), user.login)
        for user in (self.rep2, self.leader):
            self.assertIsNone(self._row(user), user.login)

    def test_agreed_to_and_the_hours(self):
        answer = self._decide(True)
        self.assertEqual(
            (answer["state"], answer["ref"]), ("applied", f"field.deal.request,{self.request.id}")
        )
        self.assertEqual(
            (self.request.state, self.request.decided_by_id), ("approved", self.sibling)
        )
        self.assertEqual(self.deal.field_member_ids.user_id, self.expert)
        self.assertIsNone(self._row(self.sibling), "nothing left to decide")
        self.assertEqual(self._enter(2.5)["state"], "applied")
        self.assertEqual((self.request.state, self.request.hours_used), ("approved", 2.5))
        self.assertEqual(self._row(self.rep)["hours_used"], 2.5)
        self.assertEqual(self._enter(5, cost=80, done=True)["state"], "applied")
        self.assertEqual(
            (self.request.state, self.request.hours_used, self.request.cost_used), ("done", 5, 80)
        )
        self.assertIsNone(self._row(self.expert))
        self.assertEqual(self.deal.field_request_cost, 80)

    def test_a_no_has_a_reason_and_reaches_who_asked(self):
        for reason in ({}, {"reason": "  "}, {"reason": "x" * 2001}):
            self.assertEqual(self._decide(False, **reason)["code"], "bad_payload")
        self.assertEqual(self.request.state, "asked")
        self.rep.lang = "zh_CN" if self.env["res.lang"]._activate_lang("zh_CN") else "en_US"
        self.assertEqual(self._decide(False, reason="On <b>leave</b>")["state"], "applied")
        self.assertEqual((self.request.state, self.request.answer), ("refused", "On <b>leave</b>"))
        told = self.env["field.notice"].search([("user_id", "=", self.rep.id)])
        self.assertEqual((told.kind, told.author_id), ("deal", self.sibling))
        self.assertIn("不参与支援", told.body)
        self.assertIn("On &lt;b&gt;leave", told.body)
        self.assertEqual(self._row(self.rep)["answer"], "On <b>leave</b>")
        self.request.sudo().decided_at -= timedelta(days=15)
        self.assertIsNone(self._row(self.rep), "long enough seen")

    def test_refusals(self):
        for user in (self.rep, self.rep2, self.expert, self.leader):
            self.assertEqual(self._decide(True, user)["code"], "not_leader", user.login)
        self.assertEqual(self._enter(1)["code"], "closed")
        for wrong in (2**31, 0):
            self.assertEqual(self._decide(True, request_id=wrong)["code"], "not_leader")
        self._decide(True)
        late = self._decide(False, reason="No")
        self.assertEqual(late["code"], "decided")
        self.assertIn(self.sibling.name, late["message"])
        self.assertFalse(self.request.answer)
        for user in (self.rep2, self.sibling):
            self.assertEqual(self._enter(1, user)["code"], "not_yours", user.login)
        for hours, more in ((-1, {}), (1001, {}), (1, {"cost": -1})):
            self.assertEqual(self._enter(hours, **more)["code"], "bad_payload")
        self.assertFalse(self.request.hours_used)

    def test_what_the_company_asks_for(self):
        self._decide(True)
        self.company.field_request_needs = "cost"
        self.assertEqual(self._row(self.expert)["needs"], "cost")
        missing = self._enter(4, done=True)
        self.assertEqual(missing["code"], "incomplete")
        self.assertIn("cost", missing["message"])
        self.assertFalse(self.request.hours_used, "all of it or nothing")
        self.assertEqual(self._enter(4, cost=10, done=True)["state"], "applied")

    def test_the_leader_is_asked_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.sibling.lang = "zh_CN"
        again = self.request.with_user(self.rep).copy({"purpose": "Once more"})
        self.assertEqual(again.sudo().activity_ids.user_id, self.sibling)
        self.assertIn("支援", again.sudo().activity_ids.summary)

    def test_only_who_decides_answers(self):
        for user in (self.rep, self.expert):
            with self.assertRaises(UserError):
                self.request.with_user(user).answer = "Sure"
        self.request.with_user(self.sibling).answer = "Only on Monday"
        self.request.with_user(self.sibling).action_approve()
        with self.assertRaises(UserError):
            self.request.with_user(self.sibling).answer = "Never"
        told = self.env["field.notice"].search([("user_id", "=", self.rep.id)])
        self.assertIn("Only on Monday", told.body)
