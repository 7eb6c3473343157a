import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..tools.gate_error import StageGateError
from .pipeline import LEADER, PipelineCommon

OVERRIDE = "field_crm.field_crm_group_gate_override"


@tagged("post_install", "-at_install")
class TestGatePaths(PipelineCommon):
    """The quote stage asks for an expected closing date; each test tries another way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = cls._field_gate(cls.quote)
        cls.mine = cls.deal.with_user(cls.rep)

    def _assert_refused(self, way):
        with self.assertRaises(StageGateError) as refusal, self.cr.savepoint():
            way()
        self.assertIn(self.gate.name, str(refusal.exception))
        return refusal.exception

    def test_drag_and_status_bar(self):
        self._assert_refused(lambda: self.mine.web_save({"stage_id": self.quote.id}, {}))
        self.assertEqual(self.deal.stage_id, self.first)

    def test_form(self):
        def way():
            with Form(self.mine) as form:
                form.stage_id = self.quote

        self._assert_refused(way)

    def test_filled_in_and_moved_in_one_step(self):
        self.mine.write({"stage_id": self.quote.id, "date_deadline": "2027-01-31"})
        self.assertEqual(self.deal.stage_id, self.quote)

    def test_mass_edit_is_all_or_nothing(self):
        good = self._new_deal("Good", date_deadline="2027-01-31")
        error = self._assert_refused(lambda: (self.mine | good).write({"stage_id": self.quote.id}))
        self.assertNotIn("Good", str(error))
        self.assertEqual(good.stage_id, self.first)

    def test_skipping_the_stage_does_not_help(self):
        self._assert_refused(lambda: self.mine.write({"stage_id": self.negotiation.id}))
        self._assert_refused(self.mine.action_set_won)

    def test_import(self):
        name = "field_crm_test.deal"
        module, key = name.split(".")
        self.env["ir.model.data"].create(
            {"module": module, "name": key, "model": "crm.lead", "res_id": self.deal.id}
        )
        user = self.rep
        user.group_ids |= self.env.ref("sales_team.group_sale_manager")
        found = (
            self.env["crm.lead"]
            .with_user(user)
            .load(["id", "stage_id/.id"], [[name, str(self.quote.id)]])
        )
        self.assertFalse(found["ids"])
        self.assertIn(self.gate.name, str(found["messages"]))
        self.assertEqual(self.deal.stage_id, self.first)
        rows = [["New deal", "opportunity", str(self.team.id), str(self.quote.id)]]
        columns = ["name", "type", "team_id/.id", "stage_id/.id"]
        found = self.env["crm.lead"].with_user(user).load(columns, rows)
        self.assertFalse(found["ids"])

    def test_create_in_a_late_stage(self):
        self._assert_refused(lambda: self._new_deal("New", stage_id=self.quote.id))
        self.assertTrue(self._new_deal("New"))

    def test_assignment_in_code_and_superuser(self):
        def way():
            self.deal.sudo().stage_id = self.quote

        self._assert_refused(way)

    def test_conversion_of_a_lead_that_was_put_into_the_stage(self):
        lead = self._new_deal("Lead", type="lead", stage_id=self.quote.id)
        self._assert_refused(lambda: lead.with_user(self.rep).convert_opportunity(self.customer))

    def test_merge_into_a_stage(self):
        # The part that gives the stage is no deal yet, the part that survives has no stage.
        self.deal.stage_id = False
        lead = self._new_deal("Lead", type="lead", stage_id=self.quote.id)
        self._assert_refused(lambda: (self.deal | lead).with_user(self.rep).merge_opportunity())

    def test_change_of_team_that_moves_the_deal(self):
        other = self.env["crm.team"].create({"name": "Other", "company_id": self.company.id})
        late = self.env["crm.stage"].create(
            {"name": "Late", "sequence": 900, "team_ids": other.ids}
        )
        gate = self._field_gate(late)
        with self.assertRaises(StageGateError) as refusal, self.cr.savepoint():
            self.deal.team_id = other
            self.deal.flush_recordset()
        self.assertIn(gate.name, str(refusal.exception))

    def test_backwards_and_other_fields_ask_nothing(self):
        self.deal.date_deadline = "2027-01-31"
        self.deal.stage_id = self.negotiation
        self.deal.date_deadline = False
        self.mine.write({"stage_id": self.needs.id})
        self.mine.write({"name": "Other name"})
        self.assertEqual(self.deal.stage_id, self.needs)

    def test_off_asks_nothing(self):
        self.gate.action_switch_off()
        self.mine.write({"stage_id": self.signed.id})
        self.assertEqual(self.deal.won_status, "won")

    def test_context_of_anybody_opens_nothing(self):
        sly = self.mine.with_context(field_gate_reason="let me in")
        self._assert_refused(lambda: sly.write({"stage_id": self.quote.id}))
        with self.assertRaises(AccessError):
            self.mine.action_override_gates(self.quote.id, "let me in")
        self.assertEqual(self.deal.stage_id, self.first)

    def test_override_needs_a_reason_and_is_counted(self):
        user = self.leader
        user.group_ids |= self.env.ref(OVERRIDE)
        deal = self.deal.with_user(user)
        for reason in ("", "  ", None):
            with self.assertRaises(UserError):
                deal.action_override_gates(self.quote.id, reason)
        deal.action_override_gates(self.quote.id, "The customer is away until May")
        self.assertEqual(self.deal.stage_id, self.quote)
        row = self.env["field.stage.override"].search([("lead_id", "=", self.deal.id)])
        self.assertEqual((row.user_id, row.owner_id, row.stage_id), (user, self.rep, self.quote))
        self.assertEqual((row.missing, row.gate_ids), (self.gate.name, self.gate))
        self.assertEqual(self.gate.override_count, 1)
        with self.assertRaises(UserError):
            row.reason = "Other"
        with self.assertRaises(UserError):
            row.unlink()

    def test_report_for_the_dialog(self):
        error = self._assert_refused(lambda: self.mine.write({"stage_id": self.quote.id}))
        report = error.context["field_gate"]
        self.assertFalse(report["can_override"])
        lead = report["leads"][0]
        self.assertEqual((lead["id"], lead["stage_id"]), (self.deal.id, self.quote.id))
        self.assertEqual(lead["items"], [{"gate_id": self.gate.id, "name": self.gate.name}])

    def test_query_count_does_not_grow_with_the_deals(self):
        def move(count):
            deals = self.env["crm.lead"].union(
                *(self._new_deal(f"D{n}", date_deadline="2027-01-31") for n in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = deals._get_places()
            self.env.cr.execute("SELECT 1")
            start = self.env.cr.sql_log_count
            for deal in deals:
                before[deal.id] = self.needs.id
            deals._check_gates(before)
            return self.env.cr.sql_log_count - start

        few = move(2)
        self.assertLessEqual(move(20), few + 2)


@tagged("post_install", "-at_install")
class TestGateKinds(PipelineCommon):
    def _is_stopped(self, deal=None):
        deal = deal or self.deal
        try:
            with self.cr.savepoint():
                deal.with_user(self.rep).write({"stage_id": self.quote.id})
        except StageGateError:
            return True
        deal.stage_id = self.first
        return False

    def test_attachment_of_a_category(self):
        category = self.env.ref("field_crm.field_document_category_quote")
        other = self.env.ref("field_crm.field_document_category_other")
        gate = self._new_gate(self.quote, "attachment", category_id=category.id)
        self.assertIn(category.name, gate.name)
        self._attach(other)
        self.assertTrue(self._is_stopped())
        self._attach(category)
        self.assertFalse(self._is_stopped())

    def _attach(self, category, user=None):
        wizard = self.env["field.document.add"].with_user(user or self.rep)
        data = base64.b64encode(b"%PDF-1.4")
        wizard.create(
            {
                "lead_id": self.deal.id,
                "category_id": category.id,
                "file": data,
                "filename": "quote.pdf",
            }
        ).action_add()

    def test_only_who_may_change_the_deal_attaches(self):
        with self.assertRaises(AccessError):
            self._attach(self.env.ref("field_crm.field_document_category_quote"), self.rep2)

    def test_again_after_a_step_back(self):
        category = self.env.ref("field_crm.field_document_category_quote")
        gate = self._new_gate(self.quote, "attachment", category_id=category.id, is_fresh=True)
        self._attach(category)
        self.assertFalse(self._is_stopped())  # and back to the first stage
        self.env.flush_all()
        moment = fields.Datetime.now() + timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE field_stage_history SET at = %s WHERE lead_id = %s AND event = 'back'",
            (moment, self.deal.id),
        )
        self.env.invalidate_all()
        self.assertTrue(self._is_stopped())
        gate.is_fresh = False
        self.assertFalse(self._is_stopped())

    def test_contact_with_a_role(self):
        role = self.env.ref("field_crm.field_contact_role_decider")
        self._new_gate(self.quote, "contact", role_id=role.id)
        self.assertTrue(self._is_stopped())
        self.env["field.lead.contact"].with_user(self.rep).create(
            {"lead_id": self.deal.id, "partner_id": self.customer.id, "role_id": role.id}
        )
        self.assertFalse(self._is_stopped())

    def test_quotation_sent_or_confirmed(self):
        gate = self._new_gate(self.quote, "quotation", quotation_state="sent")
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": self.deal.id}
        )
        self.assertTrue(self._is_stopped())
        order.state = "sent"
        self.assertFalse(self._is_stopped())
        gate.quotation_state = "sale"
        self.assertTrue(self._is_stopped())
        order.state = "sale"
        self.assertFalse(self._is_stopped())

    def test_activity_done(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._new_gate(self.quote, "activity", activity_type_id=call.id)
        activity = self.deal.activity_schedule("mail.mail_activity_data_call", user_id=self.rep.id)
        self.assertTrue(self._is_stopped())
        activity.action_feedback("Talked to the owner")
        self.assertFalse(self._is_stopped())

    def test_own_condition(self):
        self._new_gate(
            self.quote, "domain", name="Two stars", domain="[('priority', 'in', ['2', '3'])]"
        )
        self.assertTrue(self._is_stopped())
        self.deal.priority = "2"
        self.assertFalse(self._is_stopped())

    def test_verified_visits_come_from_whoever_counts_them(self):
        if "field.visit" not in self.env:
            with self.assertRaises(UserError):
                self._new_gate(self.quote, "visits", visit_count=2)
        gate = self._new_gate(self.quote, "visits", visit_count=2, is_on=False)
        counts = {self.deal.id: 1}
        self.patch(self.registry["crm.lead"], "_field_has_visits", lambda _self: True)
        self.patch(
            self.registry["crm.lead"], "_field_count_verified_visits", lambda _self, _since: counts
        )
        gate.action_switch_on()
        self.assertTrue(self._is_stopped())
        counts[self.deal.id] = 2
        self.assertFalse(self._is_stopped())

    def test_verified_visits_of_the_visit_module(self):
        if "field.visit" not in self.env:
            self.skipTest("visits are optional")
        visit = self.env["field.visit"].create(
            {"partner_id": self.customer.id, "user_id": self.rep.id}
        )
        self.assertFalse(self.deal._field_count_verified_visits({})[self.deal.id])
        later = fields.Datetime.now() + timedelta(minutes=5)
        visit._with_evidence().write(
            {
                "state": "done",
                "check_in_verdict": "inside",
                "check_in_at": later,
                "check_out_at": later + timedelta(minutes=30),
            }
        )
        self.assertEqual(self.deal._field_count_verified_visits({})[self.deal.id], 1)
        since = {self.deal.id: later + timedelta(minutes=1)}
        self.assertEqual(self.deal._field_count_verified_visits(since)[self.deal.id], 0)
        self._new_gate(self.quote, "visits", visit_count=2)
        self.assertTrue(self._is_stopped())
        visit.copy()._with_evidence().write(
            {
                "state": "done",
                "check_in_verdict": "maybe",
                "check_in_at": later + timedelta(hours=1),
                "check_out_at": later + timedelta(hours=2),
            }
        )
        self.assertFalse(self._is_stopped())

    def test_exit_condition(self):
        self._field_gate(self.first, moment="leave")
        self.assertTrue(self._is_stopped())
        self.deal.date_deadline = "2027-01-31"
        self.assertFalse(self._is_stopped())

    def test_amount_and_team(self):
        gate = self._field_gate(self.quote, amount_from=5000)
        self.assertFalse(self._is_stopped())
        self.deal.expected_revenue = 5000
        self.assertTrue(self._is_stopped())
        gate.team_ids = self.env["crm.team"].create({"name": "Other"})
        self.assertFalse(self._is_stopped())

    def test_old_deals_have_time(self):
        gate = self._field_gate(self.quote, is_on=False)
        old = self._new_deal("Old")
        old.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-01-01' WHERE id = %s", (old.id,)
        )
        self.env.invalidate_all()
        gate.grace_until = fields.Date.today() + timedelta(days=30)
        gate.action_switch_on()
        gate.on_since = fields.Datetime.now() - timedelta(days=1)
        self.assertFalse(self._is_stopped(old))
        self.assertTrue(self._is_stopped(self._new_deal("New")))
        gate.grace_until = fields.Date.today() - timedelta(days=1)
        self.assertTrue(self._is_stopped(old))

    def test_each_kind_has_its_button(self):
        role = self.env.ref("field_crm.field_contact_role_decider")
        category = self.env.ref("field_crm.field_document_category_quote")
        call = self.env.ref("mail.mail_activity_data_call")
        gates = {
            "field.lead.contact": self._new_gate(self.quote, "contact", role_id=role.id),
            "field.document.add": self._new_gate(self.quote, "attachment", category_id=category.id),
            "mail.activity": self._new_gate(self.quote, "activity", activity_type_id=call.id),
            "sale.order": self._new_gate(self.quote, "quotation"),
            "crm.lead": self._field_gate(self.quote),
        }
        for model, gate in gates.items():
            action = gate.with_user(self.rep).get_fix_action(self.deal.id)
            self.assertEqual(action["res_model"], model)
        with self.assertRaises(AccessError):
            gate.with_user(self.rep2).get_fix_action(self.deal.id)

    def test_incomplete_conditions_are_refused(self):
        for values in (
            {"kind": "attachment"},
            {"kind": "contact"},
            {"kind": "field"},
            {"kind": "domain", "name": "Bad", "domain": "[('nothing', '=', 1)]"},
            {"kind": "domain", "name": "Bad", "domain": "no domain"},
            {"kind": "domain", "name": "Bad", "is_fresh": True},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["field.stage.gate"].create({"stage_id": self.quote.id, **values})

    def test_reps_and_leaders_change_no_condition(self):
        gate = self._field_gate(self.quote)
        for user in (self.rep, self.leader):
            for change in (
                gate.with_user(user).action_switch_off,
                gate.with_user(user).unlink,
                lambda user=user: gate.with_user(user).write({"moment": "leave"}),
            ):
                with self.assertRaises(AccessError):
                    change()
        self.assertTrue(gate.is_on)


@tagged("post_install", "-at_install")
class TestGateTrial(PipelineCommon):
    def test_whom_it_would_have_stopped(self):
        gate = self._field_gate(self.quote, is_on=False)
        self.deal.stage_id = self.quote
        won = self._new_deal("Won", user_id=self.rep2.id)
        won.stage_id = self.signed
        good = self._new_deal("Good", date_deadline="2027-01-31")
        good.stage_id = self.negotiation
        self._new_deal("Stays where it is")
        manager = self._new_user("deal_mgr", f"sales_team.group_sale_manager,{LEADER}")
        action = gate.with_user(manager).action_trial()
        trial = self.env["field.stage.trial"].browse(action["res_id"]).with_user(manager)
        mine = trial.line_ids.filtered(lambda line: line.lead_id.team_id == self.team)
        self.assertEqual(mine.lead_id, self.deal | won)
        self.assertEqual(mine.filtered("is_won").lead_id, won)
        self.assertEqual(mine.user_id, self.rep | self.rep2)
        self.assertFalse(gate.is_on)
        with self.assertRaises(AccessError):
            trial.with_user(self.rep).read(["days"])

    def test_standard_stages(self):
        self.env["crm.stage"].search([]).write({"team_ids": [Command.set(self.team.ids)]})
        Stage = self.env["crm.stage"]
        old = Stage.create({"name": "Old", "sequence": 1, "team_ids": False})
        Stage.action_field_standard_stages()
        shared = Stage.search([("team_ids", "=", False)])
        self.assertEqual(shared.mapped("field_weight"), [20, 40, 60, 80, 100])
        self.assertEqual(old.name, "First contact")
        self.assertTrue(shared[-1].is_won)
        with self.assertRaises(AccessError):
            Stage.with_user(self.rep).action_field_standard_stages()
