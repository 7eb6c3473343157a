from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_TAKE_OVER = """
    INSERT INTO field_stage_history (lead_id, event, from_stage_id, stage_id, at, by_id, user_id,
                                     team_id, company_id, days, amount, entered_on)
    SELECT lead.id,
           CASE WHEN target.is_won THEN 'won'
                WHEN (target.sequence, target.id) > (source.sequence, source.id) THEN 'forward'
                ELSE 'back' END,
           source.id, target.id, message.date, value.create_uid, lead.user_id,
           lead.team_id, lead.company_id,
           EXTRACT(epoch FROM message.date - COALESCE(
               lag(message.date) OVER (PARTITION BY lead.id ORDER BY message.date, value.id),
               lead.create_date)) / 86400,
           lead.expected_revenue, lead.field_entered_on
      FROM mail_tracking_value value
      JOIN mail_message message ON message.id = value.mail_message_id
      JOIN crm_lead lead ON message.model = 'crm.lead' AND message.res_id = lead.id
      JOIN crm_stage source ON source.id = value.old_value_integer
      JOIN crm_stage target ON target.id = value.new_value_integer
     WHERE value.field_id = %s AND lead.type = 'opportunity'
"""


class FieldStageHistory(models.Model):
    """Every step of every deal through the pipeline: one row per change, written by the flush that
    changes the deal itself (`crm.lead._write_multi`), never altered afterwards."""

    _name = "field.stage.history"
    _description = "Stage History"
    _order = "at desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one(
        "crm.lead", "Deal", readonly=True, required=True, index=True, ondelete="cascade"
    )
    event = fields.Selection(
        [
            ("enter", "Entered the pipeline"),
            ("forward", "Forward"),
            ("back", "Back"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("reopen", "Opened again"),
        ],
        readonly=True,
        required=True,
    )
    from_stage_id = fields.Many2one("crm.stage", "From", readonly=True, ondelete="set null")
    stage_id = fields.Many2one("crm.stage", "To", readonly=True, ondelete="set null")
    at = fields.Datetime("When", readonly=True, required=True)
    by_id = fields.Many2one("res.users", "Changed by", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, ondelete="restrict")
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    company_currency = fields.Many2one(related="company_id.currency_id")
    days = fields.Float(
        "Days in the stage", readonly=True, aggregator="avg", help="How long the stay before was."
    )
    amount = fields.Monetary(
        "Amount then", readonly=True, currency_field="company_currency", aggregator="sum"
    )
    entered_on = fields.Date("Cohort", readonly=True)

    # The latest stays of each stage, without touching the table itself.
    _stays_idx = models.Index(
        "(from_stage_id, at DESC) INCLUDE (days, entered_on, company_id, team_id)"
        " WHERE from_stage_id IS NOT NULL"
    )

    _people_idx = models.Index(
        "(user_id, from_stage_id) INCLUDE (days, entered_on, company_id, team_id)"
        " WHERE from_stage_id IS NOT NULL"
    )

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False
    ):
        # The rows are written by the flush of the leads; whoever looks must find them.
        self.env["crm.lead"].flush_model(["stage_id", "type", "won_status"])
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _take_over_tracking(self):
        """Fill the empty history of a database that worked with Odoo alone: the stage changes that
        the chatter tracked, in one statement. Odoo deletes no tracking, so this is all there is.

        Returns nothing; does nothing where there is a history already."""
        if self.search_count([], limit=1):
            return
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        self.env.flush_all()
        self.env.cr.execute(SQL(_TAKE_OVER, field.id))
        self.invalidate_model()

    def write(self, vals):
        if self:
            raise UserError(self.env._("The stage history cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The stage history cannot be deleted."))
