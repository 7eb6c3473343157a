from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import merkle

SEALED = ("field.event", "field.blob")  # models; a module adds its own in _sealed_models
BATCH = 5000


class FieldSeal(models.Model):
    """The evidence of an hour under one hash, which stands on the hash of the hour before.

    Who changes a sealed row has to change its seal and every later one, and those were mailed out.
    """

    _name = "field.seal"
    _description = "Seal of evidence"
    _inherit = ["field.append.mixin"]
    _order = "id desc"
    _rec_name = "sealed_at"
    _log_access = False

    sealed_at = fields.Datetime("Sealed", required=True, readonly=True)
    count = fields.Integer("Rows", required=True, readonly=True, aggregator="sum")
    root = fields.Char("Merkle root", required=True, readonly=True)
    before = fields.Char("Chain before", readonly=True)
    chain = fields.Char(required=True, readonly=True, index=True)
    leaf_ids = fields.One2many("field.seal.leaf", "seal_id", "Sealed rows", readonly=True)

    def init(self):
        """Guarded like the evidence itself."""
        columns = ("sealed_at", "count", "root", "before", "chain")
        self.env["field.evidence.mixin"]._guard_evidence(self._table, columns)

    @api.model
    def _sealed_models(self):
        """Hook: models with field.evidence.mixin."""
        return list(SEALED)

    # --- sealing -------------------------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Seal what has come in since the last time; a seal has at most 5,000 rows."""
        while self._seal_next():
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _seal_next(self, limit=BATCH):
        """Seal the oldest rows that are not; the seal, or nothing when there are none.

        A row that a slow transaction commits later is simply in a later seal.
        """
        # one chain: whoever seals at the same time waits, and starts over
        self.env.cr.execute("LOCK TABLE field_seal IN SHARE ROW EXCLUSIVE MODE")
        rows = self._unsealed(limit)
        leaves = [
            (records._name, res_id, digest)
            for records in rows
            for res_id, digest in records._evidence_digests().items()
        ]
        if not leaves:
            return self.browse()
        seal = self._create_seal([digest for _model, _id, digest in leaves])
        self.env["field.seal.leaf"]._insert(seal, leaves)
        for records in rows:
            records._set_seal(seal)
        return seal

    @api.model
    def _unsealed(self, limit):
        found = []
        for name in self._sealed_models():
            if limit > 0:
                domain = [("seal_id", "=", False)]
                records = self.env[name].sudo().search(domain, order="id", limit=limit)
                limit -= len(records)
                found.append(records)
        return found

    @api.model
    def _create_seal(self, digests):
        last = self.sudo().search([], order="id desc", limit=1)
        now = fields.Datetime.now()
        root = merkle.root(digests)
        before = last.chain or ""
        return self.sudo().create(
            {
                "sealed_at": now,
                "count": len(digests),
                "root": root,
                "before": before,
                "chain": merkle.chained(before, root, len(digests), now.isoformat()),
            }
        )

    # --- verifying -----------------------------------------------------------------------------

    def _check(self):
        """What is wrong with these seals and the rows they stand for.

        :returns: list of values of field.finding
        """
        findings = []
        for seal in self.sudo().sorted("id"):
            findings += seal._check_self()
            findings += seal.leaf_ids._check()
        return findings

    def _check_self(self):
        self.ensure_one()
        earlier = self.search([("id", "<", self.id)], order="id desc", limit=1)
        digests = self.leaf_ids.sorted("position").mapped("digest")
        at = self.sealed_at.isoformat()
        sound = (
            merkle.root(digests) == self.root
            and len(digests) == self.count
            and self.before == (earlier.chain or "")
            and self.chain == merkle.chained(self.before or "", self.root, self.count, at)
        )
        if sound:
            return []
        message = self.env._(
            "The seal of %(time)s was altered: its hash is not that of its rows or not that of "
            "the seal before it.",
            time=self.sealed_at,
        )
        return [{"code": "seal", "res_model": self._name, "res_id": self.id, "message": message}]

    # --- daily root ----------------------------------------------------------------------------

    @api.model
    def _cron_mail_root(self):
        """Mail the newest root to whom each company names; nobody is named at first.

        What lies in other people's mailboxes cannot be changed here afterwards.
        """
        seal = self.search([], order="id desc", limit=1)
        companies = self.env["res.company"].search([("field_seal_email", "!=", False)])
        template = self.env.ref("field_base.field_seal_mail_template", raise_if_not_found=False)
        if not seal or not template or seal.sealed_at < fields.Datetime.now() - timedelta(days=2):
            return
        for company in companies:
            template.with_company(company).send_mail(
                seal.id,
                email_values={"email_to": company.field_seal_email},
                email_layout_xmlid="mail.mail_notification_light",
            )


class FieldSealLeaf(models.Model):
    """One sealed row: its digest at that time."""

    _name = "field.seal.leaf"
    _description = "Sealed row"
    _inherit = ["field.append.mixin"]
    _order = "seal_id desc, position"
    _rec_name = "digest"
    _log_access = False

    seal_id = fields.Many2one(
        "field.seal", required=True, readonly=True, index=True, ondelete="restrict"
    )
    position = fields.Integer(required=True, readonly=True, aggregator=None)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Row", model_field="res_model", required=True, readonly=True)
    digest = fields.Char("SHA-256", required=True, readonly=True)
    erasure_id = fields.Many2one(
        "field.erasure", "Erased", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _row_uniq = models.UniqueIndex("(res_model, res_id)", "The row is already sealed.")

    def init(self):
        """Guarded like the evidence itself."""
        columns = ("seal_id", "position", "res_model", "res_id", "digest")
        self.env["field.evidence.mixin"]._guard_evidence(self._table, columns)

    @api.model
    def _insert(self, seal, leaves):
        names, ids, digests = zip(*leaves, strict=True)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO field_seal_leaf (seal_id, position, res_model, res_id, digest)
                   SELECT %s, n - 1, m, i, d
                     FROM unnest(%s::text[], %s::int[], %s::text[])
                          WITH ORDINALITY u(m, i, d, n)""",
                seal.id,
                list(names),
                list(ids),
                list(digests),
            )
        )
        seal.invalidate_recordset(["leaf_ids"])

    def _check(self):
        """Which sealed rows are no longer what they were, or no longer there."""
        findings = []
        for model, leaves in (
            self.filtered(lambda leaf: not leaf.erasure_id).grouped("res_model").items()
        ):
            rows = self.env[model].sudo().browse(leaves.mapped("res_id")).exists()
            digests = rows._evidence_digests()
            for leaf in leaves:
                if digests.get(leaf.res_id) != leaf.digest:
                    findings.append(leaf._finding(leaf.res_id in digests))
        return findings

    def _finding(self, is_there):
        kind = self.env["ir.model"]._get(self.res_model).name
        values = {"kind": kind, "number": self.res_id, "time": self.seal_id.sealed_at}
        if is_there:
            text = self.env._("%(kind)s %(number)s was altered after %(time)s.", **values)
        else:
            text = self.env._("%(kind)s %(number)s was deleted after %(time)s.", **values)
        code = "altered" if is_there else "deleted"
        return {"code": code, "res_model": self.res_model, "res_id": self.res_id, "message": text}
