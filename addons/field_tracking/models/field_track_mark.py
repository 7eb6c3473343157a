from odoo import fields, models


class FieldTrackMark(models.Model):
    """ "Somebody's day between these times has new positions."

    Written by the ingest in the same statement as the positions and deleted by the rebuild in the
    same transaction as the day. Rows are only ever added, so phones never wait for a rebuild, and
    a mark is visible exactly when its positions are: none can be lost in between.
    """

    _name = "field.track.mark"
    _description = "Day to rebuild"
    _order = "id"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    marked_at = fields.Datetime(required=True)
    ts_min = fields.Datetime(required=True)
    ts_max = fields.Datetime(required=True)
    is_firm = fields.Boolean(help="The day is made again even when its positions did not change.")
