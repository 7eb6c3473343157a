"""Our databases: created with a UTF-8 character type, cloned from templates, dropped again.

Ours are told by their names (see OURS), and nothing else is ever dropped.
"""

import ast
import os
import re
import shutil
import subprocess

from . import environment, odoo_log, paths, stamps
from .console import Failure, run

PREFIX = "field_"
DEMO = "field_demo"
# With LC_CTYPE=C, pg_trgm sees no Chinese characters.
CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8")

# Counted up when a database is created in another way: templates of before are made anew.
LAYOUT = "2"

# Apps that none of ours depends on, and that ours work with where they are installed. The tests of
# that need them; a module alone is tested without them (tests/lifecycle).
OPTIONAL_APPS = ("hr_attendance", "base_import")

OURS = re.compile(rf"{PREFIX}(demo|building|(tmpl|bare|draft|test|core|bench)_[\w-]+)")


def is_ours(name):
    """True for the names that `./field` gives; everybody else's databases are left alone."""
    return bool(OURS.fullmatch(name))


class Databases:
    """The databases of one server, for one Odoo."""

    def __init__(self, server, source, config):
        self.server = server
        self.source = source
        self.config = config
        self.env = environment.variables(**server.variables)

    def sql(self, query, database="postgres"):
        """Run one statement and return its rows as text, one line a row."""
        done = subprocess.run(
            [self.server.tool("psql"), "-X", "-q", "-At", "-d", database, "-c", query],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def names(self):
        """Our databases on this server. A name alone tells them: it is never a plain word."""
        return [name for name in self.sql("SELECT datname FROM pg_database") if is_ours(name)]

    def exists(self, name):
        return name in self.sql("SELECT datname FROM pg_database")

    def create(self, name, template="template0"):
        """Create a database from a template, its filestore included."""
        self.drop(name)
        if template == "template0":
            self._create_empty(name)
        else:
            self._disconnect(template)
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            _copy_filestore(template, name)

    def _create_empty(self, name):
        known = self.sql("SELECT collname FROM pg_collation")
        ctype = next((c for c in CTYPES if c in known), CTYPES[0])
        self.sql(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' "
            f"LC_COLLATE 'C' LC_CTYPE '{ctype}'"
        )
        # As Odoo does for every database it makes; its own indexes use it.
        self.sql("CREATE EXTENSION IF NOT EXISTS pg_trgm", name)

    def drop(self, name):
        """Drop a database of ours and its filestore; nothing happens when it is not there."""
        if not is_ours(name):
            raise Failure(f"{name} is not one of our databases: it stays.")
        self._disconnect(name)
        self.sql(f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(_filestore(name), ignore_errors=True)

    def rename(self, old, new):
        self._disconnect(old)
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
        shutil.rmtree(_filestore(new), ignore_errors=True)
        if _filestore(old).exists():
            _filestore(old).rename(_filestore(new))

    def _disconnect(self, name):
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )

    def odoo(self, title, database, *arguments, strict=False):
        """Run Odoo's command line on a database, to the end.

        :param bool strict: a warning of our modules in the log is a failure
        """
        log = run(
            [environment.PYTHON, "-m", "odoo", "-c", self.config, "-d", database, *arguments],
            title,
            env=self.env,
            cwd=paths.ROOT,
        )
        if strict:
            odoo_log.check(log)

    def ensure_template(self):
        """A database with everything installed that our modules depend on or can work with.

        :return: its name
        """
        return self._ensure("tmpl", [*dependencies(), *OPTIONAL_APPS])

    def ensure_bare(self):
        """A database with Odoo's base module only.

        :return: its name
        """
        return self._ensure("bare", ["base"])

    def _ensure(self, kind, modules):
        mark = stamps.fingerprint(
            self.source.kind, self.source.version, environment.ODOO_PINS, LAYOUT, *modules
        )
        name = f"{PREFIX}{kind}_{mark[:8]}"
        if self.exists(name):
            return name
        for old in self.names():
            if old.startswith(f"{PREFIX}{kind}_"):
                self.drop(old)
        draft = f"{PREFIX}draft_{kind}"
        self.create(draft)
        self.odoo(
            f"Odoo: installing {'base' if kind == 'bare' else 'the apps we build on'}, once",
            draft,
            *("-i", ",".join(modules), "--skip-auto-install", "--stop-after-init", "--no-http"),
        )
        self.rename(draft, name)
        return name


def dependencies():
    """The modules that ours depend on and that are not ours, in alphabetical order."""
    ours = set(paths.our_modules())
    wanted = set()
    for module in ours:
        manifest = ast.literal_eval((paths.ADDONS / module / "__manifest__.py").read_text())
        wanted.update(manifest.get("depends", ["base"]))
    return sorted(wanted - ours)


def _filestore(name):
    return paths.DATA_DIR / "filestore" / name


def _copy_filestore(source, target):
    """Copy by hard links: Odoo never writes into a stored file."""
    shutil.rmtree(_filestore(target), ignore_errors=True)
    if _filestore(source).exists():
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)
