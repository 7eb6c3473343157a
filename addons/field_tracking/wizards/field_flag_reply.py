from odoo import fields, models


class FieldFlagReply(models.TransientModel):
    """The person's answer to a question about his track, or the leader's verdict."""

    _name = "field.flag.reply"
    _description = "Reply to a question about a track"

    kind = fields.Selection(
        [("answer", "Answer"), ("confirmed", "Confirmed"), ("false_alarm", "False alarm")],
        required=True,
        readonly=True,
    )
    flag_ids = fields.Many2many("field.flag", string="Questions", readonly=True)
    text = fields.Text()

    def action_reply(self):
        """Hand it in; the question checks who may."""
        self.ensure_one()
        if self.kind == "answer":
            self.flag_ids._check_own()
            self.flag_ids._do_explain(self.text)
        else:
            self.flag_ids._do_decide(self.kind, self.text)
        return {"type": "ir.actions.act_window_close"}
