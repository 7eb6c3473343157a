"""The report of one visit on paper: facts, steps, pictures, what was agreed."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.field_base.tools import pdf

_PICTURES = 12


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def action_report(self):
        """Open the report of the visit as PDF."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/visit/{self.id}/report.pdf",
            "target": "new",
        }

    def _as_report_pdf(self):
        """The report as bytes, in the language of the reader."""
        self.ensure_one()
        story = [
            pdf.paragraph(self.partner_id.display_name, "title"),
            pdf.paragraph(self.partner_address or "", "small", pdf.GREY),
            pdf.gap(),
            pdf.table(self._get_report_facts(), (3, 9), header=False),
        ]
        for heading, part in (
            (self.env._("Steps"), self._get_report_steps()),
            (self.env._("Open matters"), self._get_report_followups()),
            (self.env._("Photos"), self._get_report_pictures()),
        ):
            if part:
                story += [pdf.gap(4), pdf.paragraph(heading, "heading"), *part]
        day = format_date(self.env, self.plan_date)
        return pdf.build(self.name, story, footer=f"{self.company_id.name} · {day}")

    def _get_report_facts(self):
        """``[[what, said]]`` of everything that is known."""
        rows = [
            (self.env._("Date"), format_date(self.env, self.plan_date)),
            (self.env._("Kind"), self.type_id.name or self._get_word("channel")),
            (self.env._("Person"), self.user_id.sudo().name),
            (self.env._("Accompanied by"), self._get_company_words()),
            (self.env._("Contacts met"), self._get_contact_words()),
            (self.env._("State"), self._get_word("state")),
            (self.env._("Check-in"), self.check_in_summary),
            (self.env._("Said at the check-in"), self.check_in_reason),
            (self.env._("Check-out"), self.check_out_summary),
            (self.env._("Length"), self.duration_summary),
            (self.env._("Verdict"), self._get_word("verdict")),
            (self.env._("Goal"), self._get_goal_words()),
            (self.env._("Result"), self.result_id.name),
            (self.env._("Reason"), self.cancel_reason or self.reason_id.name),
            (self.env._("Note"), self.note),
            (self.env._("Explanation"), self.explanation),
        ]
        return [[what, said] for what, said in rows if said]

    def _get_word(self, name):
        """A selection's label for the reader."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

    def _get_report_steps(self):
        if not self.step_ids:
            return []
        words = dict(self.step_ids._fields["state"]._description_selection(self.env))
        rows = [[step.name, words[step.state], step._get_report_answer()] for step in self.step_ids]
        header = [self.env._("Step"), self.env._("State"), self.env._("Answer")]
        return [pdf.table([header, *rows], (4, 2, 6))]

    def _get_report_followups(self):
        own = self.followup_ids.filtered(lambda a: a.field_visit_id == self)
        return [
            pdf.bullet(f"{format_date(self.env, one.date_deadline)}  {one.summary or ''}")
            for one in own
        ]

    def _get_report_pictures(self):
        """Who took them is on no sheet that is handed on: no selfies, no faces."""
        shown = Domain("is_of_place", "=", True) | Domain("step_id.kind", "=", "signature")
        mine = Domain("visit_id", "=", self.id) & Domain("attachment_id", "!=", False)
        photos = self.env["field.visit.photo"].search(mine & shown, limit=_PICTURES)
        return [pdf.picture(photo._get_shown(), 80, 60) for photo in photos]
