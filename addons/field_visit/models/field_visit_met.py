"""Whom one met at a customer: chosen on the phone, kept once the visit is over."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import read_uuid, require_payload


class FieldVisit(models.Model):
    _inherit = "field.visit"

    contact_ids = fields.Many2many(
        "res.partner",
        "field_visit_contact_rel",
        "visit_id",
        "partner_id",
        "Contacts met",
        copy=False,
        domain="[('id', 'child_of', partner_id), ('id', '!=', partner_id), "
        "('is_company', '=', False)]",
        help="Chosen during the visit; it cannot change any more once the visit is over.",
    )

    @api.constrains("contact_ids", "partner_id")
    def _check_contacts(self):
        for visit in self.sudo():
            company = visit.partner_id.commercial_partner_id
            if visit.contact_ids.commercial_partner_id - company:
                raise ValidationError(
                    self.env._(
                        "Only contacts of %(customer)s are met there.",
                        customer=visit.partner_id.display_name,
                    )
                )

    def write(self, vals):
        if "contact_ids" not in vals:
            return super().write(vals)
        if not self._may_write_evidence() and any(visit.state == "done" for visit in self):
            raise UserError(self.env._("Whom you met stays as it was when the visit ended."))
        result = super().write(vals)
        self.env["field.change"]._touch(self)
        return result

    def _meet(self, contact_ids, at=None):
        """What the phone says; those who are no contacts of the customer are left out.

        :param contact_ids: ids, as they came
        :param at: UTC moment, now by default
        :raise FieldRejected: not_checked_in, forbidden
        """
        self.ensure_one()
        self._check_can_work()
        is_late = self.state == "done" and not self._lasted_at(at or fields.Datetime.now())
        if is_late or self.state not in ("in_progress", "done"):
            raise FieldRejected(
                "not_checked_in", self.env._("Whom you met is said during the visit.")
            )
        known = self.partner_id._get_field_contacts().ids
        chosen = [one for one in dict.fromkeys(contact_ids) if one in known]
        self._with_evidence().contact_ids = [Command.set(chosen)]

    def _get_contact_words(self):
        """Names of those one met, with what they are."""
        people = self.contact_ids.sudo()
        return ", ".join(
            f"{one.name} ({one.function})" if one.function else one.name or "" for one in people
        )


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"visit.contacts": self.env._("Contacts met")}

    def _apply_visit_contacts(self, payload):
        """visit.contacts {visit_uuid, contact_ids}: all whom one met, in place of those before"""
        values = require_payload(payload, {"contact_ids": list})
        ids = values["contact_ids"]
        if any(type(one) is not int for one in ids) or len(ids) > 200:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be a list of ids.", field="contact_ids")
            )
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        visit._meet(ids, self.happened_at)
        return visit


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_field_contacts(self):
        """The people of these customers, by name."""
        if not self:  # also for who may read no customer at all
            return self.browse()
        domain = Domain("parent_id", "in", self.ids) & Domain("type", "=", "contact")
        return self.search(domain & Domain("is_company", "=", False), order="name, id")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.parent_id._tell_field_contacts()
        return partners

    def write(self, vals):
        names = {"name", "function", "parent_id", "active", "type", "is_company"}
        before = self.parent_id if names & vals.keys() else self.browse()
        result = super().write(vals)
        if names & vals.keys():
            (before | self.parent_id)._tell_field_contacts()
        return result

    def unlink(self):
        parents = self.parent_id
        result = super().unlink()
        parents._tell_field_contacts()
        return result

    def _tell_field_contacts(self):
        """The phones keep contacts with their customer."""
        self.env["field.change"]._touch(self)


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _customers(self, partners):
        """Rows with the people one can meet there; nothing where there are none."""
        rows = super()._customers(partners)
        people = {}
        for contact in partners._get_field_contacts():
            mine = people.setdefault(contact.parent_id.id, [])
            mine.append(
                {"id": contact.id, "name": contact.name, "function": contact.function or None}
            )
        for row in rows:
            if row["id"] in people:
                row["contacts"] = people[row["id"]]
        return rows
