"""The digest a leader gets: one line for each of his people."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_amount

from odoo.addons.field_base.tools.times import local_date, local_hour

_KINDS = ("day", "week", "month")
#: Local hour from which on a digest is sent: what comes late in the night is in it.
_MORNING = 7


class FieldWorkReport(models.Model):
    _inherit = "field.work.report"

    @api.model
    def _send_digests(self):
        """Send what is due, to leaders whose policy asks for it; nothing twice."""
        leaders = self.env.ref("field_base.field_base_group_leader").all_user_ids
        leaders = leaders.filtered(lambda user: user.active and user.partner_id)
        now = fields.Datetime.now()
        for leader in leaders:
            today = local_date(now, leader._field_tz())
            morning = local_hour(today, _MORNING, leader._field_tz())
            if leader.field_digest_date == today or now < morning:
                continue
            for kind in self._get_digest_kinds(leader, today):
                self._send_digest(leader, kind, today - timedelta(days=1))
            leader.field_digest_date = today
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _get_digest_kinds(self, leader, today):
        """What a leader gets this morning: days, and weeks and months on their first day."""
        policy = self.env["field.policy"]._get_for_users(leader, today)[leader.id]
        if policy.report_digest == "none":
            return []
        wanted = _KINDS[_KINDS.index(policy.report_digest) :]
        begins = {"day": True, "week": today.weekday() == 0, "month": today.day == 1}
        return [kind for kind in wanted if begins[kind]]

    @api.model
    def _send_digest(self, leader, kind, day):
        reports = self._find_digest(leader, kind, day)
        if not reports:
            return
        reports = reports.with_context(lang=leader.lang)
        values = {
            "reports": reports,
            "newest": reports[0].date_from,
            "format_amount": format_amount,
        }
        self.env["field.notice"].with_company(leader.company_id)._notify(
            "work_report",
            leader,
            reports.env._("Work reports: %(period)s", period=reports[0]._get_period_name()),
            reports.env["ir.qweb"]._render("field_visit.work_report_digest", values),
        )

    @api.model
    def _find_digest(self, leader, kind, day):
        """Reports of the period ``day`` lies in, and of the one before those that were not over
        when it was told of: somebody's day ends while his leader has breakfast far east of him."""
        first, last = self._get_period(kind, day)
        before, _last = self._get_period(kind, first - timedelta(days=1))
        domain = [("kind", "=", kind), ("date_from", "in", (before, first))]
        team = [("user_id.field_leader_ids", "in", [leader.id])]
        reports = self.with_user(leader).search(domain + team, order="date_from desc, user_id")
        zone = leader._field_tz()
        told = local_hour(first, _MORNING, zone)
        telling = local_hour(last + timedelta(days=1), _MORNING, zone)
        new = reports.filtered(lambda r: r.date_from == first and r._get_end() <= telling)
        late = reports.filtered(lambda r: r.date_from == before and r._get_end() > told)
        return new + late

    def _get_end(self):
        """UTC moment at which the period of the person is over."""
        self.ensure_one()
        return local_hour(self.date_to, 24, self.user_id._field_tz())
