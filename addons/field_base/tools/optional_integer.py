"""A whole number that may not be known: empty is not 0."""

from odoo import fields


class OptionalInteger(fields.Integer):
    """Is ``False`` and NULL where there is none, so no average, export or filter takes it for 0."""

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return self.convert_to_cache(value, record, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if value is None or value is False else int(value)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value
