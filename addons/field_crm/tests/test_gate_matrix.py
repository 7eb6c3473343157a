"""Every kind of condition on every way into a stage."""

from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..tools.gate_error import StageGateError
from .pipeline import PipelineCommon


@tagged("post_install", "-at_install")
class TestGateMatrix(PipelineCommon):
    def _get_conditions(self):
        """What a condition of each kind asks for; the deal has none of it."""
        ref = self.env.ref
        field = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        kinds = {
            "field": {"field_id": field.id},
            "attachment": {"category_id": ref("field_crm.field_document_category_quote").id},
            "contact": {"role_id": ref("field_crm.field_contact_role_decider").id},
            "quotation": {"quotation_state": "sent"},
            "visits": {"visit_count": 1},
            "activity": {"activity_type_id": ref("mail.mail_activity_data_call").id},
            "domain": {"name": "Three stars", "domain": "[('priority', '=', '3')]"},
        }
        gates = self.env["field.stage.gate"]
        possible = {code for code, _name in gates._fields["kind"]._description_selection(self.env)}
        self.assertEqual(set(kinds), possible, "a new kind has its line here")
        return kinds

    def _get_ways(self):
        """Ways to bring the deal into or past the stage, in the name of its salesperson."""
        mine, quote = self.deal.with_user(self.rep), self.quote
        other = self._new_deal("Other")
        lead = self._new_deal("Lead", type="lead", stage_id=quote.id)
        # The one that survives a merge has no stage, the other is no deal yet.
        bare = self._new_deal("Bare")
        bare.stage_id = False
        return {
            "drag": lambda: mine.web_save({"stage_id": quote.id}, {}),
            "form": lambda: self._save_form(mine),
            "mass edit": lambda: (mine | other.with_user(self.rep)).write({"stage_id": quote.id}),
            "api": lambda: call_kw(mine, "write", [[self.deal.id], {"stage_id": quote.id}], {}),
            "skip": lambda: mine.write({"stage_id": self.negotiation.id}),
            "won": mine.action_set_won,
            "create": lambda: self._new_deal("New", stage_id=quote.id),
            "conversion": lambda: lead.with_user(self.rep).convert_opportunity(self.customer),
            "merge": lambda: (bare | lead).with_user(self.rep).merge_opportunity(),
        }

    def _save_form(self, deal):
        with Form(deal) as form:
            form.stage_id = self.quote

    def _import(self):
        """Messages instead of an error: what an import answers."""
        rows = [["New deal", "opportunity", str(self.team.id), str(self.quote.id)]]
        columns = ["name", "type", "team_id/.id", "stage_id/.id"]
        return self.env["crm.lead"].with_user(self.manager).load(columns, rows)

    def test_every_kind_stops_every_way(self):
        # Whoever counts visits has counted none.
        Lead = self.registry["crm.lead"]
        self.patch(Lead, "_field_has_visits", lambda _self: True)
        self.patch(Lead, "_field_count_verified_visits", lambda _self, _since: {})
        self.patch(Lead, "_field_get_last_visits", lambda _self: {})
        self.manager = self._new_user("matrix_boss", "sales_team.group_sale_manager")
        ways = self._get_ways()
        conditions = self._get_conditions()
        for kind, values in conditions.items():
            gate = self._new_gate(self.quote, kind, **values)
            for name, way in ways.items():
                with self.subTest(kind=kind, way=name):
                    with self.assertRaises(StageGateError) as refusal, self.cr.savepoint():
                        way()
                    self.assertIn(gate.name, str(refusal.exception))
                    self.assertEqual(self.deal.stage_id, self.first)
            with self.subTest(kind=kind, way="import"), self.cr.savepoint():
                found = self._import()
                self.assertFalse(found["ids"])
                self.assertIn(gate.name, str(found["messages"]))
            gate.action_switch_off()
        self.deal.with_user(self.rep).write({"stage_id": self.quote.id})
        self.assertEqual(self.deal.stage_id, self.quote, "nothing asks any more")
