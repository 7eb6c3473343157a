from odoo import fields, models


class FieldCoachAnswer(models.TransientModel):
    """Say what one will do about a coach note."""

    _name = "field.coach.answer"
    _description = "Answer to a Coach Note"

    note_id = fields.Many2one("field.coach.note", required=True, ondelete="cascade")
    body = fields.Text("What was written", related="note_id.body")
    answer = fields.Text(required=True)

    def action_answer(self):
        """Keep the answer and close the dialog."""
        self.ensure_one()
        self.note_id.action_answer(self.answer)
        return {"type": "ir.actions.act_window_close"}
