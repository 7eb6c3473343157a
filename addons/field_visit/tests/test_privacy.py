import base64
import hashlib
from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_steps import PNG


@tagged("post_install", "-at_install")
class TestPrivacy(VisitCase):
    """Photos and places of visits: who looked at them, and when they go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._plan()
        cls.visit.action_check_in(AT_CUSTOMER)
        cls.step = cls.visit.step_ids.filtered(lambda step: step.kind == "photo")
        cls.device = cls.env["field.device"].create({"name": "Phone", "user_id": cls.rita.id})
        raw, uuid = base64.b64decode(PNG), str(uuid4())
        cls.step._do_done(blobs=[uuid])
        digest = hashlib.sha256(raw).hexdigest()
        cls.blob = cls.env["field.blob"]._store(cls.device, uuid, raw, "image/png", digest)
        cls.policy = cls._policy(cls.rita)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def erase(self):
        Retention = self.env["field.retention"]
        for kind, company, users, days in Retention._get_jobs():
            while Retention._erase_batch(kind, company, users, days, 100):
                self.env.invalidate_all()

    def make_old(self):
        old = fields.Datetime.now() - timedelta(days=100)
        for table in ("field_blob", "field_visit_photo"):
            self.env.cr.execute(f"UPDATE {table} SET create_date = %s", [old])
        self.env.cr.execute(
            "UPDATE field_visit SET check_in_at = %s WHERE id = %s", [old, self.visit.id]
        )
        self.env.invalidate_all()

    def test_who_opens_a_photo_is_noted(self):
        photo = self.step.photo_ids.attachment_id
        self.env.invalidate_all()
        photo.with_user(self.rita).read(["raw"])
        Log = self.env["field.access.log"]
        self.assertFalse(Log.search([]))
        self.env.invalidate_all()
        photo.with_user(self.lea).read(["datas"])
        row = Log.search([])
        self.assertEqual((row.user_id, row.viewer_id), (self.rita, self.lea))
        self.assertEqual(
            (row.kind, row.res_model, row.res_id), ("photo", "field.visit", self.visit.id)
        )

    def test_photos_go_when_their_time_is_over(self):
        photo = self.step.photo_ids
        file = photo.attachment_id
        self.policy.sudo().retention_photo_days = 30
        self.erase()
        self.assertTrue(file.exists())
        self.make_old()
        self.erase()
        self.assertFalse(file.exists())
        self.assertTrue(photo.exists(), "that there was one stays")
        self.assertFalse(photo.attachment_id)
        self.assertEqual(self.step.state, "done")

    def test_places_go_and_the_visit_stays(self):
        self.assertTrue(self.visit.check_in_lat)
        at = self.visit.check_in_verdict
        self.policy.sudo().retention_place_days = 30
        self.make_old()
        self.erase()
        self.assertFalse(self.visit.check_in_lat or self.visit.check_in_lng)
        self.assertEqual(self.visit.check_in_verdict, at)
        certificate = self.env["field.retention.certificate"].search([("kind", "=", "place")])
        self.assertEqual(certificate.res_model, "field.visit")

    def test_export_has_visits_and_photos(self):
        data = self.env["field.privacy"].with_user(self.rita)._export(self.rita)["data"]
        self.assertEqual(len(data["visits"]["rows"]), 1)
        self.assertEqual(len(data["visit_photos"]["rows"]), 1)
