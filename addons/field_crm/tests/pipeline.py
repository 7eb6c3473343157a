from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

REP = "field_base.field_base_group_rep"
LEADER = "field_base.field_base_group_leader"
AUDITOR = "field_base.field_base_group_auditor"
EXPERT = "field_crm.field_crm_group_expert"


class PipelineCommon(TransactionCase):
    """One pipeline of five stages, and this organisation chart::

    leader
    ├── rep
    └── rep2
    sibling (leader)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.leader, cls.sibling = (cls._new_user(f"deal_{n}", LEADER) for n in ("leader", "sib"))
        cls.rep, cls.rep2 = (cls._new_user(f"deal_rep{n}", REP) for n in (1, 2))
        boss = cls.env["hr.employee"].create({"name": "Boss", "user_id": cls.leader.id})
        cls.env["hr.employee"].create(
            [{"name": u.name, "user_id": u.id, "parent_id": boss.id} for u in (cls.rep, cls.rep2)]
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Deals",
                "company_id": cls.company.id,
                "member_ids": [(6, 0, (cls.rep | cls.rep2).ids)],
            }
        )
        # The stages that a database has must not come between ours.
        for stage in cls.env["crm.stage"].search([]):
            stage.team_ids = stage.team_ids or cls.env["crm.team"].create({"name": "Elsewhere"})
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": 500 + place, "team_ids": cls.team.ids, **extra}
                for place, (name, extra) in enumerate(
                    (
                        ("First contact", {"field_weight": 20}),
                        ("Needs", {"field_weight": 40}),
                        ("Quote", {"field_weight": 60}),
                        ("Negotiation", {"field_weight": 80}),
                        ("Signed", {"is_won": True}),
                    )
                )
            ]
        )
        cls.first, cls.needs, cls.quote, cls.negotiation, cls.signed = cls.stages
        cls.customer = cls.env["res.partner"].create({"name": "Corner shop"})
        cls.deal = cls._new_deal("Shelves")

    @classmethod
    def _new_user(cls, login, groups, **values):
        quiet = {"no_reset_password": True}
        return new_test_user(
            cls.env, login, groups=groups, context=quiet, tz="Asia/Shanghai", **values
        )

    @classmethod
    def _new_deal(cls, name, **values):
        vals = {
            "name": name,
            "type": "opportunity",
            "user_id": cls.rep.id,
            "team_id": cls.team.id,
            "stage_id": cls.first.id,
            "partner_id": cls.customer.id,
            "expected_revenue": 1000,
        }
        return cls.env["crm.lead"].create({**vals, **values})

    @classmethod
    def _new_gate(cls, stage, kind, is_on=True, **values):
        gate = cls.env["field.stage.gate"].create({"stage_id": stage.id, "kind": kind, **values})
        if is_on:
            gate.action_switch_on()
        return gate

    @classmethod
    def _field_gate(cls, stage, name="date_deadline", **values):
        field = cls.env["ir.model.fields"]._get("crm.lead", name)
        return cls._new_gate(stage, "field", field_id=field.id, **values)

    def _age(self, deal, days):
        """Let the deal have stood in its stage for some days."""
        deal.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_last_stage_update = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=days), deal.id),
        )
        deal.invalidate_recordset()

    def _steps(self, deal):
        rows = self.env["field.stage.history"].search([("lead_id", "=", deal.id)], order="id")
        return [(row.event, row.from_stage_id, row.stage_id) for row in rows]
