"""What other systems read by the API: one kind of row, and how it looks in JSON."""

from dataclasses import dataclass

from .collection import plain

TYPES = {
    "integer": "integer",
    "many2one": "integer",
    "many2one_reference": "integer",
    "float": "number",
    "monetary": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date-time",
}
SAMPLES = {
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "date": "2026-01-05",
    "date-time": "2026-01-05T01:00:00Z",
    "string": "Sample",
}


@dataclass(frozen=True)
class Resource:
    """Modules name theirs in ``field.open.api._resources()``.

    :param str name: in the address, and of the scope ``name.read``
    :param str model: of the records; they are searched and read as the person the client works as
    :param dict fields: ``{name in JSON: field or path of fields}``; a link is given as its id
    :param tuple domain: which records there are at all
    :param int most: rows of one answer
    """

    name: str
    model: str
    fields: dict
    domain: tuple = ()
    most: int = 1000

    def rows_of(self, records):
        """The records as JSON, in their order."""
        return [
            _with_place({n: _value(r, path) for n, path in self.fields.items()}) for r in records
        ]

    def types(self, model):
        """``{name: type}`` as the description of the API has it.

        :param model: the empty records
        """
        return {name: _type(model, path) for name, path in self.fields.items()}

    def sample(self, model, number):
        """A made-up row, for keys that are for trying only."""
        row = {name: SAMPLES[kind] for name, kind in self.types(model).items()}
        return row | {"id": number}


def _value(record, path):
    for name in path.split("."):
        field, value = record._fields[name], record[name]
        record = value
    if field.type in ("many2one", "many2one_reference"):
        return (value if isinstance(value, int) else value.id) or None
    if field.type == "boolean":
        return bool(value)
    return plain(value)


def _type(model, path):
    *links, last = path.split(".")
    for name in links:
        model = model[name]
    return TYPES.get(model._fields[last].type, "string")


def _with_place(row):
    """0/0 is Odoo's "not known"."""
    if "lat" in row and not (row["lat"] or row["lng"]):
        return row | {"lat": None, "lng": None}
    return row
