"""Who wrote a report is told what others say to it, by the way he has chosen."""

from odoo import models


class FieldWorkReport(models.Model):
    _inherit = "field.work.report"

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._tell_of_comment(message)
        return result

    def _tell_of_comment(self, message):
        """Followers are told by Odoo; the person himself mostly is none."""
        own = self.user_id.sudo().partner_id
        others = message.message_type == "comment" and message.author_id != own
        if not others or own in self.message_partner_ids:
            return
        report = self.with_context(lang=self.user_id.sudo().lang)
        subject = report.env._(
            "%(author)s about your report: %(period)s",
            author=message.author_id.name,
            period=report._get_period_name(),
        )
        author = self.env.user
        self.env["field.notice"]._notify(
            "work_report", self.user_id, subject, message.body, author=author, record=self
        )
