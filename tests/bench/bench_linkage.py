"""How well records are recognised as the same, on two public sets with known answers.

    ./field bench linkage

febrl4: 5,000 people entered twice, with errors. DBLP-ACM: 2,616 and 2,294 papers in two catalogues.
The engine of the duplicate check (tools/linkage.py) with the fields of each set; weights are
estimated from the pairs without the answers. Ends with 1 when F1 or the precision above the merge
threshold is too low. Needs pyarrow, which nothing else does.
"""

import csv
import importlib
import re
import sys
import time
import types
from collections import Counter, defaultdict
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from tests.support.repository import ADDONS
from tests.support.shared_data import need

MERGE, REVIEW = 0.9, 0.6
GOALS = {"febrl4": (0.99, 0.99), "DBLP-ACM": (0.96, 0.99)}  # F1, precision above .9
MOST_IN_BLOCK = 60  # a key shared by more says nothing
WORD = re.compile(r"\w+")


def _tools():
    """The add-on's tools without Odoo."""
    package = types.ModuleType("lead_tools")
    package.__path__ = [str(ADDONS / "field_crm" / "tools")]
    sys.modules["lead_tools"] = package
    return importlib.import_module("lead_tools.linkage")


linkage = _tools()
Field, Linkage = linkage.Field, linkage.Linkage


def _text(*bounds):
    return linkage.levels_of(JaroWinkler.similarity, *bounds)


def _even(name, compare, levels):
    """Where the estimation starts: agreement is likely for true pairs, disagreement for others."""
    m = [0.8] + [0.2 / (levels - 1)] * (levels - 1)
    u = [0.1 / (levels - 1)] * (levels - 1) + [0.9]
    return Field(name, compare, m=m, u=u)


def febrl4():
    names = ("dataset4a.csv", "dataset4b.csv")
    sides = [_read_people(need("duplicates", name)) for name in names]
    fields = [
        _even("given_name", _text(0.999, 0.88), 3),
        _even("surname", _text(0.999, 0.88), 3),
        _even("date_of_birth", _text(0.999, 0.93), 3),
        _even("soc_sec_id", _text(0.999, 0.93), 3),
        _even("postcode", _text(0.999, 0.85), 3),
        _even("suburb", _text(0.999, 0.88), 3),
        _even("address_1", _text(0.999, 0.85), 3),
        _even("street_number", linkage.same, 2),
        _even("state", linkage.same, 2),
    ]
    truth = {(key, key) for key in sides[0] if key in sides[1]}
    return Linkage(fields, 0.05), sides, truth, _people_keys


def _read_people(path):
    with path.open() as lines:
        rows = csv.DictReader(lines, skipinitialspace=True)
        people = [{name.strip(): value.strip() for name, value in row.items()} for row in rows]
    return {person["rec_id"].split("-")[1]: person for person in people}


def _people_keys(person):
    one, two = person["given_name"], person["surname"]
    born, place = person["date_of_birth"], person["postcode"]
    yield "id", person["soc_sec_id"]
    yield "born", born
    yield "names", " ".join(sorted((one, two)))
    yield "name+place", one[:4] + place
    yield "surname+place", two[:4] + place
    yield "street", person["address_1"] + person["street_number"]
    yield "name+year", one[:3] + two[:3] + born[:4]
    yield "suburb", person["suburb"] + two[:2]


def dblp_acm():
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        sys.exit("This set lies in Parquet files: install pyarrow beside the bench's needs.")
    folder = need("duplicates", "gold.parquet").parent
    tables = [parquet.read_table(folder / f"table_{side}.parquet").to_pylist() for side in "ab"]
    key = "id" if "id" in tables[0][0] else "_id"
    sides = [{row[key]: _paper(row) for row in rows} for rows in tables]
    gold = parquet.read_table(folder / "gold.parquet").to_pylist()
    names = list(gold[0])
    truth = {(row[names[0]], row[names[1]]) for row in gold}
    fields = [
        _even("title", linkage.levels_of(_words_alike, 0.95, 0.85, 0.7), 4),
        _even("authors", linkage.levels_of(_words_alike, 0.9, 0.7, 0.5), 4),
        _even("year", linkage.same, 2),
        _even("venue", linkage.same, 2),
    ]
    return Linkage(fields, 0.05), sides, truth, _paper_keys


def _words_alike(left, right):
    return fuzz.token_sort_ratio(left, right) / 100


def _paper(row):
    words = " ".join(WORD.findall(str(row.get("title") or "").lower()))
    authors = " ".join(WORD.findall(str(row.get("authors") or "").lower()))
    venue = str(row.get("venue") or "").lower()
    kind = next((name for name in ("sigmod", "vldb", "record", "tods") if name in venue), venue[:9])
    if "very large" in venue:
        kind = "vldb"
    if "transactions on database" in venue:
        kind = "tods"
    if "management of data" in venue:
        kind = "sigmod"
    return {"title": words, "authors": authors, "year": str(row.get("year") or ""), "venue": kind}


def _paper_keys(paper):
    words = [word for word in paper["title"].split() if len(word) > 3]
    for left, right in pairwise(words):
        yield "words", f"{left} {right}"
    for word in sorted(words, key=len, reverse=True)[:3]:
        yield "word+year", word + paper["year"]


def candidates(sides, keys_of):
    """Pairs that share a key which is not everybody's."""
    blocks = [defaultdict(set), defaultdict(set)]
    for block, side in zip(blocks, sides, strict=True):
        for record_id, record in side.items():
            for kind, value in keys_of(record):
                if value:
                    block[kind, value].add(record_id)
    pairs = set()
    for key, left in blocks[0].items():
        right = blocks[1].get(key, ())
        if len(left) <= MOST_IN_BLOCK and len(right) <= MOST_IN_BLOCK:
            pairs.update((a, b) for a in left for b in right)
    return pairs


def measure(name, make):
    """One line of the table.

    :returns: whether the goals are reached
    """
    began = time.perf_counter()
    model, sides, truth, keys_of = make()
    pairs = candidates(sides, keys_of)
    levels = {(a, b): tuple(model.compare(sides[0][a], sides[1][b])) for a, b in pairs}
    model = model.trained(Counter(levels.values()))
    scored = [(model.score(found), a, b) for (a, b), found in levels.items()]
    matched = set(linkage.one_to_one(scored, REVIEW))
    certain = set(linkage.one_to_one(scored, MERGE))
    right = len(matched & truth)
    precision, recall = right / len(matched), right / len(truth)
    f1 = 2 * precision * recall / (precision + recall)
    sure = len(certain & truth) / len(certain)
    found = len(pairs & truth) / len(truth)
    print(
        f"{name:10} {len(pairs):>8} pairs, {found:.4f} of the true ones · F1 {f1:.4f} "
        f"(P {precision:.4f} R {recall:.4f}) · above {MERGE}: P {sure:.4f} of {len(certain)} · "
        f"{time.perf_counter() - began:.1f} s"
    )
    return f1 >= GOALS[name][0] and sure >= GOALS[name][1]


def main():
    reached = [measure("febrl4", febrl4), measure("DBLP-ACM", dblp_acm)]
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
