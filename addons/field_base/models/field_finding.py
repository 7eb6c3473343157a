from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.chain import Link, check_chain

SEALS = 60  # checked in one run: those of about two days


class FieldFinding(models.Model):
    """Something about the evidence that does not fit: which row, file or chain, and since when."""

    _name = "field.finding"
    _description = "Finding about evidence"
    _order = "id desc"
    _rec_name = "message"
    _log_access = False

    found_at = fields.Datetime("Found", required=True, readonly=True)
    code = fields.Selection(
        [
            ("altered", "Altered"),
            ("deleted", "Deleted"),
            ("seal", "Seal altered"),
            ("file", "File altered"),
            ("file_missing", "File missing"),
            ("gap", "Numbers missing"),
            ("fork", "Number used twice"),
            ("broken", "Chain broken"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    message = fields.Char("Finding", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Row", model_field="res_model", required=True, readonly=True)

    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index="btree_not_null",
        help="Empty for a seal, and for a row that is gone: its finding names nobody.",
    )

    _row_uniq = models.UniqueIndex(
        "(code, res_model, res_id)", "This was already found; it is listed once."
    )

    @api.model
    def _note(self, findings):
        """Keep what is found for the first time; once is enough."""
        now = fields.Datetime.now()
        new = self.browse()
        for values in findings:
            key = [(name, "=", values[name]) for name in ("code", "res_model", "res_id")]
            if not self.search_count(key, limit=1):
                company = self._get_company(values["res_model"], values["res_id"])
                new += self.create({**values, "found_at": now, "company_id": company.id})
        return new

    @api.model
    def _get_company(self, res_model, res_id):
        """Whose row it is: its finding may name a device, and a device its person."""
        row = self.env[res_model].sudo().browse(res_id).exists()
        return row.company_id if "company_id" in row._fields else self.env["res.company"]

    @api.model
    def _cron_check(self):
        """Verify the newest seals, the files and chains in them; the rest is on demand."""
        Seal = self.env["field.seal"].sudo()
        seals = Seal.search([], order="id desc", limit=SEALS)
        self.env["ir.cron"]._commit_progress(remaining=len(seals))
        for seal in seals:
            self._note(self._check_seal(seal))
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _check_seal(self, seal):
        """All that is wrong with a seal, its rows, their files and the chains they are in."""
        leaves = seal.leaf_ids.grouped("res_model")
        findings = seal._check()
        blobs = leaves.get("field.blob", seal.leaf_ids.browse()).mapped("res_id")
        findings += self.env["field.blob"].sudo().browse(blobs).exists()._check_files()
        events = leaves.get("field.event", seal.leaf_ids.browse()).mapped("res_id")
        devices = self.env["field.event"].sudo().browse(events).exists().device_id
        return findings + self._check_chains(devices)

    @api.model
    def _check_chains(self, devices):
        """Findings about the hash chains of these devices."""
        findings = []
        for device in devices.sudo():
            for found in check_chain(device.uuid, self._links(device), device.erased_seq):
                code, event = found.code, self.env["field.event"].sudo().browse(found.link.id)
                message = event._chain_message(code, found.numbers)
                values = {"code": code, "res_model": event._name, "res_id": event.id}
                findings.append({**values, "message": message})
        return findings

    @api.model
    def _links(self, device):
        self.env["field.event"].flush_model()
        query = SQL(
            """SELECT id, uuid, seq, kind, captured_text, payload, prev_hash, hash
                 FROM field_event WHERE device_id = %s AND hash IS NOT NULL AND hash != ''
                ORDER BY seq, id""",
            device.id,
        )
        rows = self.env.execute_query(query)
        return [Link(*row[:6], row[6] or "", row[7]) for row in rows]
