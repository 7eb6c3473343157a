import unittest
from datetime import datetime, timedelta

from ..tools import habits
from ..tools.habits import Seen

START = datetime(2026, 11, 20, 1)


def seen(number, *notes, answered=(), outcome=False):
    moments = tuple(START + timedelta(seconds=second) for second in answered)
    at = START + timedelta(hours=number)
    return Seen(number, at, notes=notes, answered=moments, outcome=outcome)


class TestHabits(unittest.TestCase):
    def _ids(self, found):
        return [habit.ids for habit in found]

    def test_copied_notes_whatever_their_dots_and_dates(self):
        visits = [
            seen(3, "Owner is content, all well! 22.11."),
            seen(1, "Owner is content, all well. 20.11."),
            seen(2, "Wants the new tea"),
            seen(4, "owner is content all well", "owner is content all well"),
        ]
        (habit,) = habits.copied(visits, 3)
        self.assertEqual(habit.ids, (1, 3, 4), "each visit once, in their order")
        self.assertEqual(habit.sample, "Owner is content, all well. 20.11.")
        self.assertEqual(habits.copied(visits, 4), [])
        self.assertEqual(habits.copied(visits, 0), [], "0 looks for none")

    def test_copied_chinese_notes(self):
        visits = [seen(n, "客户满意，一切正常。") for n in range(3)]
        self.assertEqual(self._ids(habits.copied(visits, 3)), [(0, 1, 2)])

    def test_short_words_and_numbers_are_nobodys_copy(self):
        for note in ("ok", "OK!", "正常", "123456", "", "   "):
            visits = [seen(n, note) for n in range(9)]
            self.assertEqual(habits.copied(visits, 3), [], note)

    def test_answers_in_the_same_second(self):
        quick = seen(1, answered=(0, 0, 1, 30))
        slow = seen(2, answered=(0, 20, 45, 46))
        row = seen(3, answered=(0, 1, 2, 3, 4))
        self.assertEqual(self._ids(habits.at_once([slow, quick, row], 3)), [(1,)])
        self.assertEqual(habits.at_once([slow, row], 3), [], "one after the other, if quickly")
        self.assertEqual(habits.at_once([quick], 0), [])
        self.assertEqual(habits.at_once([seen(4)], 1), [])

    def test_runs_without_an_outcome_end_with_one(self):
        visits = [seen(n, outcome=n in (0, 4)) for n in range(8)]
        self.assertEqual(self._ids(habits.fruitless(visits, 3)), [(1, 2, 3), (5, 6, 7)])
        self.assertEqual(habits.fruitless(visits, 4), [])
        self.assertEqual(habits.fruitless(visits, 0), [])
        self.assertEqual(self._ids(habits.fruitless(visits[::-1], 3)), [(1, 2, 3), (5, 6, 7)])

    def test_new_words_are_those_of_no_earlier_note(self):
        visits = [
            seen(1, "Shelf is full"),
            seen(2, "The shelf is full"),
            seen(3, "shelf full"),
            seen(4, "Asks for green tea"),
            seen(5),
        ]
        self.assertEqual(habits.newly_said(visits), [1, 4])
        self.assertEqual(habits.newly_said(visits[::-1]), [1, 4], "by time, not by place")
        chinese = [seen(1, "货架已满"), seen(2, "货架已满。"), seen(3, "老板要新品")]
        self.assertEqual(habits.newly_said(chinese), [1, 3])

    def test_words_of_both_scripts(self):
        self.assertEqual(habits.words("Tea茶叶好, a 42"), {"tea", "茶叶", "叶好"})
        self.assertEqual(habits.words("茶"), {"茶"})
        self.assertEqual(habits.words(None), set())
