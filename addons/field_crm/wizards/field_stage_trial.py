from odoo import fields, models

MOST_MOVES = 20000
MOST_LINES = 500


class FieldStageTrial(models.TransientModel):
    """Whom conditions would have stopped in the past, had they been switched on: by what the deals
    have today, as far as the person who asks may see them."""

    _name = "field.stage.trial"
    _description = "Trial Run of Stage Conditions"

    gate_ids = fields.Many2many("field.stage.gate", string="Conditions", required=True)
    days = fields.Integer("Days back", required=True, default=90)
    move_count = fields.Integer("Moves looked at", readonly=True)
    stopped_count = fields.Integer("Deals stopped", readonly=True)
    people_count = fields.Integer("People", readonly=True)
    won_count = fields.Integer(
        "Won all the same",
        readonly=True,
        help="Deals that were won without it: perhaps the condition asks too much.",
    )
    line_ids = fields.One2many("field.stage.trial.line", "trial_id", "Deals", readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Trial Run")

    _days_range = models.Constraint(
        "CHECK(days BETWEEN 1 AND 366)", "A trial run goes back 1 to 366 days."
    )

    def action_run(self):
        """Look at the moves of the days asked for and list the deals that would have stopped."""
        self.ensure_one()
        self.gate_ids.check_access("read")
        first = fields.Datetime.subtract(self.env.cr.now(), days=self.days)
        moves = self.env["field.stage.history"].search(
            [("at", ">=", first), ("event", "in", ("enter", "forward", "won"))], limit=MOST_MOVES
        )
        hits = self._get_hits(moves)
        self.line_ids.unlink()
        self.env["field.stage.trial.line"].create(
            [self._prepare_line(gate, move) for gate, move in hits[:MOST_LINES]]
        )
        leads = self.env["crm.lead"].union(*(move.lead_id for _gate, move in hits))
        self.write(
            {
                "move_count": len(moves),
                "stopped_count": len(leads),
                "people_count": len({move.user_id for _gate, move in hits}),
                "won_count": len(leads.filtered(lambda lead: lead.won_status == "won")),
            }
        )
        return self._get_form_action()

    def _get_hits(self, moves):
        """:return: list of (gate, the last move of a deal that the gate would have stopped)"""
        hits = []
        passed = {gate: {} for gate in self.gate_ids}
        for move in moves.sorted("at"):
            lead = move.lead_id.sudo()
            start = move.from_stage_id.id or None
            is_new = move.event == "enter"
            for gate in lead.team_id._field_get_gates_between(
                self.gate_ids.sudo(), start, move.stage_id.id, is_new
            ):
                passed[gate.sudo(False)][lead.id] = move
        for gate, by_lead in passed.items():
            leads = self.env["crm.lead"].sudo().with_context(active_test=False)
            leads = gate.sudo()._holds_for(leads.browse(by_lead))
            lacking = gate.sudo()._get_lacking(leads) if leads else leads
            hits += [(gate, by_lead[lead.id]) for lead in lacking]
        return hits

    def _prepare_line(self, gate, move):
        return {
            "trial_id": self.id,
            "gate_id": gate.id,
            "lead_id": move.lead_id.id,
            "user_id": move.user_id.id,
            "stage_id": move.stage_id.id,
            "at": move.at,
            "is_won": move.lead_id.won_status == "won",
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial run"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }


class FieldStageTrialLine(models.TransientModel):
    _name = "field.stage.trial.line"
    _description = "Deal a Condition would have stopped"

    trial_id = fields.Many2one("field.stage.trial", required=True, index=True, ondelete="cascade")
    gate_id = fields.Many2one("field.stage.gate", "Condition", ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", "Deal", ondelete="cascade")
    user_id = fields.Many2one("res.users", "Salesperson", ondelete="cascade")
    stage_id = fields.Many2one("crm.stage", "Moved to", ondelete="cascade")
    at = fields.Datetime("When")
    is_won = fields.Boolean("Won all the same")
