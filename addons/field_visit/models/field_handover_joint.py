"""The one who goes introduces the one who comes: a visit together, on a day that is chosen."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class FieldHandover(models.Model):
    _inherit = "field.handover"

    def action_confirm(self):
        """Also plan the visits together.

        :raises UserError: one of them lies in the past
        """
        self._check_joint_dates()
        result = super().action_confirm()
        self.line_ids.sudo()._plan_joint_visits()
        return result

    def action_undo(self):
        """Also take back visits together that nobody has begun."""
        lines = self.line_ids.sudo()
        # his own visits come back to him: he does not go along to them
        passed = lines.filtered(lambda line: line.res_model == "field.visit").mapped("res_id")
        passed = self.env["field.visit"].sudo().browse(passed).exists()
        passed.write({"companion_ids": [(3, self.user_id.id)]})
        result = super().action_undo()
        lines.joint_visit_id.filtered(lambda visit: visit.state == "planned").unlink()
        return result

    def _check_joint_dates(self):
        today = fields.Date.context_today(self)
        for line in self.line_ids:
            if line.joint_date and not line.skip and line.joint_date < today:
                raise UserError(
                    self.env._(
                        "%(customer)s: the day of the visit together is over.",
                        customer=line.record_name,
                    )
                )


class FieldHandoverLine(models.Model):
    _inherit = "field.handover.line"

    joint_date = fields.Date(
        "Together on", help="The receiver visits the customer on this day, with who hands over."
    )
    joint_visit_id = fields.Many2one(
        "field.visit", "Visit together", readonly=True, ondelete="set null", index="btree_not_null"
    )

    @api.constrains("joint_date")
    def _check_joint_date(self):
        if any(line.joint_date and not line.partner_id for line in self):
            raise UserError(self.env._("Only customers are visited together."))

    @api.model
    def _get_choices(self):
        return super()._get_choices() | {"joint_date"}

    def _plan_joint_visits(self):
        """Where the customer has passed; both find it in their plan. A visit that is planned for
        that day anyway becomes the one."""
        Visit = self.env["field.visit"]
        for line in self.filtered(lambda one: one.joint_date and one.state == "moved"):
            about = line._prepare_joint_visit()
            same = [(name, "=", value) for name, value in about.items()]
            company = {"companion_ids": [(4, line.user_id.id)]}
            if planned := Visit.search([*same, ("state", "=", "planned")], limit=1):
                planned.write(company)
                continue
            here = line.with_context(lang=line.to_user_id.lang)
            note = here.env._("%(name)s introduces you here.", name=line.user_id.name)
            line.joint_visit_id = Visit.create({**about, **company, "note": note})

    def _prepare_joint_visit(self):
        return {
            "partner_id": self.partner_id.id,
            "user_id": self.to_user_id.id,
            "company_id": self.company_id.id,
            "plan_date": self.joint_date,
        }
