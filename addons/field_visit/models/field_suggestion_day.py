"""Suggestions by themselves: worked out in the morning for who has a phone, answered on it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.times import local_date, local_hour

#: Local hour from which on there are suggestions for the day.
_FROM_HOUR = 3
#: A phone that was silent for longer gets none.
_PHONE_DAYS = 14
#: What nobody has answered is forgotten after so many days.
_KEPT_DAYS = 30


class FieldSuggestion(models.Model):
    _inherit = "field.suggestion"

    @api.model
    def _cron_suggest(self):
        """Once a day for each person, in the morning where he is and in his language."""
        cron = self.env["ir.cron"]
        due = self._find_due(fields.Datetime.now())
        cron._commit_progress(remaining=len(due))
        for user, company, day in due:
            his = self.with_user(user).with_company(company).with_context(lang=user.lang)
            his._suggest(his.env.user, day)
            if not cron._commit_progress(1):
                return

    @api.model
    def _find_due(self, now):
        """``[(person, company, local day)]`` of those who use a phone and have no suggestions."""
        due = []
        for user, company in self._find_people(now):
            day = local_date(now, user._field_tz())
            if now >= local_hour(day, _FROM_HOUR, user._field_tz()):
                due.append((user, company, day))
        groups = self.sudo()._read_group(
            [("date", "in", list({day for *_who, day in due}))],
            ["user_id", "company_id", "date:day"],
        )
        made = {(user.id, company.id, day) for user, company, day in groups}
        return [one for one in due if (one[0].id, one[1].id, one[2]) not in made]

    @api.model
    def _find_people(self, now):
        app = Domain("kind", "=", "app") & Domain("state", "=", "active")
        used = Domain("last_contact", ">", now - timedelta(days=_PHONE_DAYS))
        devices = self.env["field.device"].sudo()
        return devices._read_group(
            app & used & Domain("user_id.active", "=", True), ["user_id", "company_id"]
        )

    @api.autovacuum
    def _gc_unanswered(self):
        """Answers are kept: they say what was worth suggesting."""
        old = Domain("date", "<", fields.Date.today() - timedelta(days=_KEPT_DAYS))
        self.sudo().search(old & Domain("state", "=", "open"), limit=10000).unlink()

    @api.model
    def _of_day(self, partner, date):
        """The current user's suggestion of a customer for a day, whatever has become of it.

        One that has since been worked out anew and was left out is there again: he was shown it.
        """
        about = {"user_id": self.env.uid, "partner_id": partner.id, "date": date}
        found = self.sudo().search([(name, "=", value) for name, value in about.items()])
        return (found or self.sudo().create(about)).with_env(self.env)

    def _take(self):
        """The visit it has become, or becomes: one that was called off or given away is no answer.

        :returns: field.visit of the suggestion's person
        """
        self.ensure_one()
        visit = self.sudo().visit_id
        stands = visit.user_id == self.user_id and visit.state not in ("cancelled", "missed")
        if self.state != "accepted" or not stands:
            self._accept()
        return self.visit_id
