"""Visits, work and lines of two cards that become one customer."""

from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _field_make_way(self, kept):
        super()._field_make_way(kept)
        self._field_make_way_visits(kept)
        Photo = self.env["field.visit.photo"].sudo()
        pictures = self._field_rows_of_merge(Photo, kept, Domain("is_reference", "=", True))
        self._field_find_twins(pictures, ["reference_key"]).write({"is_reference": False})
        stops = self._field_rows_of_merge(self.env["field.line.stop"].sudo(), kept)
        self._field_find_twins(stops, ["line_id"]).unlink()
        works = self._field_rows_of_merge(self.env["field.task.work"].sudo(), kept)
        # of two works the one that is done stays, whichever card it was given for
        works = works.sorted(lambda work: work.state != "done")
        self._field_find_twins(works, ["task_id", "user_id"]).unlink()

    def _field_make_way_visits(self, kept):
        """Rules and lines have planned both cards. What nobody has touched and a line drives anyway
        goes; the rest stays as a visit of nobody's number, and the rule takes back what is too much
        by its own count."""
        Visit = self.env["field.visit"].sudo()
        of_line = self._field_rows_of_merge(Visit, kept, Domain("line_id", "!=", False))
        of_line = of_line.filtered("line_day")
        twins = self._field_find_twins(of_line, ["line_id", "line_day"])
        idle = twins.filtered(lambda visit: visit.state == "planned" and not visit.plan_touched)
        idle.unlink()
        (twins - idle)._with_planner().write({"line_day": False})
        numbered = Domain("rule_id", "!=", False) & Domain("rule_number", ">", 0)
        of_rule = self._field_rows_of_merge(Visit, kept, numbered)
        of_rule = of_rule.filtered(lambda v: v.state in ("planned", "in_progress", "done"))
        twins = self._field_find_twins(of_rule, ["rule_id", "rule_period", "rule_number"])
        twins._with_planner().write({"rule_number": 0})

    def _field_after_merge(self):
        super()._field_after_merge()
        visits = self.env["field.visit"].sudo().search([("partner_id", "in", self.ids)])
        for name in ("name", "lat", "lng"):
            self.env.add_to_compute(visits._fields[name], visits)
        self.env.add_to_compute(self._fields["field_last_visit_date"], self)
