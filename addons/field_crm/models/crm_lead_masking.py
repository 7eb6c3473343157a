"""Who has not claimed a lead of a pool does not learn how to reach the customer.

The contact fields are replaced by fields that answer with a mask, for one reader and one lead at a
time: whatever code runs in the name of that reader (views, export, templates, copies) gets the
mask. The database is asked the same way: a condition, an order or a group on such a field never
tells anything about a hidden lead.
"""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.masking import MASK, mask_text

# Open for all who oversee the pools.
SEE_ALL = (
    "sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin,"
    "field_base.field_base_group_auditor"
)
# What lies beside the lead and may repeat its contact: not searched either.
BESIDE = frozenset(
    {
        "message_ids",
        "website_message_ids",
        "message_follower_ids",
        "message_partner_ids",
        "activity_ids",
        "activity_summary",
        "calendar_event_ids",
        "phone_mobile_search",
    }
)


class _Masked:
    """Mixed into a field class: the value is hidden as long as the lead lies in a pool."""

    def _mask(self, value, record):
        return MASK

    def convert_to_record(self, value, record):
        found = super().convert_to_record(value, record)
        if found and not record.env.su and record._is_contact_hidden():
            return self._mask(found, record)
        return found

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if not model._may_hide_contacts():
            return super().condition_to_sql(field_expr, operator, value, model, alias, query)
        # Apart from the column, so that its index still serves.
        with _revealed(query):
            sql = super().condition_to_sql(field_expr, operator, value, model, alias, query)
        return SQL("(%s AND NOT %s)", sql, model._hidden_contacts_to_sql(alias, query))


class MaskedChar(_Masked, fields.Char):
    pass


class MaskedHtml(_Masked, fields.Html):
    """Running text: only numbers and addresses in it are hidden."""

    def _mask(self, value, record):
        return type(value)(mask_text(str(value)))  # markup stays markup


class MaskedOne2many(fields.One2many):
    """Rows that others have written about the contact: none, but for one's own."""

    def convert_to_record(self, value, record):
        found = super().convert_to_record(value, record)
        if found and not record.env.su and record._is_contact_hidden():
            return found.filtered(lambda row: row.sudo().user_id == record.env.user)
        return found


class MaskedMany2one(_Masked, fields.Many2one):
    """The link itself is hidden: it would lead to the contact."""

    def _mask(self, value, record):
        return record.env[self.comodel_name]

    def convert_to_record_multi(self, values, records):
        if not records.env.su and records._may_hide_contacts():
            hidden = records.filtered(lambda record: record._is_contact_hidden())
            shown = zip(values, records, strict=True)
            values = [None if record in hidden else value for value, record in shown]
        return super().convert_to_record_multi(values, records)


@contextmanager
def _revealed(query):
    before = getattr(query, "field_revealed", False)
    query.field_revealed = True
    try:
        yield
    finally:
        query.field_revealed = before


class CrmLead(models.Model):
    _inherit = "crm.lead"

    phone = MaskedChar()
    phone_sanitized = MaskedChar()
    email_from = MaskedChar()
    email_normalized = MaskedChar()
    email_domain_criterion = MaskedChar()
    email_cc = MaskedChar()
    website = MaskedChar()
    contact_name = MaskedChar()
    description = MaskedHtml()
    partner_id = MaskedMany2one()
    commercial_partner_id = MaskedMany2one()
    activity_ids = MaskedOne2many()
    activity_summary = MaskedChar()
    calendar_event_ids = MaskedOne2many()
    field_contact_hidden = fields.Boolean(
        "Contact Hidden", compute="_compute_field_contact_hidden", compute_sudo=False
    )

    @api.depends_context("uid")
    @api.depends("field_pool_id", "user_id")
    def _compute_field_contact_hidden(self):
        for lead in self:
            lead.field_contact_hidden = not self.env.su and lead._is_contact_hidden()

    # --- who sees what -------------------------------------------------------------------------

    def _may_hide_contacts(self):
        """Whether there can be leads whose contact this reader must not see."""
        return not self.env.su and not self.env.user.has_groups(SEE_ALL)

    def _is_contact_hidden(self):
        """Whether the reader must not see the contact of this lead."""
        if not self._may_hide_contacts():
            return False
        lead = self.sudo()._origin  # nothing hides what one is typing into a new lead
        return bool(lead.field_pool_id and not lead.user_id and lead.field_pool_id.mask_contacts)

    def _hidden_contacts_to_sql(self, alias, query):
        return SQL(
            "(%s IS NULL AND %s IS NOT NULL AND %s IN "
            "(SELECT id FROM field_lead_pool WHERE mask_contacts))",
            self._field_to_sql(alias, "user_id", query),
            self._field_to_sql(alias, "field_pool_id", query),
            SQL(
                "%s",
                self._field_to_sql(alias, "field_pool_id", query),
                to_flush=self.env["field.lead.pool"]._fields["mask_contacts"],
            ),
        )

    @api.model
    def _hidden_contacts_domain(self):
        return Domain.custom(
            to_sql=lambda model, alias, query: model._hidden_contacts_to_sql(alias, query)
        )

    # --- the database --------------------------------------------------------------------------

    def _fetch_query(self, query, fields):
        """The cache is shared with the superuser: it holds the values, the fields mask them."""
        with _revealed(query):
            return super()._fetch_query(query, fields)

    def _field_to_sql(self, alias, field_expr, query=None):
        sql = super()._field_to_sql(alias, field_expr, query)
        field = self._fields.get(field_expr.split(".")[0])
        if (
            not isinstance(field, _Masked)
            or not self._may_hide_contacts()
            or getattr(query, "field_revealed", False)
        ):
            return sql
        hidden = self._hidden_contacts_to_sql(alias, query)
        return SQL("(CASE WHEN %s THEN NULL ELSE %s END)", hidden, sql)

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False
    ):
        if self._may_hide_contacts():
            domain = Domain(domain).map_conditions(self._without_hidden)
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _without_hidden(self, condition):
        name = condition.field_expr.split(".")[0]
        # Messages, activities … may be searched with fewer checks than they are read with.
        return condition & ~self._hidden_contacts_domain() if name in BESIDE else condition

    # --- what is written -----------------------------------------------------------------------

    def write(self, vals):
        # A form or an import that sends back what it was shown changes nothing.
        return super().write(vals if self.env.su else self._without_masks(vals))

    @api.model
    def _without_masks(self, vals):
        return {
            name: value
            for name, value in vals.items()
            if not (isinstance(value, str) and value == MASK)
            or not isinstance(self._fields.get(name), _Masked)
        }

    def copy_data(self, default=None):
        """A copy of a hidden lead does not repeat the masks."""
        return [self._without_masks(vals) for vals in super().copy_data(default=default)]

    # --- conversion ----------------------------------------------------------------------------

    def _check_contact_visible(self):
        """:raises UserError: a customer would be made of a contact that is still hidden"""
        for lead in self:
            if lead._is_contact_hidden():
                raise lead._get_claim_first_error()

    def _get_claim_first_error(self):
        return UserError(self.env._("Claim “%(lead)s” first.", lead=self.name))

    def _handle_partner_assignment(self, *args, **kwargs):
        self._check_contact_visible()
        return super()._handle_partner_assignment(*args, **kwargs)
