"""`./field doctor`: what is there, in which version, what is missing and how to get it."""

import os
import platform
import shutil
import sys

from .. import apt, chromium, environment, odoo_source, paths, postgres, settings
from ..console import Failure, output_of, say


def register(commands):
    parser = commands.add_parser("doctor", help="what is there, what is missing, how to get it")
    parser.set_defaults(run=run)


def run(_options, _rest):
    """Print a line for each part. Nothing is installed or changed.

    :return: 0 when everything needed is there or will be fetched, else 1
    """
    healthy = True
    for name, check in CHECKS:
        found, remedy = check()
        healthy = healthy and bool(found or not remedy.startswith("!"))
        say(f"{'✓' if found else '✗'} {name:<12} {found or remedy.lstrip('! ')}")
    return 0 if healthy else 1


def _python():
    return f"{platform.python_version()} ({sys.executable})", ""


def _odoo():
    try:
        source = odoo_source.find(fetch=False)
    except Failure as failure:
        return "", f"! {failure}"
    if source:
        return f"{source.version}, {source.kind}", ""
    return "", "not here yet: `./field demo` fetches it"


def _environment():
    if environment.PYTHON.exists():
        packages = output_of([environment.PYTHON, "-m", "pip", "list", "--format=freeze"])
        return f"{len(packages.splitlines())} packages in {_short(paths.VENV)}", ""
    return "", "not here yet: `./field demo` makes it"


def _postgresql():
    if os.environ.get("PGHOST") or settings.read_user_config().get("db_host"):
        return "a configured server", ""
    binaries = postgres.find_binaries(install=False)
    if binaries:
        return output_of([binaries / "postgres", "--version"]), ""
    if apt.is_usable():
        return "", "missing: `./field demo` installs it through apt"
    return "", "missing: `./field demo` fetches an embedded one"


def _clusters():
    found = [
        f"{cluster.kind} ({'running' if cluster.is_running() else 'stopped'})"
        for cluster in postgres.existing_clusters()
    ]
    return ", ".join(found), "none yet"


def _chromium():
    path = chromium.find()
    if path:
        return output_of([path, "--version"]) or path, ""
    return "", "missing: `./field test` installs it, or install the package chromium"


def _node():
    path = shutil.which("node")
    if path:
        return f"{output_of([path, '--version'])} (for the JavaScript lint)", ""
    return "", "missing: install Node.js 18 or newer for the JavaScript lint"


def _wkhtmltopdf():
    if shutil.which("wkhtmltopdf"):
        return output_of(["wkhtmltopdf", "--version"]), ""
    return "", "missing: Odoo's own PDF reports will not print (ours do)"


def _disk():
    free = shutil.disk_usage(paths.ROOT).free / 1e9
    return (f"{free:.0f} GB free", "") if free > 6 else ("", "! less than 6 GB free: make room")


def _short(path):
    return os.path.relpath(path, paths.ROOT)


CHECKS = (
    ("Python", _python),
    ("Odoo", _odoo),
    ("Environment", _environment),
    ("PostgreSQL", _postgresql),
    ("Clusters", _clusters),
    ("Chromium", _chromium),
    ("Node.js", _node),
    ("wkhtmltopdf", _wkhtmltopdf),
    ("Disk", _disk),
)
