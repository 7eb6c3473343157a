import base64
import hashlib
from uuid import uuid4

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import AT_CUSTOMER, VisitCase
from .test_steps import PNG


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPhoto(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._plan()
        cls.visit.action_check_in(AT_CUSTOMER)
        cls.step = cls.visit.step_ids.filtered(lambda step: step.kind == "photo")
        cls.device = cls.env["field.device"].create({"name": "Phone", "user_id": cls.rita.id})
        cls.others_device = cls.env["field.device"].create(
            {"name": "Phone", "user_id": cls.ravi.id}
        )

    def _upload(self, uuid, device=None):
        raw = base64.b64decode(PNG)
        return self.env["field.blob"]._store(
            device or self.device, uuid, raw, "image/png", hashlib.sha256(raw).hexdigest()
        )

    def test_visit_is_accepted_before_its_photos(self):
        uuid = str(uuid4())
        self.step._do_done(blobs=[uuid])
        self.assertEqual((self.step.state, self.step.photo_waiting), ("done", 1))
        blob = self._upload(uuid)
        self.step.invalidate_recordset()
        self.assertEqual((self.step.photo_count, self.step.photo_waiting), (1, 0))
        attachment = blob.attachment_id
        self.assertEqual(self.step.photo_ids.attachment_id, attachment)
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("field.visit.step", self.step.id)
        )
        self.assertEqual(attachment.raw, base64.b64decode(PNG))

    def test_photo_that_came_first_is_linked_too(self):
        uuid = str(uuid4())
        blob = self._upload(uuid)
        self.step._do_done(blobs=[uuid])
        self.assertEqual(self.step.photo_ids.attachment_id, blob.attachment_id)

    def test_same_photo_twice_counts_once(self):
        self.step.sudo()._with_evidence().min_photos = 2
        uuid = str(uuid4())
        self.assertRejected("photos_missing", self.step._do_done, blobs=[uuid, uuid])
        self.step._do_done(blobs=[uuid, str(uuid4())])
        self.step._do_done(blobs=[uuid])
        self.assertEqual(self.step.photo_count, 2)

    def test_photo_of_somebody_else_is_not_linked(self):
        uuid = str(uuid4())
        blob = self._upload(uuid, self.others_device)
        self.step._do_done(blobs=[uuid])
        self.assertEqual(self.step.photo_waiting, 1)
        self.assertEqual(blob.attachment_id.res_model, "field.blob")

    def test_photo_proves_one_step_only(self):
        uuid = str(uuid4())
        self.step._do_done(blobs=[uuid])
        look = self._step(self.visit, "look")
        self.assertRejected("photo_used", look._do_done, blobs=[uuid])
        self.assertEqual(look.state, "todo")

    def test_too_many_photos_are_refused(self):
        blobs = [str(uuid4()) for _index in range(21)]
        self.assertRejected("bad_payload", self.step._do_done, blobs=blobs)

    def test_recording_is_no_photo(self):
        self._policy(audio_allowed=True)
        uuid = str(uuid4())
        raw = b"OggS" + bytes(60)
        self.env["field.blob"]._store(
            self.device, uuid, raw, "audio/ogg", hashlib.sha256(raw).hexdigest()
        )
        self.step._do_done(blobs=[uuid])
        self.assertEqual(self.step.photo_waiting, 1)

    def test_picture_is_read_by_who_reads_the_visit(self):
        uuid = str(uuid4())
        self.step._do_done(blobs=[uuid])
        attachment = self._upload(uuid).attachment_id
        self.env.invalidate_all()
        for user in (self.rita, self.lea, self.dora, self.audra):
            self.assertTrue(attachment.with_user(user).raw, user.name)
        for user in (self.ravi, self.otis, self.olga, self.nina):
            self.env.invalidate_all()
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                attachment.with_user(user).raw  # noqa: B018

    def test_upload_by_the_form_is_marked_as_such(self):
        photo = self.env["field.visit.photo"].browse(self.step.add_photo(PNG))
        self.assertEqual(photo.source, "upload")
        self.assertEqual(photo.attachment_id.mimetype, "image/png")

    def test_uninstalling_leaves_no_file_of_ours(self):
        uuid = str(uuid4())
        kept = self._upload(uuid).attachment_id
        uploaded = self.env["field.visit.photo"].browse(self.step.add_photo(PNG)).attachment_id
        self.step._do_done(blobs=[uuid])
        self.assertEqual(kept.res_model, "field.visit.step")
        uninstall_hook(self.env)
        self.assertFalse(uploaded.exists())
        self.assertEqual(kept.res_model, "field.blob")

    def test_upload_takes_pictures_only(self):
        for data in (base64.b64encode(b"%PDF-1.4 x").decode(), "not base64!", "", None):
            self.assertRejected("bad_photo", self.step.add_photo, data)
