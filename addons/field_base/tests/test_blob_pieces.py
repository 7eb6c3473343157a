import hashlib
import io
import json
import os
import uuid

from PIL import Image

from odoo.tests import TransactionCase, tagged

from ..models import field_blob_piece, field_blob_upload
from ..tools.blob_meta import read_meta, read_range
from ..tools.phash import dhash, distance
from .test_api import ApiCase


def scene(size=(320, 240), shift=0, quality=80):
    """A picture with something on it."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((200, 30, 30), (40 + shift, 30, 120 + shift, 200))
    image.paste((20, 120, 60), (200, 100, 300, 180))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


class TestBlobTools(TransactionCase):
    def test_ranges(self):
        self.assertEqual(read_range("bytes 0-9/10"), (0, 9, 10))
        for odd in ("", "bytes */10", "bytes 0-10/10", "bytes 5-4/10", "bytes 0-1/*", "0-1/2"):
            with self.assertRaises(ValueError):
                read_range(odd)

    def test_meta(self):
        meta = {
            "nonce": "0f" * 8,
            "phash": "0123456789abcdef",
            "captured_at": "2026-11-20T10:00:00Z",
            "position": {"lat": 31, "lng": 121.5, "accuracy": 8, "more": 1},
            "more": "x",
        }
        read = read_meta(json.dumps(meta))
        self.assertEqual(read["position"], {"lat": 31.0, "lng": 121.5, "accuracy": 8.0})
        self.assertEqual(set(read), {"nonce", "phash", "captured_at", "position"})
        for odd in (None, "", "x", "[]", "5", "[" * 3000, '{"nonce": 5, "position": []}'):
            self.assertEqual(read_meta(odd), {})
        self.assertEqual(read_meta(json.dumps(meta | {"more": "x" * 5000})), {})
        self.assertNotIn("position", read_meta('{"position": {"lat": NaN, "lng": 1}}'))

    def test_the_same_scene_has_nearly_the_same_hash(self):
        self.assertLessEqual(distance(dhash(scene()), dhash(scene(quality=30))), 4)
        self.assertLessEqual(distance(dhash(scene()), dhash(scene((640, 480)))), 64)
        self.assertGreater(distance(dhash(scene()), dhash(scene(shift=70))), 4)


@tagged("post_install", "-at_install")
class TestBlobPieces(ApiCase):
    def setUp(self):
        super().setUp()
        self.upload = str(uuid.uuid4())
        self.content = scene() + os.urandom(60_000)  # a JPEG may be followed by anything

    def put(self, first, last, content=None, uid=None, token=None, **headers):
        content = self.content if content is None else content
        headers = {
            "Content-Type": "image/jpeg",
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
            "Content-Range": f"bytes {first}-{last - 1}/{len(content)}",
            **headers,
        }
        path = f"/field/api/v1/blob/{uid or self.upload}"
        return self.call(path, content[first:last], "PUT", headers=headers, token=token)

    def ask(self, method="GET", uid=None, token=None):
        path = f"/field/api/v1/blob/{uid or self.upload}"
        return self.call(path, method=method, token=token)

    def blob(self):
        return self.env["field.blob"].search([("uuid", "=", self.upload)])

    def test_pieces_in_order(self):
        size, step = len(self.content), 20_000
        self.assertEqual(self.ask().json(), {"uuid": self.upload, "state": "unknown", "offset": 0})
        for first in range(0, size, step):
            answer = self.put(first, min(first + step, size))
            self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()["state"], "complete")
        self.assertEqual(self.blob().attachment_id.raw, self.content)
        self.assertFalse(self.env["field.blob.piece"].search([("uuid", "=", self.upload)]))
        head = self.ask("HEAD")
        self.assertEqual(head.headers["Upload-Offset"], str(size))
        self.assertEqual(head.headers["Upload-State"], "complete")

    def test_cut_at_every_border_resumes(self):
        """Fault 15: after each cut the phone asks where to go on and sends nothing twice."""
        size, sent = len(self.content), 0
        for cut in range(1, 11):
            offset = int(self.ask("HEAD").headers["Upload-Offset"])
            self.assertEqual(offset, sent)
            sent = size * cut // 10
            self.put(offset, sent)
        self.assertEqual(self.blob().sha256, hashlib.sha256(self.content).hexdigest())

    def test_overlap_is_skipped_and_a_gap_is_refused(self):
        self.put(0, 30_000)
        error = self.assertRefused(self.put(40_000, 50_000), 409, "bad_range")
        self.assertIn("30000", error["message"])
        self.assertEqual(self.put(10_000, 45_000).json()["offset"], 45_000)
        self.assertEqual(self.put(0, 20_000).json()["offset"], 45_000)
        self.assertEqual(self.put(45_000, len(self.content)).json()["state"], "complete")
        self.assertEqual(self.blob().attachment_id.raw, self.content)
        self.assertEqual(self.put(0, 20_000).json()["state"], "complete")

    def test_damaged_whole_starts_over(self):
        half = len(self.content) // 2
        self.put(0, half)
        wrong = {"X-Content-SHA256": "0" * 64}
        answer = self.put(half, len(self.content), **wrong)
        self.assertRefused(answer, 422, "hash_mismatch")
        self.assertFalse(self.blob())
        self.assertEqual(self.ask().json()["offset"], 0)
        self.assertEqual(self.put(0, len(self.content)).json()["state"], "complete")

    def test_other_size_under_the_same_id(self):
        self.put(0, 10_000)
        other = self.content + b"x"
        self.assertRefused(self.put(10_000, 20_000, other), 409, "bad_range")

    def test_odd_ranges(self):
        for text in ("bytes 0-1/*", "bytes 9-1/20", "x"):
            self.assertRefused(self.put(0, 10, **{"Content-Range": text}), 400, "bad_request")
        text = f"bytes 0-9/{16 * 1024 * 1024}"
        self.assertRefused(self.put(0, 10, **{"Content-Range": text}), 422, "too_large")
        text = f"bytes 0-99/{len(self.content)}"
        self.assertRefused(self.put(0, 10, **{"Content-Range": text}), 409, "bad_range")

    def test_other_devices_see_nothing_of_it(self):
        self.put(0, 10_000)
        other = self.env["field.device"].create({"name": "x", "user_id": self.other_rep.id})
        token = other._issue_token()
        self.assertEqual(self.ask(token=token).json()["state"], "unknown")
        self.put(10_000, len(self.content))
        self.put(0, len(self.content))
        self.assertEqual(self.ask(token=token).json()["state"], "unknown")

    def test_quotas(self):
        self.patch(field_blob_piece, "MAX_UNFINISHED", 15_000)
        self.put(0, 10_000)
        self.assertRefused(self.put(10_000, 20_000), 507, "quota")
        self.patch(field_blob_upload, "DAY_QUOTA_MB", 0)
        whole = {"Content-Type": "image/jpeg"}
        whole["X-Content-SHA256"] = hashlib.sha256(self.content).hexdigest()
        path = f"/field/api/v1/blob/{uuid.uuid4()}"
        self.assertRefused(self.call(path, self.content, "PUT", headers=whole), 507, "quota")

    def test_abandoned_pieces_go(self):
        self.put(0, 10_000)
        Piece = self.env["field.blob.piece"]
        Piece._gc_pieces()
        self.assertTrue(Piece.search([("uuid", "=", self.upload)]))
        self.env.cr.execute("UPDATE field_blob_piece SET received_at = now() - interval '15 days'")
        Piece._gc_pieces()
        self.assertEqual(self.ask().json()["state"], "unknown")

    def test_camera_number_and_twins(self):
        [number, *_rest] = self.env["field.nonce"]._spare(self.device)
        meta = {"nonce": number, "position": {"lat": 31.2, "lng": 121.4}}
        size = len(self.content)
        self.put(0, size, **{"X-Field-Meta": json.dumps(meta)})
        first = self.blob()
        self.assertEqual((first.nonce_state, first.twin_id.id), ("good", False))
        self.assertEqual(first.meta["position"]["lat"], 31.2)
        uid = str(uuid.uuid4())
        self.put(0, size, uid=uid, **{"X-Field-Meta": json.dumps(meta)})
        again = self.env["field.blob"].search([("uuid", "=", uid)])
        self.assertEqual((again.nonce_state, again.twin_id), ("reused", first))
        self.assertEqual(again.attachment_id.store_fname, first.attachment_id.store_fname)
        other = scene(quality=70) + b"another file, the same scene"
        uid = str(uuid.uuid4())
        self.put(0, len(other), other, uid=uid)
        blob = self.env["field.blob"].search([("uuid", "=", uid)])
        self.assertEqual((blob.nonce_state, blob.twin_id), ("none", first))
