"""The leader's desk: the day of the team, the queue, ratings."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, FAR, VisitCase
from .test_steps import PNG

START = datetime(2026, 11, 23, 1, 30)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestReview(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(truth_hours=0)

    def _visit(self, where=AT_CUSTOMER, minutes=20, **vals):
        visit = self._plan(**vals)
        visit._do_check_in(where, at=START, reason="The gate moved")
        visit._do_check_out(where, at=START + timedelta(minutes=minutes))
        return visit

    def _queue(self, user=None):
        Visit = self.env["field.visit"].with_user(user or self.lea)
        return Visit.get_review_queue()

    def test_queue_holds_what_leaves_a_question(self):
        self._visit()
        doubtful = self._visit(where=FAR)
        queue = self._queue()
        self.assertEqual([item["id"] for item in queue["items"]], doubtful.ids)
        self.assertEqual(queue["count"], 1)
        (item,) = queue["items"]
        self.assertEqual(item["person"], "Rita")
        self.assertEqual(item["reasons"], ["Not verifiable"])
        self.assertIn(["Said at the check-in", "The gate moved"], item["facts"])

    def test_person_explains_before_the_leader_is_told(self):
        self._policy(truth_hours=2)
        visit = self._visit(where=FAR)

        def counts():
            tiles = self._day()["tiles"]
            tile = next(tile["count"] for tile in tiles if tile["key"] == "review")
            return self._queue()["count"], tile

        self.assertEqual(counts(), (0, 0))
        with freeze_time("2026-11-23 05:00:00"):
            self.assertEqual(counts(), (1, 1), "the time to explain is over")
        visit.action_explain("The gate is on the other side")
        self.assertEqual(counts(), (1, 1), "he has explained it")
        self.assertIn(
            ["Explanation", "The gate is on the other side"], self._queue()["items"][0]["facts"]
        )

    def test_decided_visits_leave_the_queue(self):
        visit = self._visit(where=FAR)
        visit.with_user(self.lea).action_review("accepted", "I know the place")
        self.assertEqual((visit.review_state, visit.reviewed_by_id), ("accepted", self.lea))
        self.assertEqual(visit.review_note, "I know the place")
        self.assertEqual(self._queue()["count"], 0)
        with self.assertRaises(UserError):
            visit.with_user(self.lea).action_review("maybe")

    def test_queue_and_decisions_stay_in_the_team(self):
        visit = self._visit(where=FAR)
        self.assertEqual(self._queue(self.otis)["count"], 0)
        for person in (self.otis, self.rita, self.ravi, self.audra):
            with self.assertRaises(AccessError):
                visit.with_user(person).action_review("accepted")
        with self.assertRaises(UserError):
            visit.with_user(self.lea).review_state = "accepted"

    def test_nobody_reviews_himself(self):
        visit = self._visit(where=FAR, user=self.lea)
        self.assertEqual(self._queue()["count"], 0)
        with self.assertRaises(AccessError):
            visit.with_user(self.lea).action_review("accepted")

    def test_photos_are_rated_by_the_leader(self):
        visit = self._plan()
        visit._do_check_in(AT_CUSTOMER, at=START)
        step = self._step(visit, "shelf")
        step.add_photo(PNG)
        photo = step.photo_ids
        photo.with_user(self.lea).action_rate("4")
        self.assertEqual((photo.rating, photo.rated_by_id), ("4", self.lea))
        for person in (self.rita, self.otis, self.audra):
            with self.assertRaises(AccessError):
                photo.with_user(person).action_rate("1")
        with self.assertRaises(UserError):
            photo.with_user(self.lea).action_rate("9")

    # ---------------------------------------------------------------- the day

    def _day(self, user=None):
        return self.env["field.visit"].with_user(user or self.lea).get_team_day("2026-11-23")

    def test_day_counts_open_their_records(self):
        self._visit()
        self._visit(where=FAR, user=self.ravi)
        running = self._plan(partner=self.lucky)
        running._do_check_in(FAR, at=START + timedelta(hours=1), reason="near")
        ahead = self._plan(partner=self.nowhere, plan_time=14)
        self._plan(partner=self.nowhere, user=self.ravi, plan_time=9)
        day = self._day()
        tiles = {tile["key"]: tile for tile in day["tiles"]}
        counts = {key: tile["count"] for key, tile in tiles.items()}
        self.assertEqual(
            counts, {"all": 5, "done": 2, "running": 1, "late": 1, "missed": 0, "review": 1}
        )
        Visit = self.env["field.visit"].with_user(self.lea)
        for tile in day["tiles"]:
            self.assertEqual(Visit.search_count(tile["domain"]), tile["count"], tile["key"])
        rita = next(one for one in day["people"] if one["id"] == self.rita.id)
        self.assertEqual((rita["planned"], rita["done"]), (3, 1))
        self.assertEqual(rita["running"], {"id": running.id, "name": "Lucky 88", "time": "10:30"})
        self.assertEqual(rita["next"], {"id": ahead.id, "name": "No Pin Store", "time": "14:00"})
        self.assertEqual(rita["last"]["time"], "09:50")
        self.assertEqual(Visit.search_count(rita["domain"]), 3)

    def test_day_shows_the_own_team_only(self):
        self._plan(user=self.olga)
        self._plan()
        self.assertEqual([one["name"] for one in self._day()["people"]], ["Rita"])
        self.assertEqual([one["name"] for one in self._day(self.otis)["people"]], ["Olga"])
        self.assertFalse(self._day(self.rita)["people"])
