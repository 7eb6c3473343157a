from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain

FIGURES = (
    *("planned_count", "done_count", "missed_count", "unplanned_count", "new_customer_count"),
    *("visit_min", "order_count", "order_amount", "followup_count", "distance_m"),
    *("outcome_count", "new_words_count", "received_amount", "promised_amount"),
    *("lead_count", "opportunity_count", "won_count"),
)


class FieldApp(models.AbstractModel):
    """The reports of a person's last two weeks, with what was said about them."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        reports = Collection(
            "field.work.report",
            [("user_id", "=", self.env.uid), ("kind", "=", "day"), ("date_from", ">=", "-14d")],
            ("date_from", "blockers", "tomorrow", *FIGURES),
            order="date_from desc, id desc",
            cap=20,
            rows=self._work_reports,
            digest=True,
        )
        return {"work_reports": reports, **super()._collections()}

    @api.model
    def _work_reports(self, reports):
        comments = self._get_report_comments(reports)
        names = ["id", "date_from", "blockers", "tomorrow", *FIGURES]
        return [
            {**{n: plain(v) for n, v in row.items()}, "comments": comments.get(row["id"], [])}
            for row in reports.read(names, load=None)
        ]

    @api.model
    def _get_report_comments(self, reports):
        """``{report id: [{"id", "who", "at", "text"}]}``, the oldest first."""
        found = {}
        messages = self.env["mail.message"].sudo().search(reports._get_comment_domain(), order="id")
        for message in messages:
            found.setdefault(message.res_id, []).append(
                {
                    "id": message.id,
                    "who": message.author_id.name,
                    "at": plain(message.date),
                    "text": message.body,
                }
            )
        return found
