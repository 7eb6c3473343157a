"""Points by rules: simple, explained, and checked against what became of the leads."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

HOT, WARM = 60, 30  # points from which on a lead is hot, or warm


class FieldLeadPointRule(models.Model):
    """Leads that meet a condition get points; within a group only the best rule counts."""

    _name = "field.lead.point.rule"
    _description = "Points for Leads"
    _inherit = ["field.lead.rule.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    group = fields.Char(help="Of rules of one group only the one with most points counts.")
    lead_domain = fields.Char("Leads", required=True, default="[]")
    points = fields.Integer(required=True, default=10)
    hit_count = fields.Integer("Closed Leads", compute="_compute_prediction")
    won_rate = fields.Float("Won of These (%)", compute="_compute_prediction", digits=(5, 1))
    other_rate = fields.Float("Won of the Others (%)", compute="_compute_prediction", digits=(5, 1))
    verdict = fields.Selection(
        [("good", "Predicts"), ("none", "Says nothing"), ("few", "Too few leads yet")],
        "Did It Predict?",
        compute="_compute_prediction",
    )

    def _compute_prediction(self):
        """Won among closed leads that had the rule, against those that had not."""
        Lead = self.env["crm.lead"].with_context(active_test=False)
        closed = Domain("won_status", "in", ("won", "lost"))
        for rule in self:
            counts = {}
            for with_rule in (True, False):
                operator = "in" if with_rule else "not in"
                domain = closed & Domain("field_point_rule_ids", operator, rule.ids)
                groups = dict(Lead._read_group(domain, ["won_status"], ["__count"]))
                counts[with_rule] = (groups.get("won", 0), sum(groups.values()))
            rule.update(rule._judge(*counts[True], *counts[False]))

    @api.model
    def _judge(self, won, hits, other_won, others):
        rate = 100 * won / hits if hits else 0.0
        other = 100 * other_won / others if others else 0.0
        right_way = (rate - other) * (self.points or 1) > 0
        verdict = "few" if min(hits, others) < 20 else "good" if right_way else "none"
        if verdict == "good" and abs(rate - other) < 5:
            verdict = "none"
        return {"hit_count": hits, "won_rate": rate, "other_rate": other, "verdict": verdict}

    def _find_hits(self, leads):
        """:returns: ``{lead.id: field.lead.point.rule}`` that count, the best of each group"""
        found = dict.fromkeys(leads.ids, self.browse())
        for rule in self.sorted("points", reverse=True):
            company = rule.company_id
            own = leads.filtered(lambda le, c=company: not c or le.company_id == c)
            for lead in own.filtered_domain(literal_eval(rule.lead_domain or "[]")):
                if not rule.group or rule.group not in found[lead.id].mapped("group"):
                    found[lead.id] |= rule
        return found


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_points = fields.Integer("Points", readonly=True, copy=False)
    field_heat = fields.Selection(
        [("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")], "Heat", readonly=True, copy=False
    )
    field_point_rule_ids = fields.Many2many(
        "field.lead.point.rule", "field_lead_point_rel", "lead_id", "rule_id", copy=False
    )
    field_points_why = fields.Text("Points for", compute="_compute_field_points_why")

    @api.depends("field_point_rule_ids")
    @api.depends_context("lang")
    def _compute_field_points_why(self):
        for lead in self:
            rules = lead.sudo().field_point_rule_ids.sorted("points", reverse=True)
            lines = [f"{rule.points:+d} {rule.name}" for rule in rules]
            lead.field_points_why = "\n".join(lines) or False

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.sudo()._set_points()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._get_point_fields():
            self.sudo()._set_points()
        return result

    @api.model
    @ormcache()
    def _get_point_fields(self):
        """First names of the fields the rules look at."""
        rules = self.env["field.lead.point.rule"].sudo().search([("active", "=", True)])
        return frozenset(
            condition.field_expr.split(".")[0]
            for rule in rules
            for condition in Domain(literal_eval(rule.lead_domain or "[]")).iter_conditions()
        )

    def _set_points(self):
        Rule = self.env["field.lead.point.rule"]
        rules = Rule._is_used() and Rule.search([("active", "=", True)])
        if not rules:
            return
        for lead_id, hits in rules._find_hits(self).items():
            lead = self.browse(lead_id)
            points = max(0, min(100, sum(hits.mapped("points"))))
            heat = "hot" if points >= HOT else "warm" if points >= WARM else "cold"
            vals = {"field_points": points, "field_heat": heat}
            if hits != lead.field_point_rule_ids:
                vals["field_point_rule_ids"] = [fields.Command.set(hits.ids)]
            moved = any(lead[name] != vals[name] for name in ("field_points", "field_heat"))
            if moved or len(vals) > 2:
                lead.write(vals)

    @api.model
    def _cron_points(self, batch=1000):
        """Conditions may look at time and at other records: all open leads, once a night."""
        self._refresh_probabilities()
        Cron = self.env["ir.cron"]
        domain = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        if not self.env["field.lead.point.rule"].search_count([], limit=1):
            return
        last = 0
        Cron._commit_progress(remaining=self.sudo().search_count(domain))
        Lead = self.sudo()
        while leads := Lead.search(domain & Domain("id", ">", last), order="id", limit=batch):
            last = leads[-1].id
            leads._set_points()
            if not Cron._commit_progress(len(leads)):
                break
            leads.invalidate_recordset()

    def _is_hot(self):
        return super()._is_hot() or self.field_heat == "hot"
