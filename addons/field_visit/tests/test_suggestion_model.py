from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VisitCase

DAY = date(2026, 11, 23)
LOGGER = "odoo.addons.field_visit.models.field_suggestion_model"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSuggestionModel(VisitCase):
    """A model beside the score: off until chosen, one more line of the sum, never in the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].search([("user_id", "=", cls.rita.id)]).user_id = False
        (cls.dragon | cls.lucky).user_id = cls.rita
        cls.others = {
            cls.dragon.id: [["late", 20, "the reason"]],
            cls.lucky.id: [["loved", 12, "the other"]],
        }

    def setUp(self):
        super().setUp()
        self.Suggestion = type(self.env["field.suggestion"])
        self.patch(self.Suggestion, "_get_reasons_of_others", lambda *_args: self.others)

    def _model(self, rate):
        """A company's own model, as its add-on would write it."""
        self.env.company.field_suggestion_model = "answers"
        return patch.object(self.Suggestion, "_rate_answers", rate)

    def _suggest(self):
        found = self.env["field.suggestion"].with_user(self.rita)._suggest(self.rita, DAY)
        return {one.partner_id: one for one in found.sorted("id")}

    def _parts(self):
        return {
            partner: [part for part in one.parts if part[0] == "model"]
            for partner, one in self._suggest().items()
        }

    def _answered(self, code, followed, dismissed):
        states = ["accepted"] * followed + ["dismissed"] * dismissed
        self.env["field.suggestion"].create(
            [
                {
                    "user_id": self.ravi.id,
                    "company_id": self.env.company.id,
                    "partner_id": self.dragon.id,
                    "date": DAY - timedelta(days=30 + number + (60 if code == "late" else 0)),
                    "parts": [[code, 20, "words"]],
                    "state": state,
                    "dismiss_reason": state == "dismissed" and "later",
                }
                for number, state in enumerate(states)
            ]
        )

    def test_nobody_is_asked_until_one_is_chosen(self):
        self.assertEqual(self.env.company.field_suggestion_model, "none")
        with patch.object(self.Suggestion, "_rate_answers", side_effect=AssertionError) as rate:
            self.assertEqual(list(self._parts().values()), [[], []])
        rate.assert_not_called()

    def test_its_say_is_a_line_of_the_sum_and_moves_up(self):
        asked = []

        def rate(_self, user, day, sums):
            asked.append((user, day, sums))
            return {self.lucky.id: (15, "buys on Mondays"), 10**9: (20, "nobody")}

        with self._model(rate):
            found = self._suggest()
        self.assertEqual(list(found), [self.lucky, self.dragon])
        lucky = found[self.lucky]
        self.assertEqual(lucky.parts[-1], ["model", 15, "buys on Mondays"])
        self.assertEqual(lucky.score, sum(part[1] for part in lucky.parts))
        self.assertEqual(lucky.reason, "Never visited, the other.", "a reason is no model's")
        [(user, day, sums)] = asked
        self.assertEqual((user, day), (self.rita, DAY))
        self.assertEqual(set(sums), set((self.dragon | self.lucky).ids))

    def test_it_adds_twenty_at_most_and_takes_nothing(self):
        with self._model(lambda *_args: {self.dragon.id: (999, "a"), self.lucky.id: (-9, "b")}):
            parts = self._parts()
        self.assertEqual(parts, {self.dragon: [["model", 20, "a"]], self.lucky: []})

    def test_a_model_that_fails_is_left_out(self):
        def fails(self, *_args):
            self.env.cr.execute("SELECT nothing FROM nowhere")

        for rate in (fails, lambda *_args: {self.dragon.id: (float("nan"), "x")}):
            with self._model(rate), mute_logger(LOGGER, "odoo.sql_db"):
                self.assertEqual(list(self._parts().values()), [[], []])

    def test_what_was_followed_before(self):
        self.env.company.field_suggestion_model = "answers"
        self._answered("loved", 5, 3)
        self.assertEqual(list(self._parts().values()), [[], []], "too little to learn from")
        self._answered("late", 0, 4)
        # loved: (5 + 1) / (8 + 2) = 60 %, 4 points; late: 1 / 6 = 17 %, none
        self.others[self.dragon.id] = [["late", 20, "the reason"]]
        parts = self._parts()
        self.assertEqual(parts[self.dragon], [])
        [[code, points, words]] = parts[self.lucky]
        self.assertEqual((code, points), ("model", self._expected(self.lucky)))
        self.assertIn("%", words)

    def _expected(self, partner):
        """By hand: the mean of the shares of this customer's reasons, what nobody answered is ½."""
        shares = {"loved": 6 / 10, "late": 1 / 6}
        codes = [part[0] for part in self._suggest()[partner].parts if part[0] != "model"]
        share = sum(shares.get(code, 0.5) for code in codes) / len(codes)
        return round(20 * (2 * share - 1))
