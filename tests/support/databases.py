"""Databases for one test: cloned from a template, compared, dropped again."""

import configparser
import contextlib
import os
import shutil
from pathlib import Path

import psycopg2
from psycopg2 import sql

from .odoo_process import setting

# `./field test` drops databases of this form once the process with that number is gone.
PREFIX = f"field_test_{os.getpid()}-"


def connect(database):
    """A connection that commits each statement; where the server is, libpq's variables say."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


@contextlib.contextmanager
def cursor(database):
    with contextlib.closing(connect(database)) as connection, connection.cursor() as cr:
        yield cr


def filestore(database):
    """The folder of a database's files."""
    parser = configparser.RawConfigParser()
    parser.read(setting("FIELD_ODOO_CONF"))
    return Path(parser["options"]["data_dir"]) / "filestore" / database


def clone(template, name):
    """Copy a database with its files; an older one of that name goes.

    :return: the name of the new database
    """
    drop(name)
    with cursor("postgres") as cr:
        _disconnect(cr, template)
        cr.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    if filestore(template).exists():
        # Hard links: Odoo never writes into a stored file.
        shutil.copytree(filestore(template), filestore(name), copy_function=os.link)
    return name


def drop(name):
    """Drop a database and its files; nothing happens when it is not there."""
    with cursor("postgres") as cr:
        _disconnect(cr, name)
        cr.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def _disconnect(cr, name):
    cr.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid()",
        [name],
    )


# Odoo's own modules name parts of our models: portal says that ours inherit mail.thread, mail owns
# the values of the activity fields. When the model goes, Odoo forgets these names; ours must go.
EXTERNAL_IDS = """
    ir_model_data d WHERE d.module LIKE 'field\\_%'
    OR d.model NOT IN ('ir.model.inherit', 'ir.model.fields.selection')
    OR d.model = 'ir.model.inherit'
       AND EXISTS (SELECT 1 FROM ir_model_inherit i WHERE i.id = d.res_id)
    OR d.model = 'ir.model.fields.selection'
       AND EXISTS (SELECT 1 FROM ir_model_fields_selection s WHERE s.id = d.res_id)
"""
CATALOGUE = {
    "relation": """
        SELECT c.relkind::text || ' ' || c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    """,
    "column": """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
        FROM information_schema.columns
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    """,
    "constraint": """
        SELECT r.conrelid::regclass || ' ' || r.conname FROM pg_constraint r
        JOIN pg_namespace n ON n.oid = r.connamespace WHERE n.nspname = 'public'
    """,
    "trigger": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'
    """,
    "type": """
        SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = 'public' AND t.typtype IN ('e', 'd')
    """,
    "schema": "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_'",
    "extension": "SELECT extname::text FROM pg_extension",
    "parameter": "SELECT key || ' = ' || value FROM ir_config_parameter",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "xmlid": f"SELECT module || '.' || name || ' (' || model || ')' FROM {EXTERNAL_IDS}",
}
# Rows with their names, without what Odoo makes again when it is asked for.
NAMED_ROWS = {
    "ir_attachment": """
        SELECT id || ' ' || name FROM ir_attachment
        WHERE url IS NULL OR url NOT LIKE '/web/assets/%'
    """,
    "ir_model_data": f"SELECT d.id FROM {EXTERNAL_IDS}",
    # Odoo never deletes its note of a foreign key on a table that stays; the key itself is gone.
    "ir_model_constraint": """
        SELECT id || ' ' || name FROM ir_model_constraint
        WHERE type != 'f' OR name IN (SELECT conname FROM pg_constraint)
    """,
    "ir_model_access": "SELECT id || ' ' || name FROM ir_model_access",
    "ir_rule": "SELECT id || ' ' || name FROM ir_rule",
    "ir_ui_view": "SELECT id || ' ' || name FROM ir_ui_view",
}
TABLES = """
    SELECT c.relname, EXISTS (
        SELECT 1 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attname = 'id' AND t.typname IN ('int4', 'int8')
    )
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


def snapshot(database):
    """Everything a module could leave behind, as {kind: set of names}.

    Beside the catalogue these are the ids of all rows of all tables, and the number of rows of
    tables without an id. What other modules own is in it too: a module must not take it along.
    """
    with cursor(database) as cr:
        found = {}
        for kind, query in CATALOGUE.items():
            cr.execute(query)
            found[kind] = {row[0] for row in cr.fetchall()}
        cr.execute(TABLES)
        for table, has_id in cr.fetchall():
            what = sql.SQL("id" if has_id else "count(*)")
            query = sql.SQL("SELECT {} FROM {}").format(what, sql.Identifier(table))
            cr.execute(NAMED_ROWS.get(table, query))
            found[f"rows of {table}"] = {row[0] for row in cr.fetchall()}
        return found


def difference(before, after, ignored=()):
    """What two snapshots differ in, as sorted lines.

    :param ignored: kinds that Odoo itself fills while it works
    """
    lines = []
    for kind in sorted(before.keys() | after.keys()):
        if kind in ignored:
            continue
        old, new = before.get(kind, set()), after.get(kind, set())
        lines += [f"left behind: {kind}: {name}" for name in sorted(new - old, key=str)]
        lines += [f"taken along: {kind}: {name}" for name in sorted(old - new, key=str)]
    return lines
