"""The private Python environment: Odoo's own pins, our add-ons' needs, the test tools."""

import datetime
import importlib.util
import os
import shutil
import subprocess
import sys

from . import apt, paths, stamps
from .console import Failure, notice, output_of, run

ODOO_PINS = paths.ROOT / "requirements-odoo.txt"
OUR_NEEDS = paths.ROOT / "requirements.txt"
TEST_TOOLS = paths.ROOT / "requirements-test.txt"
LINT_TOOLS = paths.ROOT / "requirements-lint.txt"
OPTIONAL = paths.ROOT / "requirements-optional.txt"

# Optional packages that tests are run with: small, quickly there, and in the way of no other test.
TESTED = {"rapidocr-onnxruntime": "rapidocr_onnxruntime"}

PYTHON = paths.VENV / "bin" / "python"
LINT_PYTHON = paths.LINT_VENV / "bin" / "python"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def ensure(source):
    """The environment in which Odoo and our add-ons run, made or brought up to date.

    :param Source source: the Odoo it is for
    """
    files = [OUR_NEEDS, TEST_TOOLS] if source.own_packages else [ODOO_PINS, OUR_NEEDS, TEST_TOOLS]
    mark = stamps.fingerprint(sys.version, source.own_packages, *files)
    if not (stamps.is_done("environment", mark) and PYTHON.exists()):
        _make(paths.VENV, system_packages=source.own_packages)
        run([PYTHON, *PIP, *_wanted(files)], "Python: installing the requirements")
        stamps.set_done("environment", mark)
    _link(source)


def ensure_optional():
    """Optional packages that tests can use. Where they cannot be fetched those tests are skipped,
    and it is tried again another day."""
    for package, folder in TESTED.items():
        mark = stamps.fingerprint(sys.version, OPTIONAL, datetime.date.today())
        if _is_installed(folder) or stamps.is_done(package, mark):
            continue
        (wanted,) = [row for row in OPTIONAL.read_text().splitlines() if row.startswith(package)]
        pins = [part for file in (ODOO_PINS, OUR_NEEDS) for part in ("-c", file)]
        try:
            run(
                [PYTHON, *PIP, "--retries", "1", "--timeout", "20", wanted, *pins],
                f"Python: installing {package} (optional)",
            )
        except Failure:
            stamps.set_done(package, mark)
            notice(f"{package} cannot be fetched: its tests are skipped today.")


def _is_installed(folder):
    return any((paths.VENV / "lib").glob(f"python3*/site-packages/{folder}"))


def ensure_lint():
    """The environment of the lint tools, apart because their needs and Odoo's pins disagree."""
    mark = stamps.fingerprint(sys.version, LINT_TOOLS)
    if stamps.is_done("environment-lint", mark) and LINT_PYTHON.exists():
        return
    _make(paths.LINT_VENV)
    run([LINT_PYTHON, *PIP, *_wanted([LINT_TOOLS])], "Python: installing the lint tools")
    stamps.set_done("environment-lint", mark)


def ensure_node():
    """eslint and prettier, from the lock file, when Node.js is there."""
    if not shutil.which("npm"):
        if apt.is_usable():
            apt.install(["nodejs", "npm"], "Node.js (for eslint and prettier)")
        else:
            notice("Node.js is missing: the JavaScript lint will fail until it is installed.")
            return
    files = [paths.ROOT / "package.json", paths.ROOT / "package-lock.json"]
    mark = stamps.fingerprint(*files)
    if stamps.is_done("node", mark) and (paths.NODE / "node_modules").is_dir():
        return
    paths.NODE.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, paths.NODE / file.name)
    run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        "Node: installing eslint and prettier",
        cwd=paths.NODE,
    )
    stamps.set_done("node", mark)


def _wanted(files):
    return [part for file in files for part in ("-r", file)]


def _make(folder, system_packages=False):
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        apt.install([f"python{version}-venv"], "Python's venv")
    shutil.rmtree(folder, ignore_errors=True)
    options = ["--system-site-packages"] if system_packages else []
    run([sys.executable, "-m", "venv", *options, folder], f"Python: making {folder.name}")


def _link(source):
    """Make `odoo` importable in the environment through a .pth file."""
    site = next((paths.VENV / "lib").glob("python3*")) / "site-packages"
    pth = site / "odoo-source.pth"
    wanted = f"{source.python_path}\n" if source.python_path else ""
    if not wanted:
        pth.unlink(missing_ok=True)
    elif not pth.exists() or pth.read_text() != wanted:
        pth.write_text(wanted)
    if (
        output_of([PYTHON, "-c", "import odoo.release; print(odoo.release.series)"], cwd="/")
        != "19.0"
    ):
        raise Failure("Odoo cannot be imported: run `./field reset --yes` and try again.")


def variables(**more):
    """Environment variables for programs that run in the environment."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "VIRTUAL_ENV": str(paths.VENV)}
    env["PATH"] = f"{paths.VENV / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    env.pop("PYTHONHOME", None)
    return {**env, **{key: str(value) for key, value in more.items()}}


def import_works(module):
    """True when a module can be imported in the environment."""
    done = subprocess.run(
        [str(PYTHON), "-c", f"import {module}"], capture_output=True, check=False, cwd="/"
    )
    return done.returncode == 0
