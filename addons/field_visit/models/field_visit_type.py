"""Kinds of visits: how they are made, and how long they usually take."""

from odoo import api, fields, models

from .field_visit import CHANNELS


class FieldVisitType(models.Model):
    _name = "field.visit.type"
    _description = "Kind of Visit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the kind to every company."
    )
    channel = fields.Selection(CHANNELS, "By", required=True, default="on_site")
    sop_id = fields.Many2one(
        "field.sop", "Standard procedure", index="btree_not_null", ondelete="set null"
    )
    min_minutes = fields.Integer(
        "At least (minutes)", help="0 takes the minutes of the policy for visits on site."
    )
    max_minutes = fields.Integer("At most (minutes)", help="0 for no limit.")
    limit_ids = fields.One2many("field.visit.limit", "type_id", "By grade", copy=True)

    _minutes_range = models.Constraint(
        "CHECK(min_minutes >= 0 AND max_minutes >= 0"
        " AND (max_minutes = 0 OR min_minutes <= max_minutes))",
        "The shortest time is not longer than the longest.",
    )

    def _get_bounds(self, grade):
        """``(least, most)`` minutes of such a visit at a customer of that grade; 0 for none."""
        own = self.limit_ids.filtered(lambda limit: limit.grade_id == grade)[:1] or self
        return own.min_minutes, own.max_minutes

    def action_try_limits(self):
        """Ask first: which visits of the last 90 days would other limits have marked?"""
        self.ensure_one()
        trial = self.env["field.visit.limit.trial"].create({"type_id": self.id})
        return trial._open()

    @api.model
    def _for_company(self, company):
        return self.search([("company_id", "in", (False, company.id))])


class FieldVisitLimit(models.Model):
    _name = "field.visit.limit"
    _description = "Length of Visits by Grade"
    _order = "type_id, grade_id"

    type_id = fields.Many2one("field.visit.type", required=True, index=True, ondelete="cascade")
    grade_id = fields.Many2one("field.grade", required=True, ondelete="cascade")
    min_minutes = fields.Integer("At least (minutes)")
    max_minutes = fields.Integer("At most (minutes)", help="0 for no limit.")

    _grade_uniq = models.UniqueIndex("(type_id, grade_id)", "Each grade has its limits once.")
    _minutes_range = models.Constraint(
        "CHECK(min_minutes >= 0 AND max_minutes >= 0"
        " AND (max_minutes = 0 OR min_minutes <= max_minutes))",
        "The shortest time is not longer than the longest.",
    )
