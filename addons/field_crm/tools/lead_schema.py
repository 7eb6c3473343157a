"""What a source may send as a lead, and what is wrong with it, field by field."""

from odoo.addons.field_base.tools import row_schema

MAX_TEXT = 200
MAX_NOTE = 10_000

# name: (kind, longest text or range)
FIELDS = {
    "reference": ("text", MAX_TEXT),
    "title": ("text", MAX_TEXT),
    "company": ("text", MAX_TEXT),
    "contact": ("text", MAX_TEXT),
    "position": ("text", MAX_TEXT),
    "phone": ("text", 60),
    "email": ("mail", MAX_TEXT),
    "website": ("text", MAX_TEXT),
    "street": ("text", MAX_TEXT),
    "street2": ("text", MAX_TEXT),
    "city": ("text", MAX_TEXT),
    "zip": ("text", 20),
    "state": ("text", 60),
    "country": ("country", 2),
    "tax_id": ("text", 40),
    "description": ("text", MAX_NOTE),
    "language": ("text", 10),
    "expected_revenue": ("number", (0, 1e12)),
    "priority": ("integer", (0, 3)),
    "lat": ("number", (-90, 90)),
    "lng": ("number", (-180, 180)),
    "campaign": ("text", MAX_TEXT),
    "medium": ("text", MAX_TEXT),
    "tags": ("texts", 20),
}
NAMES = ("company", "title", "contact")


def check(lead):
    """:returns: ``[(field, code)]``, see :func:`row_schema.check`"""
    return row_schema.check(lead, FIELDS, NAMES)
