import hashlib
import io
import os
import uuid
from unittest.mock import patch

from PIL import Image

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.field_blob import FieldBlob
from .test_api import ApiCase


def picture(kind="JPEG", size=(40, 30), color="#1f7a6b"):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestBlob(ApiCase):
    def put(self, content, uid=None, mimetype="image/jpeg", sha256=None, **kwargs):
        headers = {"Content-Type": mimetype}
        if sha256 is not False:
            headers["X-Content-SHA256"] = sha256 or hashlib.sha256(content).hexdigest()
        path = f"/field/api/v1/blob/{uid or uuid.uuid4()}" + kwargs.pop("query", "")
        return self.call(path, content, "PUT", headers=headers, **kwargs)

    def blobs(self):
        return self.env["field.blob"].search([("device_id", "=", self.device.id)])

    def test_upload(self):
        content, uid = picture(), str(uuid.uuid4())
        done = []
        with patch.object(FieldBlob, "_on_complete", lambda blob: done.append(blob.uuid)):
            response = self.put(content, uid.upper())
        self.assertEqual(response.status_code, 200)
        digest = hashlib.sha256(content).hexdigest()
        self.assertEqual(
            response.json(),
            {"uuid": uid, "state": "complete", "sha256": digest, "size": len(content)},
        )
        blob = self.blobs()
        self.assertEqual(blob.attachment_id.raw, content)
        self.assertEqual((blob.user_id, blob.mimetype), (self.rep, "image/jpeg"))
        self.assertFalse(blob.attachment_id.public)
        self.assertEqual(blob.attachment_id.res_model, "field.blob")
        self.assertEqual(done, [uid])

    def test_again_is_the_same_answer(self):
        content, uid = picture(), str(uuid.uuid4())
        first = self.put(content, uid)
        with patch.object(FieldBlob, "_on_complete", side_effect=AssertionError):
            again = self.put(content, uid)
        self.assertEqual(again.json(), first.json())
        self.assertEqual(len(self.blobs()), 1)

    def test_other_content_under_the_same_id(self):
        uid = str(uuid.uuid4())
        self.put(picture(), uid)
        response = self.put(picture(size=(50, 50)), uid)
        self.assertRefused(response, 409, "blob_conflict")

    def test_somebody_elses_id(self):
        content, uid = picture(), str(uuid.uuid4())
        self.put(content, uid)
        other = self.env["field.device"].create({"name": "x", "user_id": self.other_rep.id})
        response = self.put(content, uid, token=other._issue_token())
        self.assertRefused(response, 409, "blob_conflict")

    def test_hash(self):
        content = picture()
        digest = hashlib.sha256(content).hexdigest()
        self.assertRefused(self.put(content, sha256="0" * 64), 422, "hash_mismatch")
        self.assertRefused(self.put(content, sha256=False), 400, "missing_hash")
        self.assertRefused(self.put(content[:-1], sha256=digest), 422, "hash_mismatch")
        response = self.put(content, sha256=False, query=f"?sha256={digest.upper()}")
        self.assertEqual(response.status_code, 200)

    def test_kinds(self):
        for kind in ("PNG", "WEBP"):
            self.assertEqual(
                self.put(picture(kind), mimetype=f"image/{kind.lower()}").status_code, 200
            )

    def test_sound_is_kept_only_where_the_policy_allows_it(self):
        self.assertRefused(self.put(b"any sound", mimetype="audio/mp4"), 422, "audio_off")
        self.assertFalse(self.blobs())
        self.env["field.policy"]._get_for_users(self.rep)[self.rep.id].audio_allowed = True
        self.assertEqual(self.put(b"any sound", mimetype="audio/mp4").status_code, 200)

    def test_what_is_no_evidence(self):
        html = b"<html><script>alert(1)</script></html>"
        for content, mimetype, status, code in (
            (b"", "image/jpeg", 422, "empty"),
            (html, "text/html", 415, "bad_type"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, "bad_type"),
            (html, "image/jpeg", 422, "bad_image"),
            (picture("PNG"), "image/jpeg", 422, "bad_image"),
            (picture("GIF"), "image/png", 422, "bad_image"),
            (picture(size=(8000, 7000)), "image/jpeg", 422, "bad_image"),
        ):
            with self.subTest(mimetype=mimetype, code=code):
                self.assertRefused(self.put(content, mimetype=mimetype), status, code)
        with patch.object(Image, "MAX_IMAGE_PIXELS", 10):  # what Pillow itself does not open
            self.assertRefused(self.put(picture()), 422, "bad_image")
        self.assertFalse(self.blobs())

    def test_size_id_and_token(self):
        large = os.urandom(15 * 1024 * 1024 + 1)
        self.assertRefused(self.put(large), 413, "too_large")
        self.assertRefused(self.put(picture(), uid="not-a-uuid"), 400, "bad_request")
        self.assertRefused(self.put(picture(), uid="..%2f..%2fx"), 404, "not_found")
        self.assertRefused(self.put(picture(), token="x" * 43), 401, "bad_token")

    @mute_logger("odoo.http")
    def test_full_disk_is_told_before_the_phone_deletes_its_copy(self):
        attachment = self.registry["ir.attachment"]
        content = picture(color=tuple(os.urandom(3)))

        def full(attachments, data, checksum):
            raise OSError(28, "No space left on device")

        with patch.object(attachment, "_file_write", full):
            self.assertRefused(self.put(content), 503, "busy")

        def cut_off(attachments, data, checksum):
            name, path = attachments._get_path(data, checksum)
            with open(path, "wb") as file:
                file.write(data[:10])
            return name

        with patch.object(attachment, "_file_write", cut_off):
            self.assertRefused(self.put(content), 503, "busy")
        self.assertFalse(self.blobs())
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertEqual(self.put(content).status_code, 200)
