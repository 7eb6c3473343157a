"""What the night does: missed plans and forgotten check-outs."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.field_base.tools.times import local_date, local_hour


class FieldVisit(models.Model):
    _inherit = "field.visit"

    @api.model
    def _cron_mark_missed(self, batch=500):
        """Planned visits of past days become missed, each in its representative's time zone."""
        cron = self.env["ir.cron"]
        while visits := self._claim_missed(batch):
            visits._do_miss()
            if not cron._commit_progress(len(visits)):
                break

    @api.model
    def _claim_missed(self, limit):
        """Lock up to ``limit`` planned visits whose day is over; two jobs never take the same."""
        self.env["field.visit"].flush_model(["state", "plan_date", "user_id"])
        self.env["res.partner"].flush_model(["tz"])
        rows = self.env.execute_query(
            SQL(
                """SELECT visit.id
                     FROM field_visit visit
                     JOIN res_users person ON person.id = visit.user_id
                     JOIN res_partner contact ON contact.id = person.partner_id
                    WHERE visit.state = 'planned'
                      AND visit.plan_date <
                          (%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(contact.tz, 'UTC'))::date
                    ORDER BY visit.id
                    LIMIT %s
                      FOR UPDATE OF visit SKIP LOCKED""",
                fields.Datetime.now(),
                limit,
            )
        )
        return self.browse([row[0] for row in rows])

    def _do_miss(self):
        self.filtered(lambda v: v.state == "planned")._with_evidence().write({"state": "missed"})

    @api.model
    def _cron_close_forgotten(self, batch=100):
        """End visits nobody checked out of at the policy's closing hour of their day.

        One person has one open visit, so the open ones are few enough to look at all of them.
        """
        now = fields.Datetime.now()
        open_visits = self.search([("state", "=", "in_progress")])
        due = open_visits.filtered(lambda visit: visit._get_closing_moment() <= now)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for start in range(0, len(due), batch):
            part = due[start : start + batch].try_lock_for_update()
            part.invalidate_recordset(["state"])
            part._do_close_forgotten()
            if not cron._commit_progress(len(part)):
                break

    def _do_close_forgotten(self):
        following = self._find_next_check_ins()
        for visit in self.filtered(lambda visit: visit.state == "in_progress"):
            closing = visit._get_closing_moment()
            end = min(closing, following.get(visit.id, closing))
            visit._do_check_out(at=end, end_source="auto")

    def _get_closing_moment(self):
        """UTC moment at which an open visit ends by itself.

        The closing hour of the day it began, or midnight for one that began after that hour.
        """
        self.ensure_one()
        tz = self._get_tz()
        day = local_date(self.check_in_at, tz)
        closing = local_hour(day, (self.policy_snapshot or {}).get("day_end_hour") or 24.0, tz)
        return closing if closing > self.check_in_at else local_hour(day, 24.0, tz)

    def _lasted_at(self, moment):
        """Whether the visit was going on at ``moment``; an assumed end may still move."""
        self.ensure_one()
        if not self.check_in_at or moment < self.check_in_at:
            return False
        return moment <= self.check_out_at
