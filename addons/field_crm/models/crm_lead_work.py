from odoo import api, fields, models


class CrmLead(models.Model):
    """Work packages about a lead or opportunity, where the module that gives work is installed."""

    _inherit = "crm.lead"

    field_task_count = fields.Integer("Work packages", compute="_compute_field_task_count")
    field_can_give_work = fields.Boolean(compute="_compute_field_can_give_work")

    @api.model
    def _field_may_on_tasks(self, operation):
        """Whether something on this system gives out work, and the user may do this with it."""
        return "field.task" in self.env and self.env["field.task"].has_access(operation)

    @api.depends_context("uid")
    def _compute_field_can_give_work(self):
        may = self._field_may_on_tasks("create")
        for lead in self:
            lead.field_can_give_work = may and bool(lead.id)

    @api.depends_context("uid")
    def _compute_field_task_count(self):
        self.field_task_count = 0
        if not self.ids or not self._field_may_on_tasks("read"):
            return
        domain = [("about_model", "=", self._name), ("about_id", "in", self.ids)]
        groups = self.env["field.task"]._read_group(domain, ["about_id"], ["__count"])
        counts = dict(groups)
        for lead in self:
            lead.field_task_count = counts.get(lead.id, 0)

    def action_field_open_tasks(self):
        """The work packages about this lead; a new one begins with it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_task_action")
        domain = [("about_model", "=", self._name), ("about_id", "=", self.id)]
        context = {"default_about_ref": f"{self._name},{self.id}", "default_name": self.name}
        return {**action, "domain": domain, "context": context}
