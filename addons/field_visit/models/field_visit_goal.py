"""What a visit is for, chosen before it begins and held against what came of it."""

from odoo import api, fields, models

from ..tools.goals import goal_state


class FieldVisit(models.Model):
    _inherit = "field.visit"

    goal_id = fields.Many2one(
        "field.visit.reason",
        domain=[("usage", "=", "goal")],
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="What the visit is for; it cannot change any more once the visit has begun.",
    )
    goal_state = fields.Selection(
        [("reached", "Reached"), ("missed", "Not reached"), ("unsaid", "No result given")],
        "Goal against result",
        compute="_compute_goal_state",
        store=True,
        index="btree_not_null",
    )
    goal_count = fields.Integer("Goals", compute="_compute_goal_state", store=True)
    goal_reached_count = fields.Integer("Goals reached", compute="_compute_goal_state", store=True)

    @api.depends("state", "goal_id", "result_id", "is_productive")
    def _compute_goal_state(self):
        """By what reaches the goal now: a later change of the list is for later visits."""
        for visit in self:
            has_goal = visit.state == "done" and bool(visit.goal_id)
            state = has_goal and visit._find_goal_state()
            visit.goal_state = state
            visit.goal_count = int(has_goal)
            visit.goal_reached_count = int(state == "reached")

    def _find_goal_state(self):
        reached_by = self.goal_id.sudo().reached_by_ids
        return goal_state(self.result_id.id, reached_by.ids, self.is_productive)

    def _get_goal_words(self):
        """The goal and, once the visit is over, what became of it."""
        return " · ".join(filter(None, (self.goal_id.name, self._get_word("goal_state"))))

    def _take_goal(self, goal_id):
        """The phone says it as the visit begins; 0 takes a planned goal away.

        :param goal_id: of field.visit.reason, or None where nothing was said
        """
        if goal_id is not None and not self.check_in_at:
            self.goal_id = self._get_reason(goal_id, ("goal",))
