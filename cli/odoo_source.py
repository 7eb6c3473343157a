"""Where Odoo 19.0 comes from: one that is there already, the Debian package, or upstream."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import debian_odoo, paths, stamps
from .console import Failure, output_of, run

SERIES = "19.0"
UPSTREAM = "https://github.com/odoo/odoo"
CLONE = paths.LOCAL / "odoo"


@dataclass
class Source:
    """An Odoo to work with.

    `python_path` is a folder to put on Python's path, or None when Odoo is importable as it is;
    `own_packages` says that the interpreter already has Odoo's requirements.
    """

    kind: str
    python_path: Path | None
    addons: tuple
    own_packages: bool = False

    @property
    def version(self):
        if self.kind == "debian":
            return stamps.read(debian_odoo.STAMP).get("version", SERIES)
        return SERIES


def find(fetch=True):
    """The Odoo to use, in this order: configured, importable, Debian's package, upstream.

    :param bool fetch: download one when none is there
    :raises Failure: what is configured is not Odoo 19.0, or nothing could be fetched
    """
    configured = os.environ.get("ODOO_HOME")
    if configured:
        return _from_home(Path(configured).resolve())
    source = _importable()
    if source:
        return source
    if debian_odoo.is_there() or (fetch and not _clone_is_there() and debian_odoo.fetch()):
        return Source("debian", debian_odoo.PACKAGES, (debian_odoo.PACKAGES / "odoo/addons",))
    if not _clone_is_there():
        if not fetch:
            return None
        _clone()
    return _from_home(CLONE, kind="upstream")


def _from_home(home, kind="configured"):
    """An Odoo folder: a source checkout, or a folder of Python packages with `odoo` in it."""
    if not (home / "odoo" / "release.py").exists():
        raise Failure(f"ODOO_HOME is {home}, and there is no odoo/release.py: correct it.")
    addons = [home / "odoo" / "addons"]
    if (home / "addons" / "web").is_dir():
        addons.append(home / "addons")
    series = output_of(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('odoo/release.py')['series'])"],
        cwd=home,
    )
    if series != SERIES:
        raise Failure(f"The Odoo in {home} is {series or 'unreadable'}, and {SERIES} is needed.")
    return Source(kind, home, tuple(addons))


def _importable():
    """The Odoo that this interpreter can import, as in a company's own environment."""
    code = "import odoo.release, odoo.addons.web as w; print(odoo.release.series, w.__path__[0])"
    answer = output_of([sys.executable, "-c", code], cwd="/").split()
    if not answer or answer[0] != SERIES:
        return None
    return Source("importable", None, (Path(answer[1]).parent,), own_packages=True)


def _clone_is_there():
    return (CLONE / "odoo" / "release.py").exists()


def _clone():
    if not shutil.which("git"):
        raise Failure(
            "Odoo 19.0 was found nowhere: install git, or set ODOO_HOME to an Odoo 19.0 folder."
        )
    draft = paths.LOCAL / "odoo.draft"
    shutil.rmtree(draft, ignore_errors=True)
    command = ["git", "clone", "--depth", "1", "--branch", SERIES, UPSTREAM, draft]
    try:
        run(command, "Odoo: cloning upstream")
    except Failure as error:
        raise Failure(
            "Odoo 19.0 could not be fetched from a Debian mirror or from upstream: set ODOO_HOME "
            "to an Odoo 19.0 folder and try again."
        ) from error
    draft.rename(CLONE)


def revision():
    """The commit of an upstream clone, for the fingerprint of what is built on it."""
    return subprocess.run(
        ["git", "-C", str(CLONE), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
