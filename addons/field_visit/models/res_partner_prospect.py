"""Who has found a business on the map keeps it for a while: nobody else is given it meanwhile."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner import FIELD_GROUPS
from odoo.addons.field_base.tools.times import local_date


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_protected_until = fields.Date(
        "Protected until",
        readonly=True,
        copy=False,
        groups=FIELD_GROUPS,
        help="Until then the prospect stays with who has found it; a leader may decide otherwise.",
    )

    def write(self, vals):
        if "user_id" in vals:
            self._field_check_protection(vals["user_id"])
        return super().write(vals)

    def _field_check_protection(self, user_id):
        """:raise UserError: it is somebody else's find, and its time is not over"""
        leads = self.env.user.has_group("field_base.field_base_group_leader")
        if self.env.su or leads:
            return
        for partner in self.sudo():
            finder = partner.user_id
            if finder and finder.id != user_id and partner._field_is_protected():
                raise UserError(
                    self.env._(
                        "%(customer)s was found by %(person)s and stays there until %(day)s. "
                        "A leader can decide otherwise.",
                        customer=partner.display_name,
                        person=finder.name,
                        day=partner.field_protected_until,
                    )
                )

    def _field_is_protected(self):
        self.ensure_one()
        until = self.field_protected_until
        return bool(until and until >= self._field_today())

    def _field_is_free_again(self):
        """Found by somebody once who let the time pass without a visit."""
        self.ensure_one()
        found = self.field_protected_until and self.field_life == "prospect"
        return bool(found and not self._field_is_protected() and not self.field_last_visit_date)

    def _field_keep_for_finder(self):
        """The current user has found it: it is his, and protected by the days of his policy."""
        self.ensure_one()
        user = self.env.user
        policy = self.env["field.policy"].sudo()._get_for_users(user)[user.id]
        until = self._field_today() + timedelta(days=policy.prospect_days)
        self.sudo().write(
            {"user_id": user.id, "field_protected_until": policy.prospect_days and until}
        )

    @api.model
    def _field_today(self):
        return local_date(fields.Datetime.now(), self.env.user._field_tz())
