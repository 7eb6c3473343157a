"""One queue for all a leader decides: doubtful visits, pins, what stands out, photos to rate."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AT_CUSTOMER, FAR, VisitCase
from .test_steps import PNG

START = datetime(2026, 11, 23, 1, 30)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestQueue(VisitCase):
    def _queue(self, user=None):
        return self.env["field.visit"].with_user(user or self.lea).get_review_queue()

    def _items(self, kind, user=None):
        return [item for item in self._queue(user)["items"] if item["kind"] == kind]

    def _visit(self, where=AT_CUSTOMER, photos=0, user=None, waiting=False):
        visit = self._plan(user=user)
        visit._do_check_in(where, at=START, reason="The gate moved")
        for _number in range(photos):
            self._step(visit, "shelf").add_photo(PNG)
        visit._do_check_out(where, at=START + timedelta(minutes=20))
        if not waiting:
            self._let_time_to_explain_pass(visit)
        return visit

    def _pin(self):
        position = {"lat": FAR["lat"], "lng": FAR["lng"], "accuracy": 12.0}
        return self.env["field.pin.proposal"]._report(self.dragon, self.ravi, position)

    def _habit(self, **vals):
        visit = self._visit()
        return self.env["field.visit.habit"].create(
            {
                "user_id": self.rita.id,
                "kind": "copied",
                "visit_ids": [(6, 0, visit.ids)],
                "visit_count": 5,
                "date_from": "2026-11-20",
                "date_to": "2026-11-23",
                "sample": "All is well",
                "explanation": "They all said so",
                "is_shown": True,
                **vals,
            }
        )

    def test_every_kind_with_its_count(self):
        self._visit(where=FAR)
        self._visit(photos=2)
        self._pin()
        self._habit()
        queue = self._queue()
        self.assertEqual(queue["counts"], {"visit": 1, "pin": 1, "habit": 1, "photo": 2})
        kinds = [item["kind"] for item in queue["items"]]
        self.assertEqual(kinds, ["visit", "pin", "habit", "photo"])
        for item in queue["items"]:
            self.assertLessEqual({"title", "person", "date", "facts", "ids", "photos"}, item.keys())

    def test_pin_is_decided_from_the_queue(self):
        proposal = self._pin()
        (item,) = self._items("pin")
        self.assertEqual((item["model"], item["ids"]), ("field.pin.proposal", proposal.ids))
        self.assertEqual((item["title"], item["person"]), ("Golden Dragon", "Ravi"))
        self.assertEqual(item["reasons"], ["Reported on the spot"])
        self.assertAlmostEqual(item["pin"]["lat"], FAR["lat"], 5)
        proposal.with_user(self.lea).action_accept()
        self.assertEqual(self._items("pin"), [])

    def test_what_stands_out_waits_until_it_is_shown_and_talked_about(self):
        habit = self._habit(is_shown=False)
        self.assertEqual(self._items("habit"), [])
        habit.is_shown = True
        (item,) = self._items("habit")
        self.assertEqual(item["title"], "Rita")
        self.assertIn(["Explanation", "They all said so"], item["facts"])
        self.assertEqual(self._items("habit", self.otis), [])
        habit.with_user(self.lea).action_close("fine")
        self.assertEqual(self._items("habit"), [])

    def test_photos_of_a_visit_until_each_is_rated_or_seen(self):
        visit = self._visit(photos=2)
        first, second = visit.step_ids.photo_ids
        (item,) = self._items("photo")
        self.assertEqual((item["id"], item["ids"]), (visit.id, (first | second).ids))
        self.assertEqual([one["id"] for one in item["photos"]], (first | second).ids)
        first.with_user(self.lea).action_rate("3")
        (item,) = self._items("photo")
        self.assertEqual(item["ids"], second.ids)
        second.with_user(self.lea).action_seen()
        self.assertEqual(self._queue()["counts"]["photo"], 0)
        self.assertFalse(second.rating)

    def test_photos_of_a_doubtful_visit_stand_with_it(self):
        visit = self._visit(where=FAR, photos=1)
        queue = self._queue()
        self.assertEqual(queue["counts"]["photo"], 0)
        (item,) = queue["items"]
        self.assertEqual((item["kind"], item["id"], len(item["photos"])), ("visit", visit.id, 1))

    def test_nothing_of_a_visit_that_may_still_be_explained(self):
        visit = self._visit(where=FAR, photos=1, waiting=True)
        self.assertEqual(self._queue()["items"], [])
        visit.with_user(self.rita).action_explain("The gate moved")
        self.assertEqual([item["kind"] for item in self._queue()["items"]], ["visit"])

    def test_old_photos_do_not_pile_up(self):
        visit = self._visit(photos=1)
        visit.step_ids.photo_ids.sudo().taken_at = "2026-11-10 01:00:00"
        self.assertEqual(self._items("photo"), [])

    def test_only_the_leader_of_the_team_says_seen(self):
        photo = self._visit(photos=1).step_ids.photo_ids
        self.assertEqual(self._items("photo", self.otis), [])
        for person in (self.rita, self.ravi, self.otis, self.audra):
            with self.assertRaises(AccessError):
                photo.with_user(person).action_seen()
        own = self._visit(photos=1, user=self.lea).step_ids.photo_ids
        with self.assertRaises(AccessError):
            own.with_user(self.lea).action_seen()
