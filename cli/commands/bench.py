"""`./field bench`: measurements, printed as ratios within one run."""

import subprocess

from .. import context, environment, paths
from ..console import Failure, say

FOLDER = paths.ROOT / "tests" / "bench"


def register(commands):
    parser = commands.add_parser("bench", allow_abbrev=False, help="measurements, as ratios")
    parser.add_argument("name", nargs="?", help="one of: " + ", ".join(_names()))
    parser.set_defaults(run=run)


def _names():
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def run(options, rest):
    names = [options.name] if options.name else _names()
    unknown = set(names) - set(_names())
    if unknown:
        raise Failure(f"There is no bench {unknown.pop()}: choose one of {', '.join(_names())}.")
    with context.prepared("test", max_cron_threads=0) as ready:
        env = ready.variables(
            FIELD_TEMPLATE_DB=ready.databases.ensure_template(),
            FIELD_ODOO_CONF=ready.config,
            FIELD_PYTHON=environment.PYTHON,
        )
        return max(_run_one(name, rest, env) for name in names)


def _run_one(name, rest, env):
    say(f"── {name}")
    command = [environment.PYTHON, "-m", f"tests.bench.bench_{name}", *rest]
    return subprocess.run(
        [str(part) for part in command], env=env, cwd=paths.ROOT, check=False
    ).returncode
