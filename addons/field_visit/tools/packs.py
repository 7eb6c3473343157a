"""Ready settings of a trade, as data: ``data/packs/*.json``, each text in English and Chinese."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "packs"
#: In the order in which the records need each other.
PARTS = ("channels", "grades", "products", "forms", "sops", "types", "reasons")
PARTS += ("frequencies", "fences", "shelves", "policies", "filters")
#: What not every trade has.
RARE = ("products", "shelves")


@cache
def read_all():
    """``{code: pack}`` in alphabetical order."""
    found = (json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json")))
    return {pack["code"]: pack for pack in found}


def text(pair, lang):
    """One of the two languages of a text."""
    english, chinese = pair
    return chinese if lang and lang.startswith("zh") else english


def sentences(pack, lang):
    """``[(part, [names])]``: what a pack brings, for the preview."""
    named = ((part, [text(item["name"], lang) for item in pack.get(part, [])]) for part in PARTS)
    return [(part, names) for part, names in named if names]
