"""What there is to know of a customer before one goes in; compared anew at each pull.

None of it is written on the visit, so that a planned visit would carry what was true when it came
to the phone.
"""

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.collection import Collection, plain

#: Digests are for a few rows.
BRIEFS = 300


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        briefs = Collection(
            "res.partner",
            self._briefs_domain(),
            cap=BRIEFS,
            rows=self._briefs,
            digest=True,
        )
        return {"briefs": briefs, **super()._collections()}

    @api.model
    def _briefs_domain(self):
        """Customers of one's own visits that are on or may be begun in the next two days."""
        if not self.env["field.visit"].has_access("read"):
            return Domain.FALSE
        soon = [
            ("state", "in", ("planned", "missed")),
            ("plan_date", ">=", "-7d"),
            ("plan_date", "<=", "+2d"),
        ]
        own = Domain("user_id", "=", self.env.uid)
        visits = own & (Domain("state", "=", "in_progress") | Domain(soon))
        return Domain("field_visit_ids", "any", visits)

    @api.model
    def _briefs(self, partners):
        """``done`` are the days on which steps of the month were done, by whomever."""
        overdue = self._get_overdue(partners)
        prefill = self._get_prefill(partners)
        references = self._get_references(partners)
        done = self._get_monthly_done(partners)
        return [
            {
                "id": partner.id,
                "overdue": overdue.get(partner.id),
                "prefill": prefill.get(partner.id, {}),
                "references": references.get(partner.id, {}),
                "done": done.get(partner.id, {}),
            }
            for partner in partners
        ]

    @api.model
    def _get_references(self, partners):
        """``{partner id: {what it is of: picture as data URL}}``: what to hold a new picture
        beside, also without a network."""
        photos = (
            self.env["field.visit.photo"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("is_reference", "=", True)])
        )
        found = {}
        for photo in photos:
            picture = f"data:image/jpeg;base64,{photo.thumb.decode()}" if photo.thumb else None
            found.setdefault(photo.partner_id.id, {})[photo.reference_key] = picture
        return found

    @api.model
    def _get_overdue(self, partners):
        """``{partner id: {"amount", "count", "currency"}}`` of what is overdue, for those who may
        read invoices; the phone says as of when: since its last pull nothing has changed."""
        currency = self.env.company.currency_id.symbol
        return {
            partner: {"amount": amount, "count": count, "currency": currency}
            for partner, (amount, count) in partners._get_overdue_invoices().items()
        }

    @api.model
    def _get_monthly_done(self, partners):
        """``{partner id: {key of the step: day}}``; twin of `_get_asked_this_month`."""
        monthly = self.env["field.sop.step"].sudo().search([("required_when", "=", "month")])
        if not monthly or not partners:
            return {}
        groups = (
            self.env["field.visit.step"]
            .sudo()
            ._read_group(
                [
                    ("sop_step_id", "in", monthly.ids),
                    ("state", "=", "done"),
                    ("visit_id.partner_id", "in", partners.ids),
                    ("visit_id.plan_date", ">=", fields.Date.context_today(self).replace(day=1)),
                ],
                ["visit_id", "key"],
            )
        )
        found = {}
        for visit, key in groups:
            days = found.setdefault(visit.partner_id.id, {})
            days[key] = max(plain(visit.plan_date), days.get(key, ""))
        return found
