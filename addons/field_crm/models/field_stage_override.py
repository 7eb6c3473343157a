from odoo import api, fields, models
from odoo.exceptions import UserError


class FieldStageOverride(models.Model):
    """A move that was made although conditions of the stage were not met. Never altered."""

    _name = "field.stage.override"
    _description = "Move despite Missing Conditions"
    _order = "id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Deal", readonly=True, required=True, index=True, ondelete="cascade"
    )
    stage_id = fields.Many2one("crm.stage", "Moved to", readonly=True, ondelete="set null")
    gate_ids = fields.Many2many("field.stage.gate", string="Conditions", readonly=True)
    missing = fields.Text("What was missing", readonly=True, required=True)
    reason = fields.Char(readonly=True, required=True)
    user_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, required=True, index=True, ondelete="restrict"
    )
    owner_id = fields.Many2one("res.users", "Salesperson", readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)

    def write(self, vals):
        if self:
            raise UserError(self.env._("This record cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("This record cannot be deleted."))
