from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_steps import PNG

NOW = datetime(2026, 11, 23, 1, 30)


@tagged("post_install", "-at_install")
class TestShelfTime(VisitCase):
    """One shelf of a customer over 90 days, for those who may see its visits."""

    def _visit(self, days, user=None, score=None):
        """A visit that many days ago with a photo of the shelf."""
        with freeze_time(NOW - timedelta(days=days)):
            if score is not None:
                count = {"name": "Count", "kind": "stock", "key": "count", "sop_id": self.sop.id}
                self.env["field.sop.step"].create(count)
            visit = self._plan(user=user, plan_date=(NOW - timedelta(days=days)).date())
            visit._do_check_in(AT_CUSTOMER)
            self._step(visit, "shelf").add_photo(PNG)
            if score is not None:
                step = self._step(visit, "count").sudo()._with_evidence()
                step.write({"state": "done", "shelf_score": score})
            visit._do_check_out(AT_CUSTOMER)
            self.env.flush_all()
        return visit

    @freeze_time(NOW)
    def _shelves(self, user):
        self.env.invalidate_all()
        return self.dragon.with_user(user).get_field_shelf_time()["shelves"]

    def test_from_the_oldest_to_the_newest(self):
        newest, oldest, too_old = self._visit(1), self._visit(80), self._visit(91)
        [shelf] = self._shelves(self.rita)
        self.assertEqual((shelf["key"], shelf["name"]), ("shelf", "Shelf"))
        found = [photo["visit_id"] for photo in shelf["photos"]]
        self.assertEqual(found, [oldest.id, newest.id])
        self.assertNotIn(too_old.id, found)
        self.assertEqual(shelf["photos"][0]["taken_at"], "2026-09-04 01:30:00")
        self.assertEqual(shelf["photos"][0]["person"], self.rita.name)

    def test_with_the_score_of_its_visit_if_there_is_one(self):
        self._visit(5)
        self._visit(2, score=66)
        photos = self._shelves(self.rita)[0]["photos"]
        self.assertEqual([photo["score"] for photo in photos], [False, 66])

    def test_each_shelf_apart_in_the_order_of_the_steps(self):
        entrance = {"name": "Entrance", "kind": "photo", "key": "door", "sop_id": self.sop.id}
        self.env["field.sop.step"].create({**entrance, "sequence": 0})
        with freeze_time(NOW - timedelta(days=3)):
            visit = self._plan()
            visit._do_check_in(AT_CUSTOMER)
            for key in ("shelf", "door"):
                self._step(visit, key).add_photo(PNG)
            self.env.flush_all()
        self.assertEqual([one["key"] for one in self._shelves(self.rita)], ["door", "shelf"])

    def test_who_sees_what(self):
        mine, others = self._visit(4), self._visit(3, user=self.olga)
        for user, visits in (
            (self.rita, mine),
            (self.ravi, mine.browse()),
            (self.lea, mine),
            (self.otis, others),
            (self.dora, mine | others),
            (self.audra, mine | others),
        ):
            with self.subTest(user=user.name):
                photos = [photo for one in self._shelves(user) for photo in one["photos"]]
                self.assertEqual([photo["visit_id"] for photo in photos], visits.ids)
        with self.assertRaises(AccessError):
            self._shelves(self.nina)

    def test_page_of_the_customer(self):
        action = self.dragon.with_user(self.lea).action_field_shelf_time()
        self.assertEqual(action["tag"], "field_visit.shelf_time")
        self.assertEqual(action["context"]["active_id"], self.dragon.id)
