import base64
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import merkle

MAX_ROWS = 2000


class FieldProof(models.Model):
    """An evidence file that was handed out: its code, and what it stood for at that moment.

    Whoever holds the code can ask on a public page whether the same still stands in the system.
    """

    _name = "field.proof"
    _description = "Evidence file"
    _inherit = ["field.append.mixin"]
    _order = "id desc"
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True, copy=False)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "About", model_field="res_model", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True, index=True)
    content = fields.Json(readonly=True, help="Rows and their digests.")
    fingerprint = fields.Char(required=True, readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "The code must be unique.")

    @api.model
    def _issue(self, record):
        """Hand out evidence of a record the caller may read.

        :returns: field.proof (sudo)
        :raises AccessError: when he may not
        """
        record.ensure_one()
        record.check_access("read")
        events, blobs = record._field_evidence()
        if not 0 < len(events) + len(blobs) <= MAX_ROWS:
            raise UserError(self.env._("There is no evidence here, or too much for one file."))
        content = [
            [rows._name, res_id, digest]
            for rows in (events.sudo(), blobs.sudo())
            for res_id, digest in sorted(rows._evidence_digests().items())
        ]
        first = (events or blobs).sudo()[:1]
        return self.sudo().create(
            {
                "code": base64.b32encode(secrets.token_bytes(15)).decode().lower(),
                "res_model": record._name,
                "res_id": record.id,
                "company_id": first.company_id.id,
                "user_id": first.user_id.id,
                "content": content,
                "fingerprint": merkle.root([digest for _model, _id, digest in content]),
            }
        )

    @api.model
    def _find(self, code):
        """The evidence file with this code (sudo), or nothing."""
        code = self._read_code(code)
        return self.sudo().search([("code", "=", code)]) if code else self.sudo().browse()

    @api.model
    def _read_code(self, code):
        """A code as somebody has typed it, or nothing where it cannot be one."""
        code = code.lower().replace("-", "").strip() if isinstance(code, str) else ""
        return code if len(code) == 24 and code.isalnum() else ""

    def _check(self):
        """Compute everything again: rows, files, and the seals they are under.

        :returns: ``{"state": "valid" | "altered", "events", "photos", "findings", "seals",
            "unsealed"}``
        """
        self.ensure_one()
        content = [tuple(item) for item in self.content]
        now = self._digests_now(content)
        findings = [
            {"code": "altered" if (m, i) in now else "deleted", "res_model": m, "res_id": i}
            for m, i, digest in content
            if now.get((m, i)) != digest
        ]
        if merkle.root([item[2] for item in content]) != self.fingerprint:
            findings.append({"code": "seal", "res_model": self._name, "res_id": self.id})
        blobs = self._rows(content, "field.blob")
        findings += blobs._check_files()
        seals = (blobs.seal_id | self._rows(content, "field.event").seal_id).sorted("id")
        for seal in seals:
            findings += seal._check_self()
        findings += self._check_leaves(content)
        return {
            "state": "altered" if findings else "valid",
            "events": sum(item[0] == "field.event" for item in content),
            "photos": sum(item[0] == "field.blob" for item in content),
            "findings": findings,
            "seals": seals,
            "unsealed": any(not row.seal_id for rows in self._all_rows(content) for row in rows),
        }

    def _rows(self, content, model):
        ids = [item[1] for item in content if item[0] == model]
        return self.env[model].sudo().browse(ids).exists()

    def _all_rows(self, content):
        return [self._rows(content, model) for model in {item[0] for item in content}]

    def _digests_now(self, content):
        return {
            (rows._name, res_id): digest
            for rows in self._all_rows(content)
            for res_id, digest in rows._evidence_digests().items()
        }

    def _check_leaves(self, content):
        """Sealed under another digest than the one in the file that was handed out?"""
        findings = []
        for rows in self._all_rows(content):
            domain = [("res_model", "=", rows._name), ("res_id", "in", rows.ids)]
            sealed = {
                leaf.res_id: leaf.digest
                for leaf in self.env["field.seal.leaf"].sudo().search(domain)
            }
            findings += [
                {"code": "seal", "res_model": model, "res_id": res_id}
                for model, res_id, digest in content
                if model == rows._name and sealed.get(res_id, digest) != digest
            ]
        return findings

    def _url(self):
        """Public address at which the file can be verified."""
        self.ensure_one()
        return f"{self.get_base_url()}/field/verify/{self.code}"
