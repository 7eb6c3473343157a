"""What a person adds to his reports on the phone; ``self`` is the journal row, acting as him."""

from odoo import api, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload
from odoo.addons.field_base.tools.times import local_date


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "report.words": self.env._("Words added to a report"),
            "report.comment": self.env._("Report commented"),
            "habit.explain": self.env._("What stands out explained"),
        }

    def _apply_report_words(self, payload):
        """report.words {date, blockers?, tomorrow?}: the last one sent counts"""
        values = require_payload(payload, {"date": str}, {"blockers": str, "tomorrow": str})
        return self.env["field.work.report"]._take_words(
            self.env.user,
            self.company_id,
            self._read_report_day(values["date"]),
            values["blockers"] or False,
            values["tomorrow"] or False,
        )

    def _read_report_day(self, text):
        """:raise FieldRejected: no date, or one that is still to come"""
        day = self._read_day(text)
        if not day or day > local_date(self.happened_at, self.env.user._field_tz()):
            raise FieldRejected(
                "bad_payload", self.env._("A report is about today or a day before.")
            )
        return day

    def _apply_report_comment(self, payload):
        """report.comment {report_id, text}"""
        values = require_payload(payload, {"report_id": int, "text": str})
        report = self.env["field.work.report"].search([("id", "=", values["report_id"])])
        if not report:
            raise FieldRejected("not_found", self.env._("This report does not exist any more."))
        report.message_post(body=values["text"].strip(), message_type="comment")
        return report

    def _apply_habit_explain(self, payload):
        """habit.explain {habit_id, text}: the last one sent counts"""
        values = require_payload(payload, {"habit_id": int, "text": str})
        mine = [("id", "=", values["habit_id"]), ("user_id", "=", self.env.uid)]
        habit = self.env["field.visit.habit"].search(mine)
        if not habit:
            raise FieldRejected("not_found", self.env._("This does not stand out any more."))
        habit.action_explain(values["text"])
        return habit
