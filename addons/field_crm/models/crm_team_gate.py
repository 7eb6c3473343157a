from odoo import models

from ..tools.stage_path import crossing


class CrmTeam(models.Model):
    """The pipeline of a team; of no team, when the record-set is empty."""

    _inherit = "crm.team"

    def _field_pipeline(self):
        """:return: ids of the stages the team's deals go through, first to last"""
        domain = ["|", ("team_ids", "=", False), ("team_ids", "in", self.ids)]
        return tuple(self.env["crm.stage"].sudo().search(domain).ids)

    def _field_get_gates_between(self, gates, start, end, is_new):
        """Which of the gates a move passes.

        :param gates: `field.stage.gate`
        :param start: id of the stage before, None outside the pipeline
        :param end: id of the stage after
        :param is_new: the deal is being created, not converted
        """
        order = self._field_pipeline()
        left, entered = crossing(order, start, end)
        if start is None and not is_new:
            entered = (*order[:1], *entered)  # converted: somebody decides that it is a deal
        return gates.filtered(
            lambda gate: gate.stage_id.id in (entered if gate.moment == "enter" else left)
        )
