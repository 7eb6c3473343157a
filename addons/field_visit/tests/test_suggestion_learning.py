from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import scores
from .common import VisitCase

DAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSuggestionLearning(VisitCase):
    """Who says "the reason is wrong" again and again hears it with less weight, and is told so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].search([("user_id", "=", cls.rita.id)]).user_id = False
        cls.dragon.user_id = cls.rita
        cls.others = {cls.dragon.id: [["late", 20, "the reason"]]}

    def setUp(self):
        super().setUp()
        Suggestion = self.env["field.suggestion"]
        self.patch(type(Suggestion), "_get_reasons_of_others", lambda *_args: self.others)

    def _answered(self, times, partner=None, user=None, reason="wrong", days=20, **values):
        return self.env["field.suggestion"].create(
            [
                {
                    "user_id": (user or self.rita).id,
                    "company_id": self.env.company.id,
                    "partner_id": (partner or self.lucky).id,
                    "date": DAY - timedelta(days=days + number),
                    "parts": [["late", 20, "the reason"], ["near", 2, "near"], ["quote", 1, "q"]],
                    "state": "dismissed",
                    "dismiss_reason": reason,
                    **values,
                }
                for number in range(times)
            ]
        )

    def _late(self, user=None):
        user = user or self.rita
        Suggestion = self.env["field.suggestion"].with_user(user)
        found = Suggestion._suggest(user, DAY)
        [part] = [part for part in found.parts if part[0] == "late"]
        return part[1:3]

    def test_twice_is_chance_then_each_time_takes_a_tenth(self):
        self._answered(2)
        self.assertEqual(self._late(), [20, "the reason"])
        self._answered(1, days=50)
        self.assertEqual(self._late(), [18, "the reason (counts 90 %: turned down 3 times)"])

    def test_never_less_than_half(self):
        self._answered(40)
        self.assertEqual(self._late()[0], 10)
        self.assertEqual(
            [scores.learned_percent(n, 2) for n in (-3, 2, 3, 7, 99)][2:], [90, 50, 50]
        )

    def test_a_customer_teaches_earlier_and_whoever_goes(self):
        self._answered(2, partner=self.dragon, user=self.ravi)
        points, words = self._late()
        self.assertEqual(points, 18)
        self.assertIn("turned down 2 times at this customer", words)

    def test_only_what_is_about_the_reason_teaches(self):
        for reason in ("later", "not_mine"):
            self._answered(5, reason=reason, days={"later": 20, "not_mine": 40}[reason])
        self.assertEqual(self._late()[0], 20)
        self._answered(5, reason="phone", days=60)
        self.assertEqual(self._late()[0], 14)

    def test_other_people_old_answers_and_small_parts_teach_nothing(self):
        self._answered(9, user=self.ravi)
        self._answered(9, days=181)
        self._answered(9, days=40, parts=[["cadence", 9, "a"], ["near", 8, "b"], ["late", 1, "c"]])
        self.assertEqual(self._late()[0], 20)

    def test_going_there_takes_one_back(self):
        self._answered(4)
        self._answered(1, days=50, state="accepted", dismiss_reason=False)
        self.assertEqual(self._late()[0], 18)

    def test_the_person_starts_anew_and_the_answers_stay(self):
        made = self._answered(5)
        other = self._answered(5, days=40, parts=[["overdue", 9, "a"]])
        his = self._answered(5, user=self.ravi)
        found = self.env["field.suggestion"].with_user(self.rita)._suggest(self.rita, DAY)
        self.assertTrue(found.is_weighed)
        with self.assertRaises(AccessError):
            found.with_user(self.ravi).action_count_in_full()
        found.with_user(self.rita).action_count_in_full()
        self.assertEqual(self._late()[0], 20)
        self.assertEqual(set(made.mapped("state")), {"dismissed"})
        self.assertEqual(set((his | other).mapped("teaches")), {True}, "other lessons stay")

    def test_single_answers_are_taken_out_by_who_may(self):
        made = self._answered(5)
        for user in (self.ravi, self.audra, self.otis):
            with self.assertRaises(AccessError):
                made.with_user(user).action_forget()
        made[:2].with_user(self.lea).action_forget()
        self.assertEqual(self._late()[0], 18)

    def test_the_value_comes_with_its_sum(self):
        Suggestion = self.env["field.suggestion"]
        self.patch(
            type(Suggestion),
            "_get_values_of_others",
            lambda *_args: {self.dragon.id: (1200.0, "3,000 × 40 %")},
        )
        found = Suggestion.with_user(self.rita)._suggest(self.rita, DAY)
        self.assertEqual((found.expected_value, found.value_text), (1200, "3,000 × 40 %"))
