"""Other systems that read and write by the API, and what each may."""

from odoo import api, fields, models

from ..tools.errors import FieldRejected


class FieldApiScope(models.Model):
    """One thing a key can open: a resource, read or written. Modules bring theirs as data."""

    _name = "field.api.scope"
    _description = "Scope of the API"
    _order = "code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is one scope of this name.")


class FieldApiClient(models.Model):
    """Another system with a key. It works as a person, and never sees more than this person."""

    _name = "field.api.client"
    _description = "API client"
    _inherit = ["field.api.key.mixin", "mail.thread"]
    _order = "name, id"

    purpose = fields.Char(
        "What For",
        required=True,
        tracking=True,
        help="People whose data are read see this sentence in “Who looked at me”.",
    )
    # not user_id: nobody is told that he was made responsible for it
    acting_user_id = fields.Many2one(
        "res.users",
        "Works as",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The client reads and writes with the rights of this person; best an own user.",
    )
    mode = fields.Selection(
        [("live", "Real data"), ("sandbox", "Made-up data, nothing is written")],
        "Key Opens",
        required=True,
        default="live",
        tracking=True,
    )
    scope_ids = fields.Many2many("field.api.scope", string="Scopes", tracking=True)
    request_ids = fields.One2many("field.api.request", "key_id", "Requests")

    _key_uniq = models.UniqueIndex("(key_hash) WHERE key_hash IS NOT NULL", "This key is taken.")
    _rate_positive = models.Constraint(
        "CHECK(rate_limit > 0)", "At least one request a minute must be possible."
    )

    @api.model
    def _authenticate(self, raw):
        """A key is no good without its person and his company."""
        client = super()._authenticate(raw)
        user = client.acting_user_id
        fits = user.active and client.company_id in user.company_ids
        return client if fits else self.sudo().browse()

    def _check_scope(self, code):
        """:raises FieldRejected: ``no_scope``"""
        if code not in self.scope_ids.mapped("code"):
            raise FieldRejected(
                "no_scope", self.env._("This key does not open %(scope)s.", scope=code)
            )


class FieldApiRequest(models.Model):
    """Rows of one request that writes, with its answer."""

    _name = "field.api.request"
    _description = "Request of an API client"
    _inherit = ["field.api.request.mixin"]

    key_id = fields.Many2one(
        "field.api.client", "Client", readonly=True, required=True, index=True, ondelete="cascade"
    )
    resource = fields.Char(readonly=True)

    _request_uniq = models.UniqueIndex(
        "(key_id, idempotency_key)", "This request was taken in already."
    )
