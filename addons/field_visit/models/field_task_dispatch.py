from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class FieldTask(models.Model):
    """Who should go: the pieces of a package whose people a leader has himself recommended."""

    _inherit = "field.task"

    open_partner_ids = fields.Many2many(
        "res.partner", string="Customers to give out", compute="_compute_open_partner_ids"
    )

    @api.depends("partner_ids", "work_ids.state", "work_ids.partner_id")
    def _compute_open_partner_ids(self):
        for task in self:
            given = task.work_ids.filtered(lambda work: work.state != "refused").partner_id
            task.open_partner_ids = task.partner_ids - given

    def action_open_dispatch(self):
        """Ask who should go to the customers that are not given out yet.

        :raises UserError: there are none
        """
        self.ensure_one()
        if not self.open_partner_ids:
            raise UserError(self.env._("Every customer of this work is given out."))
        return self.env["field.dispatch"]._open(
            task_id=self.id,
            partner_id=self.open_partner_ids[0].id,
            date=max(fields.Date.context_today(self), self.date_from),
            minutes=self.plan_minutes or 30,
            priority=self.priority,
        )

    def _give_to(self, partner, user, plan):
        """Give the piece at one customer to one person.

        :param dict plan: values of its visit: day, minutes, priority
        :returns: field.task.work; its visit follows when it is accepted, if it is to be
        :raises UserError: the day is after the deadline, or the piece is given out
        """
        self.check_access("write")
        if plan["plan_date"] > self.deadline:
            day = format_date(self.env, self.deadline)
            raise UserError(self.env._("The deadline of this work is %(day)s.", day=day))
        if partner not in self.open_partner_ids:
            raise UserError(self.env._("This work is already given out."))
        piece = {"task_id": self.id, "company_id": self.company_id.id}
        piece |= {"partner_id": partner.id, "user_id": user.id}
        work = self.env["field.task.work"].create(piece)
        work._begin()
        work.visit_id.sudo()._with_planner().write(plan)
        return work

    def _get_refusers(self, partner):
        """Who has said no to the piece at this customer already."""
        works = self.sudo().work_ids
        return works.filtered(lambda w: w.partner_id == partner and w.state == "refused").user_id
