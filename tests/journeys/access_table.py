"""One row of each model of ours, and what somebody can do with it by every way of asking."""

import json
import uuid

from psycopg2 import errors, sql

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tools.sql import table_exists

NOT_NULL = """
    SELECT column_name, data_type, column_default IS NOT NULL FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_name != 'id'
"""
# What a column holds when nothing else is known of it.
# Texts that must mean something.
NAMED = {"res_model": "res.partner", "tz": "UTC"}
PLAIN = {
    "boolean": False,
    "integer": 1,
    "bigint": 1,
    "numeric": 1,
    "double precision": 1,
    "real": 1,
    "date": "2026-11-20",
    "timestamp without time zone": "2026-11-20 04:00:00",
    "jsonb": "{}",
}
# Columns whose values the database checks.
SPECIAL = {
    "field.workday": {"state": "open", "auto_close_at": "2026-11-20 14:00:00"},
    "field.policy.profile": {"rules": "{}"},
    "field.second.look": {"rep_id": 2},  # nobody looks at a visit of his own
    "field.task": {"date_from": "2026-11-20", "deadline": "2026-11-20"},
}


def our_models(env):
    """Names of our models that have rows of their own, in alphabetical order."""
    return sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("field.") and not (model._abstract or model._transient)
        if table_exists(env.cr, model._table) or name == "field.position"  # partitioned
    )


class Rows:
    """Rows written past the ORM: no business rule stands between a test and a row."""

    def __init__(self, env, user, company, partner):
        self.env, self.user, self.company, self.partner = env, user, company, partner
        self.made = {}

    def id_of(self, model):
        """The row of a model, made now with all that it needs."""
        if model not in self.made:
            self.made[model] = self._insert(self.env[model])
        return self.made[model]

    def try_id_of(self, model):
        """The same; None when the database wants more of such a row than is known here."""
        try:
            with self.env.cr.savepoint(flush=False):
                return self.id_of(model)
        except errors.IntegrityError:
            return None

    def _insert(self, model):
        values = {**self._needed(model), **self._whose(model), **SPECIAL.get(model._name, {})}
        if model._name == "field.zone.presence":  # in a zone, or at a customer's
            values["partner_id"] = self.partner.id
        query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(model._table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
            sql.SQL("id") if model._auto else sql.SQL("*"),
        )
        self.env.cr.execute(query.as_string(self.env.cr._cnx), list(values.values()))
        if model._auto:
            return self.env.cr.fetchone()[0]
        domain = [("user_id", "=", self.user.id)]
        return model.sudo().search(domain, limit=1).id

    def _needed(self, model):
        self.env.cr.execute(NOT_NULL, [model._table])
        rows = self.env.cr.fetchall()
        return {name: self._value(model, name, kind) for name, kind, known in rows if not known}

    def _whose(self, model):
        """Person, company and parent, where the model has them."""
        active = model._fields.get("active")
        values = {"active": True} if active and active.store else {}
        for name, field in model._fields.items():
            if not (field.type == "many2one" and field.store and field.column_type):
                continue
            if field.comodel_name == "res.users" and name in ("user_id", "owner_id"):
                values[name] = self.user.id
            elif name == "company_id":
                values[name] = self.company.id
        return values

    def _value(self, model, name, kind):
        field = model._fields.get(name)
        if field and field.type == "many2one":
            return self._related(field.comodel_name)
        if field and field.default and field.type != "many2one":
            return field.convert_to_column(field.default(model.sudo()), model.browse())
        if field and field.type == "selection" and kind != "integer":
            return field.get_values(self.env)[0]
        return NAMED.get(name) or PLAIN.get(kind, str(uuid.uuid4()))

    def _related(self, comodel):
        known = {
            "res.users": self.user.id,
            "res.company": self.company.id,
            "res.partner": self.partner.id,
        }
        if comodel in known:
            return known[comodel]
        if comodel.startswith("field."):
            return self.id_of(comodel)
        return self.env[comodel].sudo().search([], limit=1).id or self.id_of(comodel)


def rights(record):
    """What somebody can do with a row: ``-`` nothing, or letters of ``rwu``.

    :raises AssertionError: when two ways of asking disagree
    """
    seen = {name: _succeeds(way, record) for name, way in READING.items()}
    if len(set(seen.values())) != 1:
        raise AssertionError(f"{record._name}, {record.env.user.login}: {seen}")
    letters = "r" if seen["search"] else ""
    for letter, way in (("w", _write), ("u", _unlink)):
        letters += letter if _succeeds(way, record) else ""
    return letters or "-"


def _succeeds(way, record):
    """Try it and take it back."""
    record.env.invalidate_all()
    cr = record.env.cr
    cr.execute("SAVEPOINT access_table")
    try:
        return bool(way(record))
    except (AccessError, MissingError):
        return False
    except (UserError, errors.Error):  # allowed by the rights, refused by a rule of the business
        return way in (_write, _unlink) and record.has_access(way.__name__.strip("_"))
    finally:
        cr.execute("ROLLBACK TO SAVEPOINT access_table")
        record.env.transaction.reset()


def _column(record):
    """A field that is really read: `id` and many a `display_name` are not; no other record."""
    fields = sorted(record._fields.items(), key=lambda item: item[1].relational)
    return next(
        name
        for name, field in fields
        if field.store and field.column_type and not field.groups and name != "id"
    )


def _write(record):
    record.check_access("write")
    return True


def _unlink(record):
    record.check_access("unlink")
    return True


def _grouped(record):
    groups = record.formatted_read_group([("id", "=", record.id)], [], ["__count"])
    return groups[0]["__count"]


def _rpc(record):
    found = call_kw(record.browse(), "web_search_read", [[("id", "=", record.id)], {"id": {}}], {})
    return found["records"] and call_kw(record, "web_read", [record.ids, {_column(record): {}}], {})


READING = {
    "search": lambda record: record.search([("id", "=", record.id)]),
    "count": lambda record: record.search_count([("id", "=", record.id)]),
    "read_group": _grouped,
    "read": lambda record: record.read([_column(record)]),
    "export": lambda record: record.export_data([_column(record)])["datas"],
    "rpc": _rpc,
}


def form_action(model, number):
    """JavaScript of an action that opens one row's form."""
    values = {"type": "ir.actions.act_window", "res_model": model, "res_id": number}
    return json.dumps({**values, "views": [[False, "form"]]})
