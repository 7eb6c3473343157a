"""What lies beside a lead may say how to reach the customer: messages, files, activities.

It is hidden with the contact, and nobody who does not see it is sent it.
"""

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What was written with the customer before stays hidden too."""
        result = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "read" and self._may_hide_contacts():
            for lead in self:
                if lead._is_contact_hidden():
                    del result[lead]
        return result

    def _message_get_suggested_recipients(self, *args, **kwargs):
        if len(self) == 1 and self._is_contact_hidden():
            return []
        return super()._message_get_suggested_recipients(*args, **kwargs)

    def _message_followers_to_store(self, store, *args, **kwargs):
        if not self.sudo(False)._is_contact_hidden():
            super()._message_followers_to_store(store, *args, **kwargs)

    def _track_prepare(self, fields_iter):
        """The history compares values, not masks; both ends of the comparison are real."""
        return super(CrmLead, self.sudo())._track_prepare(fields_iter)

    def _track_finalize(self):
        return super(CrmLead, self.sudo())._track_finalize()

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Who follows a lead he has not claimed is not sent what is written with its customer; who
        is named in a message is."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        lead = self.sudo()
        if len(lead) != 1 or not lead.field_pool_id or lead.user_id:
            return recipients
        named = set((msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids)
        return [one for one in recipients if one["id"] in named or not self._is_hidden_from(one)]

    def _is_hidden_from(self, recipient):
        user = self.env["res.users"].browse(recipient.get("uid") or ())
        return bool(user) and self.with_user(user)._is_contact_hidden()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Files of a lead whose contact is hidden: a business card is one."""
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        leads = self.env["crm.lead"].browse(filter(None, model_and_ids.get("crm.lead", ())))
        if leads and leads._may_hide_contacts():
            for lead in leads.exists():
                if lead._is_contact_hidden():
                    yield "crm.lead", lead.id


class BesideLead:
    """Mixed into a model whose rows are about a lead: hidden as long as its contact is, but for
    those they are meant for."""

    __slots__ = ()  # as records have
    _name, _module = None, "field_crm"  # no model of its own

    def _check_access(self, operation):
        result = super()._check_access(operation)
        hidden = self._filter_hidden(operation)
        if not hidden:
            return result
        refused = result[0] if result else self.browse()
        return refused | hidden, result[1] if result else self._get_hidden_error

    def _get_hidden_error(self):
        return AccessError(self.env._("Claim the lead to see what is planned with it."))

    def _filter_hidden(self, operation):
        Lead = self.env["crm.lead"]
        if not self or operation == "create" or not Lead._may_hide_contacts():
            return self.browse()
        beside = {row: leads for row in self.sudo() if (leads := row._get_leads_beside())}
        hidden = {
            lead.id
            for lead in Lead.union(*beside.values()).exists()
            if lead.with_env(self.env)._is_contact_hidden()
        }
        return self.browse(
            row.id
            for row, leads in beside.items()
            if not hidden.isdisjoint(leads.ids) and row._is_of_others()
        )

    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not bypass_access and self.env["crm.lead"]._may_hide_contacts():
            domain = Domain(domain) & Domain.custom(to_sql=self._shown_to_sql)
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _shown_document_to_sql(self, model, alias, query, own_field, own_id, named="res_model"):
        """For rows that name their document: not of a hidden lead, or one's own."""
        self._flush_hidden()
        return SQL(
            """(%(model)s IS DISTINCT FROM 'crm.lead' OR %(own_field)s = %(own)s OR NOT EXISTS (
                 SELECT FROM crm_lead l JOIN field_lead_pool p ON p.id = l.field_pool_id
                  WHERE l.id = %(lead)s AND l.user_id IS NULL AND p.mask_contacts))""",
            model=model._field_to_sql(alias, named, query),
            own_field=model._field_to_sql(alias, own_field, query),
            lead=model._field_to_sql(alias, "res_id", query),
            own=own_id,
        )

    def _flush_hidden(self):
        self.env["crm.lead"].flush_model(["user_id", "field_pool_id"])
        self.env["field.lead.pool"].flush_model(["mask_contacts"])


class MailActivity(BesideLead, models.Model):
    """Activities of others."""

    _inherit = "mail.activity"

    def _filter_hidden(self, operation):
        # who may change activities of others is Odoo's to say
        return super()._filter_hidden(operation) if operation == "read" else self.browse()

    def _is_of_others(self):
        return self.user_id.id != self.env.uid

    def _get_leads_beside(self):
        leads = self.env["crm.lead"]
        return leads.browse(self.res_id) if self.res_model == "crm.lead" else leads

    def _shown_to_sql(self, model, alias, query):
        return self._shown_document_to_sql(model, alias, query, "user_id", self.env.uid)


class MailFollowers(BesideLead, models.Model):
    """Who follows: the customer himself is one of them."""

    _inherit = "mail.followers"

    def _is_of_others(self):
        return self.partner_id != self.env.user.partner_id

    def _get_leads_beside(self):
        leads = self.env["crm.lead"]
        return leads.browse(self.res_id) if self.res_model == "crm.lead" else leads

    def _shown_to_sql(self, model, alias, query):
        own = self.env.user.partner_id.id
        return self._shown_document_to_sql(model, alias, query, "partner_id", own)


class MailScheduledMessage(BesideLead, models.Model):
    """What others are going to send to the customer."""

    _inherit = "mail.scheduled.message"

    def _is_of_others(self):
        return self.author_id != self.env.user.partner_id

    def _get_leads_beside(self):
        leads = self.env["crm.lead"]
        return leads.browse(self.res_id) if self.model == "crm.lead" else leads

    def _shown_to_sql(self, model, alias, query):
        own = self.env.user.partner_id.id
        return self._shown_document_to_sql(model, alias, query, "author_id", own, named="model")
