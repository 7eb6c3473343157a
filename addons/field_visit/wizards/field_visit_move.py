from odoo import fields, models


class FieldVisitMove(models.TransientModel):
    """Another day for a visit, and why: as on the phone."""

    _name = "field.visit.move"
    _description = "Move a Visit"

    visit_id = fields.Many2one("field.visit", required=True, ondelete="cascade")
    date = fields.Date("New day", required=True)
    time = fields.Float(help="Local time that has been agreed; empty for any time.")
    reason_id = fields.Many2one("field.visit.reason", domain=[("usage", "=", "cancel")])
    reason = fields.Char("In your words")

    def action_move(self):
        """Move the visit.

        :raise FieldRejected: wrong_state, bad_day, reason_required
        """
        self.ensure_one()
        self.visit_id.check_access("write")
        self.visit_id._do_move(self.date, self.reason, self.reason_id.id, self.time)
        return {"type": "ir.actions.act_window_close"}
