"""What company registers say about the company of a lead."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.register import RegisterError

MOST_AT_ONCE = 50
FILLED = {"field_tax_id": "tax_id", "street": "street", "city": "city", "website": "website"}
NEW_DAYS = 7


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_register_id = fields.Many2one(
        "field.register.entry",
        "Company Register",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    field_register_asked = fields.Boolean(
        "Register Asked", compute="_compute_field_register_asked", compute_sudo=True
    )

    @api.depends_context("company")
    def _compute_field_register_asked(self):
        """Whether there is a register to ask, so that no button leads nowhere."""
        any_ = bool(self._get_registers(self.env.company))
        for lead in self:
            lead.field_register_asked = any_ and bool(lead.partner_name or lead.field_tax_id)

    @api.model
    def _get_registers(self, company):
        return self.env["field.register.provider"].sudo().search([("company_id", "=", company.id)])

    def action_look_up(self):
        """Ask the company registers about the companies of these leads.

        Fills what is empty on the lead, never what somebody wrote. What was asked within the time
        the register's answers hold is taken from memory and costs nothing.

        :return: a notification: how many were found
        :raises UserError: more than 50 at once; no register; none could be asked, and why
        """
        self.check_access("write")
        if len(self) > MOST_AT_ONCE:
            raise UserError(self.env._("At most %(most)s leads at once.", most=MOST_AT_ONCE))
        # A lead nobody holds is looked up by whoever runs the pool: each call costs money.
        leads = self if self._may_manage_pools() else self.filtered("user_id")
        found = leads._look_up()
        text = self.env._(
            "%(found)s of %(all)s found in the register.", found=len(found), all=len(self)
        )
        params = {"type": "success" if found else "warning", "message": text, "sticky": False}
        params["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _look_up(self):
        """:returns: the leads that were found"""
        found = self.browse()
        for lead in self.sudo().filtered(lambda le: le.partner_name or le.field_tax_id):
            providers = self._get_registers(lead.company_id or self.env.company)
            if not providers:
                text = self.env._("There is no company register. A sales manager can set one up.")
                raise UserError(text)
            entry = providers._look_up(lead.partner_name or "", lead.field_tax_id)
            if entry:
                lead.write(lead._prepare_register_vals(entry))
                found |= lead
        return found.with_env(self.env)

    def _prepare_register_vals(self, entry):
        empty = {ours: entry[theirs] for ours, theirs in FILLED.items() if not self[ours]}
        return {"field_register_id": entry.id, **{k: v for k, v in empty.items() if v}}

    @api.model
    def _cron_look_up(self, batch=20):
        """New leads of companies whose registers are asked by night; ends when a cap is reached."""
        Cron = self.env["ir.cron"]
        Provider = self.env["field.register.provider"].sudo()
        for provider in Provider.search([("auto_new", "=", True)]):
            domain = self._get_register_domain(provider)
            last = 0
            while leads := self.sudo().search(
                domain & Domain("id", ">", last), order="id", limit=batch
            ):
                last = leads[-1].id
                if not provider._look_up_new(leads) or not Cron._commit_progress(len(leads)):
                    break

    @api.model
    def _get_register_domain(self, provider):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=NEW_DAYS)
        return Domain(
            [
                ("create_date", ">", since),
                ("company_id", "in", (provider.company_id.id, False)),
                ("partner_name", "!=", False),
                ("field_register_id", "=", False),
                ("won_status", "=", "pending"),
                ("active", "=", True),
            ]
        )


class FieldRegisterProvider(models.Model):
    _inherit = "field.register.provider"

    def _look_up_new(self, leads):
        """:returns: whether it makes sense to go on"""
        for lead in leads:
            try:
                entry = self._find(lead.partner_name, lead.field_tax_id)
            except RegisterError:
                return False
            if entry.state == "found":
                lead.write(lead._prepare_register_vals(entry))
        return True
