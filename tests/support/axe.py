"""Accessibility of a screen, judged by axe-core (Deque, MPL-2.0; from npm, for tests only)."""

import json
import os
from pathlib import Path

import pytest

from .repository import ROOT

# What keeps somebody out; the milder ones are advice.
SERIOUS = ("serious", "critical")


def _source():
    node = os.environ.get("FIELD_NODE")
    folder = Path(node) if node else ROOT / ".local" / "node"
    path = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.fail("axe-core is missing: `./field test` installs it", pytrace=False)
    return path.read_text(encoding="utf-8")


def violations(page, inside):
    """What axe finds below some elements: ``["rule: selector, selector", …]``.

    :param page: tests.support.browser.Page
    :param inside: CSS selectors of our own parts of the screen; Odoo's frame is Odoo's
    """
    if not page.js("!!window.axe"):
        page.js(f"{_source()}; true")
    found = page.js(
        "axe.run({include: "
        + json.dumps([[selector] for selector in inside])
        + "}, {resultTypes: ['violations']}).then(({violations}) => violations.map("
        "({id, impact, nodes}) => [id, impact, nodes.map(({target}) => target.join(' '))]))"
    )
    return [
        f"{rule}: {', '.join(targets[:5])}" for rule, impact, targets in found if impact in SERIOUS
    ]
