"""Kind, company and result of a visit: what it was for, who came along, what came of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class FieldVisit(models.Model):
    _inherit = "field.visit"

    type_id = fields.Many2one(
        "field.visit.type",
        "Kind",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    channel = fields.Selection(
        compute="_compute_channel", store=True, readonly=False, precompute=True
    )
    companion_ids = fields.Many2many(
        "res.users",
        "field_visit_companion_rel",
        "visit_id",
        "user_id",
        "Accompanied by",
        copy=False,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    is_joint = fields.Boolean(
        "Joint visit", compute="_compute_is_joint", store=True, help="More than one of us came."
    )
    result_id = fields.Many2one(
        "field.visit.reason",
        domain=[("usage", "=", "result")],
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reason_id = fields.Many2one(
        "field.visit.reason",
        "Why not",
        domain=[("usage", "in", ("cancel", "missed"))],
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Why the visit was called off or missed.",
    )

    @api.depends("type_id")
    def _compute_channel(self):
        for visit in self:
            visit.channel = visit.type_id.channel or visit.channel or "on_site"

    @api.depends("companion_ids")
    def _compute_is_joint(self):
        for visit in self:
            visit.is_joint = bool(visit.companion_ids)

    @api.depends("company_id", "type_id")
    def _compute_sop_id(self):
        """The kind of the visit brings its procedure; without one, the company's first."""
        typed = self.filtered(lambda v: v.type_id.sop_id and not v.check_in_at)
        for visit in typed:
            visit.sop_id = visit.type_id.sop_id
        super(FieldVisit, self - typed)._compute_sop_id()

    @api.constrains("companion_ids", "user_id")
    def _check_companions(self):
        for visit in self:
            if visit.user_id in visit.companion_ids:
                raise UserError(self.env._("Nobody accompanies himself."))

    @api.model
    def _get_companions(self, ids):
        """Those of ``ids`` that may be named: people with an account in the same company.

        :returns: res.users
        """
        domain = Domain("id", "in", ids) & Domain("share", "=", False)
        domain &= Domain("company_ids", "in", self.env.company.ids)
        return self.env["res.users"].sudo().search(domain) - self.env.user

    def action_explain_missed(self):
        """Ask why the visits were missed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why was it missed?"),
            "res_model": "field.visit",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("field_visit.field_visit_view_form_missed").id, "form")],
            "target": "new",
        }

    def _do_cancel(self, reason=None, reason_id=None):
        """A chosen reason is as good as a written one.

        :param int reason_id: of field.visit.reason
        """
        chosen = self._get_reason(reason_id) or self.reason_id
        result = super()._do_cancel(reason or self.cancel_reason or chosen.name)
        if chosen and self.reason_id != chosen:
            self.reason_id = chosen
        return result

    @api.model
    def _get_reason(self, reason_id, usages=("cancel", "missed")):
        """The reason of that id, or none when it is gone or for something else."""
        domain = [("id", "=", reason_id or 0), ("usage", "in", usages)]
        return self.env["field.visit.reason"].search(domain)

    def _take_along(self, type_id, companion_ids):
        """What the phone says about the visit as it begins; afterwards it stays as it is."""
        if self.check_in_at:
            return
        if type_id:
            domain = [("id", "=", type_id), ("company_id", "in", (False, self.company_id.id))]
            self.type_id = self.env["field.visit.type"].search(domain) or self.type_id
        ids = [one for one in companion_ids or () if isinstance(one, int) and 0 < one < 2**31]
        if ids:
            self.companion_ids = self._get_companions(ids)

    def _take_result(self, result_id):
        result = self._get_reason(result_id, ("result",))
        if result and not self.result_id:
            self.result_id = result
