"""Other limits for a kind of visit, tried on the past before they hold."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_DAYS = 90


class FieldVisitLimitTrial(models.TransientModel):
    _name = "field.visit.limit.trial"
    _description = "Trial of the Length of Visits"

    type_id = fields.Many2one("field.visit.type", "Kind", required=True, ondelete="cascade")
    line_ids = fields.One2many(
        "field.visit.limit.trial.line",
        "trial_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("type_id")
    def _compute_line_ids(self):
        """One line for the kind itself and one for each grade."""
        for trial in self:
            grades = self.env["field.grade"].search([], limit=100)
            kind = trial.type_id
            lines = [{"min_minutes": kind.min_minutes, "max_minutes": kind.max_minutes}]
            for grade in grades:
                least, most = kind._get_bounds(grade)
                lines.append({"grade_id": grade.id, "min_minutes": least, "max_minutes": most})
            trial.line_ids = [fields.Command.clear(), *map(fields.Command.create, lines)]

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try on the last 90 days"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_count(self):
        """Count again with the minutes as they stand."""
        self.ensure_one()
        return self._open()

    def action_apply(self):
        """Let these limits hold from the next visit on; past visits keep theirs."""
        self.ensure_one()
        own = self.line_ids.filtered(lambda line: not line.grade_id)[:1]
        base = (own.min_minutes, own.max_minutes)
        kept = self.line_ids.filtered(
            lambda line: line.grade_id and (line.min_minutes, line.max_minutes) != base
        )
        self.type_id.write(
            {
                "min_minutes": base[0],
                "max_minutes": base[1],
                "limit_ids": [
                    fields.Command.clear(),
                    *[fields.Command.create(line._prepare_limit()) for line in kept],
                ],
            }
        )
        return {"type": "ir.actions.act_window_close"}


class FieldVisitLimitTrialLine(models.TransientModel):
    _name = "field.visit.limit.trial.line"
    _description = "Line of a Trial of the Length of Visits"

    trial_id = fields.Many2one("field.visit.limit.trial", required=True, ondelete="cascade")
    grade_id = fields.Many2one("field.grade", readonly=True)
    min_minutes = fields.Integer("At least (minutes)")
    max_minutes = fields.Integer("At most (minutes)")
    visits = fields.Integer(compute="_compute_counts")
    short = fields.Integer("Would be short", compute="_compute_counts")
    long = fields.Integer("Would be long", compute="_compute_counts")
    known_short = fields.Integer("Were short", compute="_compute_counts")

    @api.depends("min_minutes", "max_minutes", "trial_id.type_id")
    def _compute_counts(self):
        Visit = self.env["field.visit"]
        for line in self:
            here = line._get_domain()
            line.visits = Visit.search_count(here)
            line.short = Visit.search_count(here & line._get_short_domain())
            line.known_short = Visit.search_count(here & Domain("is_short", "=", True))
            most = line.max_minutes
            line.long = Visit.search_count(here & Domain("effective_min", ">", most)) if most else 0

    def _get_domain(self):
        """The visits of that kind and grade whose check-in was in the last 90 days."""
        since = fields.Datetime.now() - timedelta(days=_DAYS)
        domain = Domain("state", "=", "done") & Domain("check_in_at", ">=", since)
        domain &= Domain("type_id", "=", self.trial_id.type_id.id)
        if self.grade_id:
            domain &= Domain("partner_id.field_grade_id", "=", self.grade_id.id)
        return domain

    def _get_short_domain(self):
        few = Domain("effective_min", "<", self.min_minutes)
        return few & Domain("is_productive", "=", False)

    def _prepare_limit(self):
        return {
            "grade_id": self.grade_id.id,
            "min_minutes": self.min_minutes,
            "max_minutes": self.max_minutes,
        }

    def action_open_short(self):
        """The visits that would be too short."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Would be short"),
            "res_model": "field.visit",
            "view_mode": "list,form",
            "domain": list(self._get_domain() & self._get_short_domain()),
        }
