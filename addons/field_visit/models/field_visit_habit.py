"""What stands out in somebody's visits, said to himself before anybody else reads it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("copied", "The same note again"),
    ("at_once", "Steps answered in the same second"),
    ("fruitless", "Visits in a row without an outcome"),
]


class FieldVisitHabit(models.Model):
    """Found by night (field_visit_habit_find.py). It says what is in the records, never why: for
    that there are the person's own words, which the leader reads together with it."""

    _name = "field.visit.habit"
    _description = "What stands out in visits"
    _inherit = ["field.scope.mixin"]
    _order = "date_to desc, id desc"
    _rec_name = "kind"

    user_id = fields.Many2one(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    visit_ids = fields.Many2many(
        "field.visit", "field_visit_habit_rel", "habit_id", "visit_id", "Visits", readonly=True
    )
    visit_count = fields.Integer("Number of visits", readonly=True)
    date_from = fields.Date("First", readonly=True, required=True)
    date_to = fields.Date("Last", readonly=True, required=True, index=True)
    sample = fields.Text("The note", readonly=True)
    is_shown = fields.Boolean(
        "Shown to leaders",
        readonly=True,
        index=True,
        help="The time the person has to say something first is over.",
    )
    due_at = fields.Datetime("Shown from", readonly=True, index="btree_not_null")
    explanation = fields.Text(help="What the person says about it.")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Talked about")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    note = fields.Char("What was agreed")
    closed_by_id = fields.Many2one("res.users", "Closed by", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    is_own = fields.Boolean("My own", compute="_compute_is_own")

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_own(self):
        for habit in self:
            habit.is_own = habit.user_id == self.env.user

    def write(self, vals):
        """The person explains, a leader notes what was agreed; the rest the records say.

        :raise AccessError: on anything else
        """
        if not self.env.su:
            self.check_access("write")
            own = {habit.user_id == self.env.user for habit in self.sudo()}
            allowed = {"explanation"} if own == {True} else {"note"} if own == {False} else set()
            if vals.keys() - allowed:
                raise AccessError(
                    self.env._("The person explains it, the leader notes what was agreed.")
                )
        return super().write(vals)

    def action_explain(self, text):
        """Say something about what stands out in one's own visits.

        :raise AccessError: about those of somebody else
        """
        self.write({"explanation": (text or "").strip()})
        return True

    def action_close(self, note=None):
        """It was talked about; the same visits are not brought up again.

        :raise AccessError: for those who lead nobody, and about one's own
        """
        self.check_access("write")
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Only a leader closes this."))
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Nobody closes this for himself."))
        if any(habit.state != "open" for habit in self):
            raise UserError(self.env._("Somebody has closed this already."))
        vals = {"state": "closed", "closed_by_id": self.env.uid}
        vals["closed_at"] = fields.Datetime.now()
        if note and note.strip():
            vals["note"] = note.strip()
        self.sudo().write(vals)
        return True

    def action_open_visits(self):
        """The visits it was found in, as far as one may see them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self._get_words(),
            "res_model": "field.visit",
            "domain": [("id", "in", self.sudo().visit_ids.ids)],
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }

    def _get_words(self):
        """One sentence, of facts only."""
        self.ensure_one()
        count = {"count": self.visit_count}
        if self.kind == "copied":
            return self.env._("The same note in %(count)s visits", **count)
        if self.kind == "at_once":
            return self.env._("%(count)s visits with steps answered in the same second", **count)
        return self.env._("%(count)s visits in a row without an outcome", **count)

    @api.depends("kind", "visit_count")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for habit in self:
            habit.display_name = habit._get_words()
