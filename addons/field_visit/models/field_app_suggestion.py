"""The suggestions of the day on the phone, with the sum that explains each."""

from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        own = [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)]
        lately = [("date", ">=", "-1d"), ("date", "<=", "+1d"), ("state", "=", "open")]
        return super()._collections() | {
            "suggestions": Collection(
                "field.suggestion",
                [*own, *lately],
                ("partner_id", "date", "score", "parts", "reason", "state", "expected_value"),
                order="date desc, score desc, id",
                cap=60,
                rows=self._suggestions,
            )
        }

    @api.model
    def _suggestions(self, suggestions):
        """``parts`` are ``[points, words]``, the weightiest first."""
        return [
            {
                "id": one.id,
                "partner_id": one.partner_id.id,
                "partner_name": one.partner_id.sudo().display_name,
                "date": plain(one.date),
                "score": one.score,
                "reason": one.reason or "",
                "value": one.currency_id.format(one.expected_value) if one.expected_value else "",
                "value_text": one.value_text or "",
                "parts": sorted(
                    ([part[1], part[2]] for part in one.parts or []), key=lambda part: -part[0]
                ),
            }
            for one in suggestions
        ]
