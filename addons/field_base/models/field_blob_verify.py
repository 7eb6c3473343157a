import base64
import secrets

from odoo import api, fields, models


class FieldBlob(models.Model):
    """A code by which anybody can ask whether an upload is still what arrived here."""

    _inherit = "field.blob"

    code = fields.Char("Verification code", readonly=True, copy=False)

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "The code must be unique.")

    def _ensure_codes(self):
        """Give a code to those that have none."""
        for blob in self.filtered(lambda blob: not blob.code):
            blob.code = base64.b32encode(secrets.token_bytes(15)).decode().lower()

    def _verify_url(self):
        """Address of the page that says whether this file stands unchanged."""
        self.ensure_one()
        return f"{self.get_base_url()}/field/verify/{self.code}"

    @api.model
    def _find_by_code(self, code):
        """The upload with this code (sudo), or nothing."""
        code = self.env["field.proof"]._read_code(code)
        return self.sudo().search([("code", "=", code)]) if code else self.sudo().browse()

    def _check(self):
        """Compute everything again, as ``field.proof._check`` does for an evidence file."""
        self.ensure_one()
        digests = self._evidence_digests().items()
        content = [(self._name, res_id, digest) for res_id, digest in digests]
        findings = [*self._check_files(), *self.env["field.proof"]._check_leaves(content)]
        if self.seal_id:
            findings += self.seal_id._check_self()
        return {
            "state": "altered" if findings else "valid",
            "findings": findings,
            "seals": self.seal_id,
            "unsealed": not self.seal_id,
        }
