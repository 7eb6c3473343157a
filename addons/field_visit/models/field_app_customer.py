"""What the phone needs to propose changes of customers, and what became of them."""

from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        changes = Collection(
            "field.partner.change",
            [
                ("user_id", "=", self.env.uid),
                "|",
                ("state", "=", "open"),
                ("judged_at", ">=", "-30d"),
            ],
            ("state", "answer", "judged_at"),
            order="id desc",
            cap=200,
            rows=self._changes,
        )
        channels = Collection(
            "field.channel",
            [("company_id", "in", (False, self.env.company.id))],
            ("name", "sequence"),
            order="sequence, name, id",
            cap=200,
        )
        return super()._collections() | {"changes": changes, "channels": channels}

    @api.model
    def _changes(self, changes):
        return [
            {
                "id": change.id,
                "uuid": change.uuid or None,
                "partner_id": change.partner_id.id,
                "customer": change.partner_id.sudo().display_name,
                "text": change.text,
                "state": change.state,
                "answer": change.answer or None,
                "at": plain(change.create_date),
            }
            for change in changes
        ]
