"""What lies where in this repository, for the tests that read files."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"


@functools.cache
def modules():
    """Names of the modules in `addons/`, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py")))


@functools.cache
def manifest(module):
    """The manifest of a module as it is written, without Odoo's defaults."""
    return ast.literal_eval((ADDONS / module / "__manifest__.py").read_text())


def dependency_order():
    """Our modules, each after those it depends on."""
    found = []

    def visit(module):
        for needed in manifest(module).get("depends", []):
            if needed in modules():
                visit(needed)
        if module not in found:
            found.append(module)

    for module in modules():
        visit(module)
    return found


def foreign_dependencies():
    """Modules which ours depend on and which are not ours, in alphabetical order."""
    needed = {name for module in modules() for name in manifest(module).get("depends", [])}
    return sorted(needed - set(modules()))


@functools.cache
def tracked_files():
    """Files in git, and new ones that are not ignored: what a commit would publish."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {ROOT / name for name in done.stdout.split("\0") if name}
    return tuple(sorted(path for path in found if path.is_file()))


def is_vendored(path):
    """True for other people's code, which lies in static/lib."""
    return "static/lib/" in path.relative_to(ROOT).as_posix()


def our_files(*suffixes, below=ROOT):
    """Files of ours with one of the suffixes, other people's code left out."""
    return [
        path
        for path in tracked_files()
        if path.suffix in suffixes and path.is_relative_to(below) and not is_vendored(path)
    ]


def shown(path):
    """A path as a message shows it."""
    return Path(path).relative_to(ROOT).as_posix()


def browser_test_classes(module):
    """Names of a module's test classes that open a browser, those that inherit it included."""
    bases, found = {}, set()
    for path in sorted((ADDONS / module / "tests").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
                calls = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                if calls & {"browser_js", "start_tour"}:
                    found.add(node.name)
    while grown := {name for name, parents in bases.items() if parents & found} - found:
        found |= grown
    return sorted(found)
