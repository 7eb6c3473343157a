"""The rules of shelf work, in Python as on the phone: scores, gaps, what to order, shares."""

import json
import unittest
from pathlib import Path

from ..tools import shelf

SHARED = Path(__file__).parents[1] / "static" / "tests"
VECTORS = json.loads((SHARED / "shelf_vectors.json").read_text())


class TestShelfRules(unittest.TestCase):
    def test_vectors(self):
        lines, weights = VECTORS["lines"], VECTORS["weights"]
        for case in VECTORS["cases"]:
            counted = {int(key): value for key, value in case["counted"].items()}
            with self.subTest(counted=counted):
                self.assertEqual(shelf.score(lines, weights, counted), case["score"])
                found = [list(gap) for gap in shelf.gaps(lines, counted, case.get("limit"))]
                self.assertEqual(found, case["gaps"])
                order = {str(key): value for key, value in shelf.suggested(lines, counted).items()}
                self.assertEqual(order, case["suggested"])

    def test_share_vectors(self):
        for case in VECTORS["shares"]:
            others = {int(key): value for key, value in case["others"].items()}
            with self.subTest(others=others):
                found = shelf.shares([tuple(pair) for pair in case["own"]], others)
                self.assertEqual({str(k): list(v) for k, v in found.items()}, case["groups"])
                self.assertEqual(shelf.share(found.values()), case["share"])

    def test_nothing_that_weighs_is_no_score(self):
        self.assertEqual(shelf.score([], {"present": 5}, {}), 0)
        self.assertEqual(shelf.score(VECTORS["lines"], {}, {}), 0)
