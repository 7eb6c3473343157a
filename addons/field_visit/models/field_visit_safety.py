"""Whoever stays somewhere for long is asked whether he is all right."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Older than this, a visit without its end is a forgotten check-out, not an emergency.
LONGEST_WATCH = timedelta(hours=12)


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    safety_visit_min = fields.Integer(
        "Ask after a visit of (min)",
        required=True,
        default=0,
        help="Who has not checked out by then is asked whether he is all right, and again after "
        "the same time. 0 asks nobody.",
    )
    safety_answer_min = fields.Integer(
        "Time to answer (min)",
        required=True,
        default=10,
        help="Without an answer by then the leader is told.",
    )

    _safety_visit_range = models.Constraint(
        "CHECK(safety_visit_min = 0 OR safety_visit_min BETWEEN 10 AND 720)",
        "People can be asked after 10 to 720 minutes, or with 0 never.",
    )
    _safety_answer_range = models.Constraint(
        "CHECK(safety_answer_min BETWEEN 1 AND 120)", "There are 1 to 120 minutes to answer."
    )


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _do_check_in(self, *args, **kwargs):
        """The job that asks is woken when it is time."""
        visit = super()._do_check_in(*args, **kwargs)
        minutes = visit._get_safety_minutes()
        if minutes and visit.state == "in_progress":
            self.env["field.alarm"]._wake(visit.check_in_at + timedelta(minutes=minutes))
        return visit

    def _do_check_out(self, *args, **kwargs):
        """Who checks out is all right."""
        visit = super()._do_check_out(*args, **kwargs)
        if visit.state == "done" and visit._get_safety_minutes():
            self.env["field.alarm"]._work_is_over(visit)
        return visit

    def _get_safety_minutes(self):
        """After how many minutes the policy of the check-in asks; 0 is never."""
        self.ensure_one()
        return (self.policy_snapshot or {}).get("safety_visit_min") or 0


class FieldAlarm(models.Model):
    _inherit = "field.alarm"

    @api.model
    def _ask_overdue(self, now):
        """People whose visit has lasted too long, each at most once in the policy's time."""
        super()._ask_overdue(now)
        visits = self.env["field.visit"].search(
            Domain("state", "=", "in_progress")
            & Domain("channel", "=", "on_site")
            & Domain("check_in_at", ">", now - LONGEST_WATCH)
        )
        visits = visits.filtered(lambda visit: visit._get_safety_minutes())
        asked = self._get_last_asked(visits)
        busy = self.search([("user_id", "in", visits.user_id.ids), ("ended_at", "=", False)])
        for visit in visits.filtered(lambda one: one.user_id not in busy.user_id):
            since = max(visit.check_in_at, asked.get(visit.id, visit.check_in_at))
            due = since + timedelta(minutes=visit._get_safety_minutes())
            if due <= now:
                answer = visit.policy_snapshot.get("safety_answer_min") or 10
                self._ask(visit.user_id, visit, answer, visit.company_id)
            else:
                self._wake(due)

    @api.model
    def _get_last_asked(self, visits):
        """When each visit's person last said that he is all right."""
        groups = self._read_group(
            [("res_model", "=", "field.visit"), ("res_id", "in", visits.ids)],
            ["res_id"],
            ["ended_at:max"],
        )
        return {res_id: ended for res_id, ended in groups if ended}
