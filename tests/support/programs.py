"""The lint tools as programs: found where `./field` puts them, else on the PATH."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from .repository import ROOT


def _folders():
    lint_python = os.environ.get("FIELD_LINT_PYTHON")
    yield Path(lint_python).parent if lint_python else ROOT / ".local" / "venv-lint" / "bin"
    node = os.environ.get("FIELD_NODE")
    yield (Path(node) if node else ROOT / ".local" / "node") / "node_modules" / ".bin"


def find(name):
    """The path of a tool.

    A missing tool fails the test: a lint that is skipped in silence is no lint.
    """
    search = os.pathsep.join([*map(str, _folders()), os.environ.get("PATH", "")])
    path = shutil.which(name, path=search)
    if not path:
        pytest.fail(f"{name} is missing: `./field lint` installs it", pytrace=False)
    return path


def lift_memory_limit():
    """For `preexec_fn`: a session with Odoo limits its memory, and Node needs address space."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def run(name, *arguments, env=None, cwd=ROOT):
    """Run a tool and hand back what it did; nothing is raised for its exit code."""
    return subprocess.run(
        [find(name), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lift_memory_limit,
    )


def assert_clean(done):
    """Fail with the tool's own output unless it ended with 0."""
    if done.returncode:
        said = "\n".join(part for part in (done.stdout.strip(), done.stderr.strip()) if part)
        program = Path(done.args[0]).name
        pytest.fail(f"{program} ended with {done.returncode}:\n{said}", pytrace=False)


def odoo_python():
    """A Python in which `odoo` can be imported."""
    candidates = [os.environ.get("FIELD_PYTHON"), str(ROOT / ".local" / "venv" / "bin" / "python")]
    for python in filter(None, [*candidates, shutil.which("python3")]):
        if os.path.exists(python) and odoo_folder(python):
            return python
    return pytest.fail("No Python with Odoo: `./field doctor` says what is missing", pytrace=False)


def odoo_folder(python):
    """The folder of the package `odoo`, or an empty string."""
    done = subprocess.run(
        [python, "-c", "import odoo.release; print(list(odoo.__path__)[0])"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
