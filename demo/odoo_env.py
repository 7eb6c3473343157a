"""Odoo's environment for our programs: configuration from ODOO_RC, database from PGDATABASE."""

import contextlib
import os
import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextlib.contextmanager
def environment():
    """An environment as the system user; committed at the end, rolled back on an error."""
    database = os.environ.get("PGDATABASE") or config.get("db_name")
    if not database:
        raise SystemExit("Set PGDATABASE to the name of the demo database.")
    config.parse_config(["-d", database, "--no-http"], setup_logging=True)
    threading.current_thread().dbname = database
    registry = Registry(database)
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tz": "Asia/Shanghai"})
    registry.signal_changes()  # a server that runs beside us forgets what it has cached


def create_translated(env, model, rows):
    """Create records whose texts are given in English and Chinese.

    :param rows: dicts; a value that is a (English, Chinese) tuple is translated, or written as
        "Chinese English" where the field has one text for all languages
    :return: the records, in the order of the rows
    """
    fields = env[model]._fields
    plain, chinese = [], []
    for row in rows:
        pairs = {name: value for name, value in row.items() if isinstance(value, tuple)}
        both = {n: v[0] if fields[n].translate else f"{v[1]} {v[0]}" for n, v in pairs.items()}
        plain.append(row | both)
        chinese.append({name: v[1] for name, v in pairs.items() if fields[name].translate})
    records = env[model].create(plain)
    for record, values in zip(records, chinese, strict=True):
        if values:
            record.with_context(lang="zh_CN").write(values)
    return records


def as_user(env, user):
    """The environment in which a request of this person runs."""
    context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": user.company_id.ids}
    return env(user=user.id, context=context, su=False)
