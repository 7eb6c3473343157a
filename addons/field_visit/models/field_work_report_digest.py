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
        first, _last = self._get_period(kind, day)
        domain = [("kind", "=", kind), ("date_from", "=", first)]
        team = [("user_id.field_leader_ids", "in", [leader.id])]
        reports = self.with_user(leader).search(domain + team, order="user_id")
        if not reports:
            return
        reports = reports.with_context(lang=leader.lang)
        values = {"reports": reports, "format_amount": format_amount}
        self.env["field.notice"].with_company(leader.company_id)._notify(
            "work_report",
            leader,
            reports.env._("Work reports: %(period)s", period=reports[0]._get_period_name()),
            reports.env["ir.qweb"]._render("field_visit.work_report_digest", values),
        )
