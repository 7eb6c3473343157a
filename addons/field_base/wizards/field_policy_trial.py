from odoo import api, fields, models
from odoo.exceptions import UserError

MOST = 500  # lines of one check that are listed; all are counted


class FieldPolicyTrial(models.TransientModel):
    """The outcome of a trial run, as its reader may see it: a leader sees his own people."""

    _name = "field.policy.trial"
    _description = "Trial run of a policy"
    _rec_name = "policy_id"

    policy_id = fields.Many2one("field.policy", required=True, readonly=True, ondelete="cascade")
    days = fields.Integer("Days back", required=True, default=90)
    date_from = fields.Date("First day", readonly=True)
    date_to = fields.Date("Last day", readonly=True)
    people_count = fields.Integer("People it would hold for", readonly=True)
    summary = fields.Html(readonly=True)
    line_ids = fields.One2many("field.policy.trial.line", "trial_id", "Hits", readonly=True)
    show_known = fields.Boolean("Also what today's rules hit already")

    _days_range = models.Constraint(
        "CHECK(days BETWEEN 1 AND 366)", "A trial run goes back 1 to 366 days."
    )

    def action_run(self):
        """Run all checks over the days asked for and list what they found."""
        self.ensure_one()
        policy = self.policy_id
        policy.check_access("read")
        today = fields.Date.context_today(self)
        first = fields.Date.subtract(today, days=self.days)
        found = policy._run_trial(first, today)
        lang = self.env.lang or "en_US"
        titles = {code: title._translate(lang) for code, title in policy._trial_checks().items()}
        self.line_ids.unlink()
        self.env["field.policy.trial.line"].create(
            [
                self._prepare_line(titles[code], hit)
                for code, hits in found.items()
                for hit in [hit for hit in hits if self.show_known or not hit.known][:MOST]
            ]
        )
        self.write(
            {
                "date_from": first,
                "date_to": today,
                "people_count": len(policy._get_trial_people()),
                "summary": self._render_summary(titles, found),
            }
        )
        return self._get_form_action()

    def _prepare_line(self, title, hit):
        return {
            "trial_id": self.id,
            "check_name": title,
            "user_id": hit.record.user_id.id,
            "date": hit.date,
            "res_model": hit.record._name,
            "res_id": hit.record.id,
            "record_name": hit.record.display_name,
            "note": hit.note,
            "doubt": hit.doubt,
            "is_known": hit.known,
        }

    def _render_summary(self, titles, found):
        lines = []
        for code, hits in found.items():
            new = [hit for hit in hits if not hit.known]
            people = {hit.record.user_id for hit in new}
            doubtful = sum(bool(hit.doubt) for hit in new)
            lines.append((titles[code], len(hits) - len(new), len(new), len(people), doubtful))
        titles = [
            self.env._("Check"),
            self.env._("Hit so far"),
            self.env._("New hits"),
            self.env._("People"),
            self.env._("Perhaps false alarms"),
        ]
        return self.env["field.policy"]._render_table(lines, titles)

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial run"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }


class FieldPolicyTrialLine(models.TransientModel):
    _name = "field.policy.trial.line"
    _description = "Hit of a trial run"
    _order = "check_name, date desc, id"

    trial_id = fields.Many2one(
        "field.policy.trial", required=True, index=True, ondelete="cascade", readonly=True
    )
    check_name = fields.Char("Check", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    date = fields.Date(readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    record_name = fields.Char("What", readonly=True)
    note = fields.Char("What would have happened", readonly=True)
    doubt = fields.Char("Perhaps a false alarm because", readonly=True)
    is_known = fields.Boolean("Hit already", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are made by the run of one's own trial only."""
        lines = super().create(vals_list)
        lines.trial_id.check_access("write")
        return lines

    def action_open(self):
        """Open the workday, visit … that was hit."""
        self.ensure_one()
        if (
            self.res_model not in self.env
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(self.env._("This record no longer exists."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
