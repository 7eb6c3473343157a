from odoo import models
from odoo.fields import Domain

from ..tools.payload import is_uuid


class FieldEvent(models.Model):
    _name = "field.event"
    _inherit = ["field.event", "field.evidence.subject"]

    def _field_evidence_domain(self):
        return Domain("id", "in", self.ids)

    def _named_blobs(self):
        """Uploads that these events name in their payloads."""
        named = {
            value.lower()
            for event in self.sudo()
            for value in _texts(event._payload())
            if is_uuid(value)
        }
        return self.env["field.blob"].search([("uuid", "in", list(named))], order="id")


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
