from odoo import api, fields, models

from ..tools import merkle
from ..tools.retention import KEY, RETENTION


class FieldErasure(models.Model):
    """Certificate: what was erased, when, by which rule. The digests stay in the seals."""

    _name = "field.erasure"
    _description = "Certificate of erased evidence"
    _inherit = ["field.append.mixin"]
    _order = "id desc"
    _rec_name = "reason"
    _log_access = False

    erased_at = fields.Datetime("Erased", required=True, readonly=True)
    reason = fields.Char("Rule", required=True, readonly=True)
    model_name = fields.Char("Kind", required=True, readonly=True)
    count = fields.Integer("Rows", required=True, readonly=True)
    digest = fields.Char(
        "SHA-256", required=True, readonly=True, help="Of the digests of all erased rows, in order."
    )

    def init(self):
        """Guarded like the evidence itself."""
        columns = ("erased_at", "reason", "model_name", "count", "digest")
        self.env["field.evidence.mixin"]._guard_evidence(self._table, columns)

    @api.model
    def _erase(self, rows, reason):
        """Erase evidence rows and certify it; see field.evidence.mixin."""
        digests = rows._evidence_digests()
        certificate = self.create(
            {
                "erased_at": fields.Datetime.now(),
                "reason": reason,
                "model_name": rows._name,
                "count": len(rows),
                "digest": merkle.root([digests[row.id] for row in rows]),
            }
        )
        domain = [("res_model", "=", rows._name), ("res_id", "in", rows.ids)]
        leaves = self.env["field.seal.leaf"].sudo().search(domain)
        leaves._opened().write({"erasure_id": certificate.id})
        rows.with_context(**{KEY: RETENTION}).unlink()
        return certificate
