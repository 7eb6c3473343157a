"""Visits that a machine has planned: whose they are, and whether somebody has touched them."""

from odoo import fields, models

# What a person decides about a planned visit; the machine leaves it alone from then on.
TOUCHED_BY = frozenset(
    {"plan_date", "plan_time", "time_from", "time_to", "user_id", "partner_id", "priority"}
    | {"plan_minutes", "note", "sop_id", "channel"}
)
# An object, not a value: no RPC context can carry it.
_PLANNER = object()


class FieldVisit(models.Model):
    _inherit = "field.visit"

    rule_id = fields.Many2one(
        "field.frequency.rule",
        "Frequency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    rule_period = fields.Integer(readonly=True, copy=False, aggregator=None)
    rule_number = fields.Integer(readonly=True, copy=False, aggregator=None)
    plan_touched = fields.Boolean(
        "Changed by hand",
        readonly=True,
        copy=False,
        help="Somebody has moved or changed this visit: rules and plans leave it alone.",
    )

    _rule_uniq = models.UniqueIndex(
        "(rule_id, partner_id, rule_period, rule_number) WHERE rule_id IS NOT NULL"
        " AND rule_number > 0 AND state IN ('planned', 'in_progress', 'done')",
        "The rule has already planned this visit.",
    )

    def _with_planner(self):
        """For methods that plan: what they write is no change by hand."""
        return self.with_context(field_visit_planner=_PLANNER)

    def _is_planner(self):
        return self.env.context.get("field_visit_planner") is _PLANNER

    def write(self, vals):
        if TOUCHED_BY & vals.keys() and not self._is_planner() and not self._may_write_evidence():
            machine = self.filtered(lambda v: v.source != "manual" and not v.plan_touched)
            super(FieldVisit, machine._with_planner()).write({"plan_touched": True})
        return super().write(vals)

    def action_replan(self):
        """A visit that is planned again by hand is one by hand."""
        result = super().action_replan()
        self._with_planner().write({"rule_number": 0, "plan_touched": True})
        return result
