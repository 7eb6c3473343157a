from odoo import fields, models


class FieldContactRole(models.Model):
    """What a person on the customer's side has to say in a purchase."""

    _name = "field.contact.role"
    _description = "Contact Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class FieldLeadContact(models.Model):
    """A person on the customer's side of a deal: role, influence, attitude."""

    _name = "field.lead.contact"
    _description = "Contact of a Deal"
    _order = "influence desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="restrict"
    )
    function = fields.Char(related="partner_id.function", string="Job position")
    phone = fields.Char(related="partner_id.phone")
    role_id = fields.Many2one("field.contact.role", required=True, ondelete="restrict")
    influence = fields.Selection(
        [("1", "Little"), ("2", "Some"), ("3", "Strong"), ("4", "Decides")],
        required=True,
        default="2",
    )
    attitude = fields.Selection(
        [("for", "For us"), ("neutral", "Neutral"), ("against", "Against us")],
        required=True,
        default="neutral",
    )
    note = fields.Char()

    _person_role_uniq = models.UniqueIndex(
        "(lead_id, partner_id, role_id)", "This person has this role already."
    )
