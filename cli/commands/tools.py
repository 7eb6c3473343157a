"""`./field odoo`, `python`, `shell` and `psql`: the programs themselves, rightly configured."""

import subprocess

from .. import context, databases, environment
from ..console import Failure


def register(commands):
    for name, run, text in (
        ("odoo", run_odoo, "Odoo's own command line"),
        ("python", run_python, "Python with Odoo importable"),
        ("shell", run_shell, "Odoo's shell on a database"),
        ("psql", run_psql, "psql on a database"),
    ):
        parser = commands.add_parser(
            name, help=text, add_help=name in ("shell", "psql"), allow_abbrev=False
        )
        parser.add_argument("--db", default=databases.DEMO, help="database (default %(default)s)")
        parser.set_defaults(run=run)


def run_odoo(options, rest):
    return _call(options, [environment.PYTHON, "-m", "odoo", *rest])


def run_python(options, rest):
    return _call(options, [environment.PYTHON, *rest])


def run_shell(options, _rest):
    return _call(options, [environment.PYTHON, "-m", "odoo", "shell", "--no-http"], needs=True)


def run_psql(options, _rest):
    return _call(options, ["psql"], needs=True)


def _call(options, command, needs=False):
    """Run a program in the foreground with its own keyboard, and return its exit code."""
    kind = "demo" if options.db == databases.DEMO else _kind_of(options.db)
    with context.prepared(kind) as ready:
        there = ready.databases.exists(options.db)
        if needs and not there:
            raise Failure(f"There is no database {options.db}: `./field demo --once` makes one.")
        if command[0] == "psql":
            command = [ready.server.tool("psql")]
        env = ready.variables(database=options.db)
        return subprocess.run([str(part) for part in command], env=env, check=False).returncode


def _kind_of(database):
    """Databases of test runs lie in the test cluster, all others in the demo's."""
    testing = ("tmpl", "bare", "test", "draft", "core", "bench")
    prefix = databases.PREFIX
    return "test" if database.startswith(tuple(prefix + word for word in testing)) else "demo"
