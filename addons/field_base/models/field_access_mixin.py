from odoo import models


class FieldAccessMixin(models.AbstractModel):
    """Rows that show where somebody was: whoever reads them is noted in the access log.

    Works below every way of reading (views, export, RPC). Code that runs as the system, such as
    the rebuild of a day, is no opening.
    """

    _name = "field.access.mixin"
    _description = "Rows whose reading is noted"

    _access_kind = "track"

    def _fetch_query(self, query, fields):
        rows = super()._fetch_query(query, fields)
        if rows and fields and not self.env.su:
            rows._log_opening()
        return rows

    def _log_opening(self):
        """Note that the current user reads these rows; of many, name the few things they are part
        of."""
        rows = self.sudo()
        self.env["field.access.log"]._log(rows.user_id, self._access_kind, None, rows)
