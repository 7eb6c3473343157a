"""Reports that write themselves: at the end of a day, and for weeks and months that are over."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from odoo.addons.field_base.tools.times import local_date

#: So long after its end a report follows what comes late; afterwards by its button only.
_FOLLOW = timedelta(days=7)


class FieldWorkReport(models.Model):
    _inherit = "field.work.report"

    @api.model
    def _make(self, kind, company, day, users):
        """The reports of these people for the period ``day`` lies in, with their figures.

        The same again makes nothing twice.

        :param company: res.company
        :param date day: local day
        :returns: field.work.report
        """
        first, last = self._get_period(kind, day)
        domain = [("kind", "=", kind), ("date_from", "=", first), ("company_id", "=", company.id)]
        reports = self.search([*domain, ("user_id", "in", users.ids)])
        period = {"kind": kind, "date_from": first, "date_to": last, "company_id": company.id}
        missing = [{**period, "user_id": user.id} for user in users - reports.user_id]
        if missing:
            reports |= self._create_all(missing)
        reports._refresh()
        return reports

    @api.model
    def _create_all(self, values):
        """A twin request that was faster makes this one start over, not fail."""
        try:
            with self.env.cr.savepoint():
                quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
                return quiet.create(values).with_env(self.env)
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request makes the same report") from exc

    @api.model
    def _cron_make(self):
        """Make what is due, follow what came late, and tell the leaders."""
        cron = self.env["ir.cron"]
        due = self._find_due()
        cron._commit_progress(remaining=len(due))
        for (kind, company, day), users in due.items():
            self._make(kind, company, day, users)
            if not cron._commit_progress(1):
                return
        recent = [("date_to", ">=", fields.Date.today() - _FOLLOW)]
        for reports in self.search(recent)._group_for_gathering().values():
            reports._refresh()
            cron._commit_progress()
        self._send_digests()

    @api.model
    def _find_due(self):
        """``{(kind, company, first day): users}`` of periods that are over and have no report."""
        due = {}
        for kind, rows in (
            ("day", self._find_days_of_work()),
            ("week", self._find_periods("week")),
            ("month", self._find_periods("month")),
        ):
            for user_id, company_id, first in rows:
                user = self.env["res.users"].browse(user_id)
                today = local_date(fields.Datetime.now(), user._field_tz())
                if self._get_period(kind, first)[1] < today:
                    key = (kind, self.env["res.company"].browse(company_id), first)
                    due[key] = due.get(key, user) | user
        return due

    @api.model
    def _find_days_of_work(self):
        """``[(user id, company id, day)]`` with visits or a workday, and no report yet."""
        for model in ("field.visit", "field.workday", self._name):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT work.user_id, work.company_id, work.day
                     FROM (SELECT user_id, company_id, plan_date AS day FROM field_visit
                            WHERE state != 'cancelled' AND plan_date BETWEEN %(first)s AND %(last)s
                            UNION
                           SELECT user_id, company_id, date FROM field_workday
                            WHERE date BETWEEN %(first)s AND %(last)s) work
                    WHERE NOT EXISTS (SELECT FROM field_work_report report
                                       WHERE report.user_id = work.user_id
                                         AND report.company_id = work.company_id
                                         AND report.kind = 'day'
                                         AND report.date_from = work.day)
                    ORDER BY work.day, work.company_id, work.user_id""",
                first=fields.Date.today() - _FOLLOW,
                last=fields.Date.today() + timedelta(days=1),
            )
        )

    @api.model
    def _find_periods(self, kind):
        """``[(user id, company id, first day)]`` of weeks or months with reports of days, and none
        of their own yet."""
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT d.user_id, d.company_id,
                          date_trunc(%(kind)s, d.date_from)::date AS first
                     FROM field_work_report d
                    WHERE d.kind = 'day' AND d.date_from >= %(since)s
                      AND NOT EXISTS (SELECT FROM field_work_report p
                                       WHERE p.user_id = d.user_id
                                         AND p.company_id = d.company_id AND p.kind = %(kind)s
                                         AND p.date_from = date_trunc(%(kind)s, d.date_from)::date)
                    ORDER BY first, 2, 1""",
                kind=kind,
                since=fields.Date.today() - timedelta(days=45),
            )
        )
