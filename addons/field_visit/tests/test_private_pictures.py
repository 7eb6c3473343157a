"""Pictures of the person himself and signatures are no pictures of the place; who is handed a small
picture of a colleague's has looked at it."""

import base64

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import AT_CUSTOMER, VisitCase
from .test_witness import scene

PRIVATE = ("selfie", "face", "signature")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPrivatePictures(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dragon.user_id = cls.ravi
        cls._policy(photo_watermark=True)
        visit = cls._plan()
        visit.action_check_in(AT_CUSTOMER)
        cls.photos = cls.env["field.visit.photo"]
        for number, kind in enumerate(("photo", *PRIVATE)):
            cls.photos |= cls._take(visit, kind, number)
        cls.shelf, cls.private = cls.photos[0], cls.photos[1:]
        cls.visit = visit

    @classmethod
    def _take(cls, visit, kind, number):
        step = (
            cls.env["field.visit.step"]
            .sudo()
            .create({"visit_id": visit.id, "key": f"own-{kind}", "name": kind, "kind": kind})
        )
        raw = base64.b64encode(scene(seed=number + 1)).decode()
        return cls.env["field.visit.photo"]._create_upload(step, raw, f"{kind}.jpg")

    def _own(self, photos):
        return photos & self.photos

    def test_photo_wall(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_visit_photo_action"
        )
        found = (
            self.env["field.visit.photo"].with_user(self.lea).search(safe_eval(action["domain"]))
        )
        self.assertEqual(self._own(found), self.shelf)

    def test_shelf_over_time(self):
        page = self.dragon.with_user(self.lea).get_field_shelf_time()
        shown = [photo["id"] for shelf in page["shelves"] for photo in shelf["photos"]]
        self.assertEqual(shown, self.shelf.ids)

    def test_page_of_the_customer(self):
        page = self.dragon.with_user(self.lea).get_field_360()
        self.assertEqual([photo["id"] for photo in page["photos"]], self.shelf.ids)
        self.assertEqual(len(self.dragon.with_user(self.lea)._field_360_copy()["photos"]), 1)

    def test_photos_to_rate(self):
        Photo = self.env["field.visit.photo"].with_user(self.lea)
        found = Photo.search(Photo._get_review_photo_domain())
        self.assertEqual(self._own(found), self.shelf)

    def test_report_and_queue(self):
        """The sheet shows no face; the queue does where the face is what is to be looked at."""
        self.assertEqual(len(self.visit._get_report_pictures()), 2, "the shelf and the signature")
        Visit = self.env["field.visit"].with_user(self.lea)
        for doubt, count in ((False, 2), ("sample", 4)):
            self.visit._with_evidence().face_review = doubt
            found = Visit._get_review_photos(self.visit.with_user(self.lea))
            self.assertEqual(len(next(iter(found.values()))), count, doubt)

    def test_second_look(self):
        look = (
            self.env["field.second.look"]
            .sudo()
            .create(
                {
                    "visit_id": self.visit.id,
                    "user_id": self.ravi.id,
                    "rep_id": self.rita.id,
                    "visit_date": self.visit.plan_date,
                    "state": "open",
                }
            )
        )
        kinds = set(look._get_photos().step_id.mapped("kind"))
        self.assertEqual(kinds, {"photo", "signature"})

    def test_both_ways_to_ask(self):
        Photo = self.env["field.visit.photo"]
        own = [("id", "in", self.photos.ids)]
        self.assertEqual(self.photos.filtered("is_of_place"), self.shelf)
        self.assertEqual(Photo.search([*own, ("is_of_place", "=", False)]), self.private)
        self.assertEqual(Photo.search([*own, ("is_of_place", "in", [True, False])]), self.photos)

    def test_small_picture_is_stamped_and_noted(self):
        copy = self.dragon.with_user(self.lea)._field_360_copy()
        [noted] = self._log(self.lea)
        self.assertEqual((noted.user_id, noted.kind), (self.rita, "photo"))
        self.assertEqual((noted.res_model, noted.res_id), ("field.visit", self.visit.id))
        plain = self.shelf.sudo()._make_small().decode()
        self.assertNotEqual(copy["photos"][0]["thumb"].split(",")[1], plain, "the watermark")
        self.dragon.with_user(self.rita)._field_360_copy()
        self.assertFalse(self._log(self.rita), "her own")

    def _log(self, viewer):
        return self.env["field.access.log"].sudo().search([("viewer_id", "=", viewer.id)])
