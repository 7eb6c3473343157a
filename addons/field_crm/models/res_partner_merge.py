"""Contacts of deals whose two cards become one."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _field_make_way(self, kept):
        super()._field_make_way(kept)
        contacts = self._field_rows_of_merge(self.env["field.lead.contact"].sudo(), kept)
        self._field_find_twins(contacts, ["lead_id", "role_id"]).unlink()
