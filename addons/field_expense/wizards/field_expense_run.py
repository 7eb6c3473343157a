from odoo import api, fields, models


class FieldExpenseRun(models.TransientModel):
    """What "Create expenses" did with each of the chosen days."""

    _name = "field.expense.run"
    _description = "Result of Creating Mileage Expenses"

    line_ids = fields.One2many("field.expense.run.line", "run_id")
    created_count = fields.Integer(compute="_compute_counts")
    existing_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        for run in self:
            outcomes = run.line_ids.mapped("outcome")
            run.created_count = outcomes.count("created")
            run.existing_count = outcomes.count("existing")
            run.skipped_count = outcomes.count("skipped")

    @api.model
    def _create_for(self, days, expenses, reasons):
        """Keep the outcome per day and show it.

        :param days: field.track.day that were chosen
        :param expenses: hr.expense that were made
        :param reasons: ``{day id: why it was skipped}``
        :return: the action that opens the summary
        """
        created = expenses.field_day_id
        lines = []
        for day in days:
            outcome = "existing"
            if day.id in reasons:
                outcome = "skipped"
            elif day in created:
                outcome = "created"
            lines.append({"day_id": day.id, "outcome": outcome, "reason": reasons.get(day.id)})
        run = self.create({"line_ids": [fields.Command.create(line) for line in lines]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mileage Expenses"),
            "res_model": self._name,
            "res_id": run.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_expenses(self):
        """Open the expenses of the chosen days, new and old."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_expense.hr_expense_action_mileage"
        )
        days = self.line_ids.day_id
        return dict(action, domain=[("field_day_id", "in", days.ids)], context={})


class FieldExpenseRunLine(models.TransientModel):
    _name = "field.expense.run.line"
    _description = "Result of Creating a Mileage Expense for One Day"
    _order = "outcome desc, id"

    run_id = fields.Many2one("field.expense.run", required=True, index=True, ondelete="cascade")
    day_id = fields.Many2one("field.track.day", required=True, ondelete="cascade")
    date = fields.Date(related="day_id.date")
    user_id = fields.Many2one(related="day_id.user_id")
    distance_km = fields.Float(related="day_id.distance_km")
    outcome = fields.Selection(
        [("created", "Created"), ("existing", "Already there"), ("skipped", "Left out")],
        required=True,
    )
    reason = fields.Char()
