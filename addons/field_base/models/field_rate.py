import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class FieldRate(models.Model):
    """How often somebody asked within a minute, for pages that anybody can open."""

    _name = "field.rate"
    _description = "Requests per minute"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    minute = fields.Datetime(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)

    _key_uniq = models.Constraint("UNIQUE(key)", "There is one counter each.")

    @api.model
    def _is_allowed(self, what, address, limit):
        """Count one request of this address; the address itself is not kept.

        :param int limit: requests a minute
        """
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        key = hashlib.sha256(f"{what}|{address}|{secret}".encode()).hexdigest()[:24]
        minute = fields.Datetime.now().replace(second=0)
        query = SQL(
            """INSERT INTO field_rate AS r (key, minute, count) VALUES (%(key)s, %(minute)s, 1)
               ON CONFLICT (key) DO UPDATE
                  SET count = CASE WHEN r.minute = %(minute)s THEN r.count + 1 ELSE 1 END,
                      minute = %(minute)s
               RETURNING count""",
            key=key,
            minute=minute,
        )
        return self.env.execute_query(query)[0][0] <= limit

    @api.autovacuum
    def _gc_rates(self):
        self.env.cr.execute("DELETE FROM field_rate WHERE minute < now() - interval '1 day'")
