"""What each module of ours must bring, by reading its files."""

import ast
import csv
import re

import pytest

from tests.support.repository import ADDONS, ROOT, dependency_order, manifest, modules, shown

KEYS = {
    *("name", "summary", "version", "category", "author", "website", "license", "depends"),
    *("external_dependencies", "data", "demo", "assets", "application", "images", "auto_install"),
    *("pre_init_hook", "post_init_hook", "uninstall_hook"),
}
NEEDED = ("name", "summary", "version", "category", "author", "website", "license", "depends")
FIXED = {
    "license": "AGPL-3",
    "author": "Field Sales",
    "category": "Sales/Field Sales",
    "website": "https://github.com/field-sales/field",
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==[\w.]+")
LONGEST = 500


def each_module():
    return pytest.mark.parametrize("module", modules())


def python_files(module, *folders):
    for folder in folders:
        yield from sorted((ADDONS / module / folder).rglob("*.py"))


@each_module()
def test_manifest_says_what_the_house_asks(module):
    found = manifest(module)
    assert not set(NEEDED) - set(found)
    assert not set(found) - KEYS, "keys that a module of ours does not have"
    assert {key: found[key] for key in FIXED} == FIXED
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", found["version"])


@each_module()
def test_manifest_names_only_files_that_are_there(module):
    found = manifest(module)
    named = [*found.get("data", []), *found.get("demo", []), *found.get("images", [])]
    missing = [name for name in named if not (ADDONS / module / name).is_file()]
    assert not missing


@each_module()
def test_module_brings_readme_icon_tests_and_translation(module):
    folder = ADDONS / module
    wanted = (
        "README.rst",
        "static/description/icon.png",
        "tests/__init__.py",
        f"i18n/{module}.pot",
        "i18n/zh_CN.po",
        "security/ir.model.access.csv",
    )
    missing = [name for name in wanted if not (folder / name).is_file()]
    if not new_models(module):
        missing = [name for name in missing if not name.startswith("security/")]
    assert not missing
    assert len((folder / "README.rst").read_text().split()) > 60, "README.rst says too little"
    assert (folder / "static/description/icon.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert list((folder / "tests").glob("test_*.py")), "there are no tests"


def test_dependencies_point_down_only():
    """A module of ours never needs one that needs it: the order exists and covers all."""
    order = dependency_order()
    for module in modules():
        for needed in manifest(module)["depends"]:
            if needed in order:
                assert order.index(needed) < order.index(module)


def new_models(module):
    """Names of the stored models that a module defines itself: {name: file}."""
    found = {}
    for path in python_files(module, "models", "wizards", "report"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and _is_stored_model(node):
                name = _value(node, "_name")
                inherited = _value(node, "_inherit")
                if name and name not in _as_list(inherited):
                    found[name] = path
    return found


def _is_stored_model(node):
    bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    return bool(bases & {"Model", "TransientModel"})


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _value(node, attribute):
    for statement in node.body:
        if (
            isinstance(statement, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == attribute for t in statement.targets)
            and isinstance(statement.value, ast.Constant | ast.List)
        ):
            return ast.literal_eval(statement.value)
    return None


@each_module()
def test_every_model_has_access_rights(module):
    path = ADDONS / module / "security" / "ir.model.access.csv"
    rows = list(csv.DictReader(path.open())) if path.exists() else []
    named = {row["model_id:id"].rpartition(".")[2] for row in rows}
    without = {
        name: shown(file)
        for name, file in new_models(module).items()
        if f"model_{name.replace('.', '_')}" not in named
    }
    assert not without
    assert all(row["group_id:id"] for row in rows), "rights for everybody, portal users included"


# What we ship for everybody to choose from: no company's and no person's data.
CATALOGUES = {
    "field.flag.rule",
    "field.policy.profile",
    "field.contact.role",
    "field.document.category",
    "field.deal.role",
    "field.api.scope",
    "field.webhook.topic",
}


@each_module()
def test_every_persistent_model_has_a_company_and_a_scope_rule(module):
    """Read with the ORM in tests of each module; here: nobody forgot to write one."""
    texts = "".join(
        path.read_text() for path in sorted((ADDONS / module / "security").glob("*.xml"))
    )
    without = [
        name
        for name, path in new_models(module).items()
        if "wizards" not in path.parts
        and name not in CATALOGUES
        and not re.search(rf'ref="(\w+\.)?model_{name.replace(".", "_")}"', texts)
    ]
    assert not without, "models without any record rule"


def test_python_needs_of_manifests_are_pinned():
    """`external_dependencies` and requirements.txt name the same packages."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = {found.group(1).lower() for line in lines if (found := PIN.match(line))}
    loose = [line for line in lines if line.strip() and line[0] not in "#-" and not PIN.match(line)]
    assert not loose, "every package is pinned"
    needed = {
        re.split(r"[<>=!~\[ ]", name)[0].lower()
        for module in modules()
        for name in manifest(module).get("external_dependencies", {}).get("python", [])
    }
    assert needed == pinned


def _lengths(patterns):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if "static/lib" not in path.as_posix():
                yield shown(path), len(path.read_text().splitlines())


def test_files_stay_short():
    code = ("addons/*/**/*.py", "addons/*/static/**/*.js", "cli/**/*.py", "tests/**/*.py")
    long = {
        name: lines
        for name, lines in _lengths(code)
        if lines > LONGEST and "/tests/" not in name and not name.startswith("tests/")
    }
    assert not long, f"files over {LONGEST} lines: split them by topic"
