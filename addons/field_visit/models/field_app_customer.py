"""What the phone needs of customers: proposals and what became of them, and their fences."""

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

    @api.model
    def _me_values(self, user):
        """Fences of kinds of customers: the phone finds the one that holds like the server."""
        rules = self.env["field.fence.rule"]._get_for_company(self.env.company.id)
        return super()._me_values(user) | {"fences": list(rules)}

    @api.model
    def _customer_fields(self):
        return (*super()._customer_fields(), "field_fence_mode", "field_fence_warn")

    @api.model
    def _customers(self, partners):
        rows = super()._customers(partners)
        for row in rows:
            row["fence_mode"] = row.pop("field_fence_mode") or None
            row["fence_warn"] = row.pop("field_fence_warn") or None
        return rows
