"""docs/openapi.yaml names the routes of the server, no more and no fewer."""

import ast
import re
import unittest

import yaml

from tests.support.repository import ADDONS, ROOT

SPEC = ROOT / "docs" / "openapi.yaml"
PREFIX = "/field/api/v1/"
NAMED = ("name", "fields")


def routes():
    """``{path: {methods}}`` of the API's controllers, read from their source."""
    found = {}
    for path in sorted(ADDONS.glob("*/controllers/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "route":
                address = ast.literal_eval(node.args[0])
                given = {k.arg: k.value for k in node.keywords if k.arg}
                if isinstance(address, str) and address.startswith(PREFIX):
                    methods = ast.literal_eval(given["api_methods"])
                    found[re.sub(r"<\w+:(\w+)>", r"{\1}", address)] = set(methods)
    return found


def resources():
    """``{name: [field]}`` of what other systems can read, from the models' source."""
    found = {}
    for path in sorted(ADDONS.glob("*/models/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Resource":
                given = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg in NAMED}
                found[given["name"]] = list(given["fields"])
    return found


class TestOpenApi(unittest.TestCase):
    def test_paths_and_methods_are_those_of_the_server(self):
        spec = yaml.safe_load(SPEC.read_text())
        self.assertTrue(spec["openapi"].startswith("3.1"))
        written = {
            path: {name.upper() for name in item if name != "parameters"}
            for path, item in spec["paths"].items()
        }
        self.assertEqual(written, routes())

    def test_rows_of_other_systems_are_those_of_the_models(self):
        schemas = yaml.safe_load(SPEC.read_text())["components"]["schemas"]
        written = {
            name.removeprefix("Row_"): schema["required"]
            for name, schema in schemas.items()
            if name.startswith("Row_")
        }
        self.assertEqual(written, resources())
        page = (ROOT / "docs" / "open-api.md").read_text()
        for name, names in resources().items():
            self.assertIn(f"| `{name}` | {', '.join(names)} |", page)

    def test_every_reference_leads_somewhere(self):
        spec = yaml.safe_load(SPEC.read_text())
        for reference in _references(spec):
            node = spec
            for part in reference.removeprefix("#/").split("/"):
                self.assertIn(part, node, reference)
                node = node[part]


def _references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
