"""The watermark of the office, the untouched original, and pictures that were there before."""

import base64
import hashlib
import io
import json
import random
from contextlib import nullcontext
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import numpy as np
from freezegun import freeze_time
from PIL import Image, ImageDraw, ImageFilter

from odoo.tests import HttpCase, TransactionCase, tagged

from ..tools import stamp, truth, twins
from .common import AT_CUSTOMER, VisitCase
from odoo.addons.field_base.tools import pictures, watermark

WORDS = {
    "clock": "phone's clock %(time)s",
    "nowhere": "Place unknown",
    "away": "%(distance)s from the customer",
    "received": "arrived %(time)s",
}
NOON = datetime(2026, 11, 23, 12)


def scene(seed, size=(800, 600)):
    """A picture of its own: soft shapes in greys."""
    rng = random.Random(seed)
    image = Image.new("RGB", size, (128, 128, 128))
    draw = ImageDraw.Draw(image)
    for _n in range(40):
        x, y, side = rng.randrange(size[0]), rng.randrange(size[1]), rng.randrange(40, 260)
        draw.rectangle([x, y, x + side, y + side], fill=(rng.randrange(256),) * 3)
    return image.filter(ImageFilter.GaussianBlur(6))


def jpeg(image, quality=85):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestStampLines(TransactionCase):
    def test_time_of_a_phone_that_is_right_stands_alone(self):
        taken = stamp.Taken(NOON, "+08:00", clock_error_s=119)
        self.assertEqual(stamp.time_line(taken, WORDS), "2026-11-23 12:00 (UTC+08:00)")

    def test_wrong_clock_is_printed_beside(self):
        taken = stamp.Taken(NOON, "+08:00", clock_error_s=-3840)
        line = stamp.time_line(taken, WORDS)
        self.assertEqual(line, "2026-11-23 12:00 (UTC+08:00) · phone's clock 10:56")
        far = stamp.Taken(NOON, "+08:00", clock_error_s=86400 * 30)
        self.assertIn("phone's clock 2026-12-23 12:00", stamp.time_line(far, WORDS))

    def test_place_says_how_far_the_customer_is(self):
        taken = stamp.Taken(NOON, "+08:00", lat=31.2, lng=121.4, accuracy=12.4, away=35.2)
        line = stamp.place_line(taken, WORDS)
        self.assertEqual(line, "31.20000, 121.40000 ±12 m · 35 m from the customer")
        self.assertEqual(stamp.place_line(stamp.Taken(NOON, "+00:00"), WORDS), "Place unknown")
        far = stamp.Taken(NOON, "+00:00", lat=1.0, lng=2.0, away=12_345.0)
        self.assertEqual(stamp.place_line(far, WORDS), "1.00000, 2.00000 · 12 km from the customer")

    def test_late_photo_says_when_it_came(self):
        soon = stamp.Taken(NOON, "+08:00", received=NOON + timedelta(minutes=9))
        self.assertEqual(stamp.person_line("Rita", "a1b2c3", soon, WORDS), "Rita · #a1b2c3")
        late = stamp.Taken(NOON, "+08:00", received=NOON + timedelta(days=1))
        self.assertIn("arrived 2026-11-24 12:00", stamp.person_line("R", "1", late, WORDS))


@tagged("post_install", "-at_install")
class TestWatermark(TransactionCase):
    def test_copy_is_drawn_on_at_the_lower_edge_only(self):
        raw = jpeg(scene(1))
        before = Image.open(io.BytesIO(raw)).convert("L")
        after = Image.open(
            io.BytesIO(watermark.stamp(raw, ["一二三", "b", "c", "d"], "https://x/y"))
        )
        self.assertEqual(after.size, before.size)
        after = after.convert("L")

        def difference(box):
            pairs = zip(before.crop(box).tobytes(), after.crop(box).tobytes(), strict=True)
            return sum(abs(a - b) for a, b in pairs) / ((box[2] - box[0]) * (box[3] - box[1]))

        self.assertLess(difference((0, 0, 800, 400)), 3)
        self.assertGreater(difference((0, 480, 400, 600)), 20)
        self.assertGreater(difference((680, 500, 790, 590)), 20)

    def test_words_are_really_written(self):
        raw = jpeg(Image.new("RGB", (800, 600), (0, 0, 0)))

        def white(lines):
            drawn = Image.open(io.BytesIO(watermark.stamp(raw, lines))).convert("L")
            return sum(value > 200 for value in drawn.tobytes())

        self.assertEqual(white([" ", " "]), 0)
        self.assertGreater(white(["2026-11-23 12:00", " "]), 300)
        self.assertGreater(
            white(["2026-11-23 12:00", "金龙便利店"]), white(["2026-11-23 12:00", " "])
        )

    def test_long_name_is_cut_and_small_picture_is_no_error(self):
        for size in ((800, 600), (60, 40), (2, 2)):
            raw = jpeg(Image.new("RGB", size))
            drawn = watermark.stamp(raw, ["长" * 300] * 4, "https://field.example.com/" + "x" * 40)
            self.assertEqual(Image.open(io.BytesIO(drawn)).size, size)

    def test_nonsense_is_no_picture(self):
        with self.assertRaises(OSError):
            watermark.stamp(b"no picture", ["x"])


@tagged("post_install", "-at_install")
class TestTwins(TransactionCase):
    def known(self, *rows):
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        return {name: table[:, i] for i, name in enumerate(("id", "visit", "partner", "bits"))}

    def test_signed_bits_and_distance(self):
        self.assertEqual(twins.signed("0000000000000001"), 1)
        self.assertEqual(twins.signed("ffffffffffffffff"), -1)
        known = self.known((1, 1, 1, 0), (2, 1, 1, -1), (3, 1, 1, 7))
        self.assertEqual(list(twins.distances(0, known["bits"])), [0, 64, 3])

    def test_nearest_earlier_one_counts(self):
        own = {"id": 9, "visit": 9, "partner": 9}
        known = self.known((1, 1, 1, 0b111111), (2, 2, 2, 0b11), (12, 3, 3, 0))
        self.assertEqual(twins.find(0, own, known), (2, 2, "same"))
        self.assertEqual(twins.find(0, own, self.known((1, 1, 1, 0b111111))), (1, 6, "like"))
        self.assertIsNone(twins.find(0, own, self.known((1, 1, 1, 0b1111111111))))
        self.assertIsNone(twins.find(0, own, self.known()))

    def test_one_visit_and_the_same_shelf_may_be_alike(self):
        own = {"id": 9, "visit": 9, "partner": 9}
        self.assertIsNone(twins.find(0, own, self.known((1, 9, 9, 0))))
        self.assertIsNone(twins.find(0, own, self.known((1, 1, 9, 0b111111))))
        self.assertEqual(twins.find(0, own, self.known((1, 1, 9, 0b11111)))[2], "same")


class StampCase(VisitCase):
    """A visit at noon in Shanghai (04:00 UTC), with a photo from the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rita.tz = "Asia/Shanghai"
        cls.device = cls.env["field.device"].create({"name": "Phone", "user_id": cls.rita.id})
        cls.visit, cls.step = cls.begin()

    @classmethod
    def begin(cls, **values):
        visit = cls._plan(**values)
        visit.action_check_in(AT_CUSTOMER)
        return visit, visit.step_ids.filtered(lambda step: step.kind == "photo")

    def photo(self, image, step=None, nonce=None, quality=85, device=None, **meta):
        uuid, raw = str(uuid4()), jpeg(image, quality)
        meta = {"captured_at": "2026-11-23T03:55:00Z", "nonce": nonce, **meta}
        self.env["field.blob"]._store(
            device or self.device,
            uuid,
            raw,
            "image/jpeg",
            hashlib.sha256(raw).hexdigest(),
            json.dumps(meta),
        )
        query = "UPDATE field_blob SET create_date = '2026-11-23 04:00:00' WHERE uuid = %s"
        self.env.cr.execute(query, [uuid])  # the database's clock is not the frozen one
        self.env.invalidate_all()
        (step or self.step)._do_done(blobs=[uuid])
        return self.env["field.visit.photo"].search([("blob_uuid", "=", uuid)])

    def look(self):
        # a test that answers requests is in this mode all the time
        mode = nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode()
        with mode:
            self.env.ref("field_visit.ir_cron_look_at_photos").method_direct_trigger()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestPhotoStamp(StampCase):
    def lines(self, photo):
        with patch.object(watermark, "stamp", return_value=b"drawn") as drawn:
            self.assertEqual(photo._get_shown(), b"drawn")
        return drawn.call_args.args[1]

    def test_words_come_from_the_server(self):
        position = {"lat": 31.24, "lng": 121.49, "accuracy": 9}
        photo = self.photo(scene(1), position=position, stamp=["Somewhere else", "1999-01-01"])
        first, customer, place, person = self.lines(photo)
        self.assertEqual(first, "2026-11-23 11:55 (UTC+08:00)")
        self.assertEqual(customer, self.visit.partner_id.display_name)
        self.assertRegex(place, r"^31\.24000, 121\.49000 ±9 m · \d+ k?m from the customer$")
        self.assertEqual(person, f"{self.rita.name} · #{self.visit.uuid[-6:]}")

    def test_wrong_clock_of_the_phone(self):
        photo = self.photo(scene(1), captured_at="2026-11-23T02:00:00Z")
        now = "2026-11-23 04:00:00"
        event = {"uuid": str(uuid4()), "kind": "visit.step_done", "device_id": self.device.id}
        event |= {"received_at": now, "happened_at": now, "payload": "{}", "state": "applied"}
        event |= {"user_id": self.rita.id, "company_id": self.visit.company_id.id}
        event = self.env["field.event"].sudo().create({**event, "clock_error_s": -6900})
        self.step.sudo()._with_evidence().event_id = event
        line = self.lines(photo)[0]
        self.assertEqual(line, "2026-11-23 11:55 (UTC+08:00) · phone's clock 10:00")

    def test_without_a_fix_the_check_in_says_where(self):
        photo = self.photo(scene(1))
        place = self.lines(photo)[2]
        self.assertIn(f"{self.visit.check_in_lat:.5f}, {self.visit.check_in_lng:.5f}", place)

    def test_original_is_untouched_and_copy_is_kept(self):
        photo = self.photo(scene(1))
        raw = jpeg(scene(1))
        self.look()
        self.assertEqual(photo.attachment_id.raw, raw)
        self.assertTrue(photo.stamped)
        self.assertNotEqual(photo._get_shown(), raw)
        self.assertEqual(Image.open(io.BytesIO(photo._get_shown())).size, (800, 600))
        self.dragon.name = "Another name"
        with patch.object(watermark, "stamp", side_effect=AssertionError):
            photo._get_shown()

    def test_one_that_cannot_be_opened_holds_up_nobody(self):
        bomb, small = (base64.b64encode(jpeg(scene(2, size))) for size in ((800, 600), (40, 30)))
        self.step.add_photo(bomb.decode())
        self.step.add_photo(small.decode())
        first, second = self.step.photo_ids.sudo().sorted("id")
        self.env.flush_all()
        with patch.object(Image, "MAX_IMAGE_PIXELS", 40 * 30), self.assertLogs(level="WARNING"):
            self.look()
        self.env.invalidate_all()
        self.assertEqual((first.is_looked_at, second.is_looked_at), (True, True))
        self.assertEqual((first.phash, bool(second.phash)), (False, True))
        self.assertEqual((bool(first.stamped), bool(second.stamped)), (False, True))

    def test_too_many_pixels_are_refused(self):
        picture = base64.b64encode(jpeg(scene(3, (40, 30)))).decode()
        with patch.object(pictures, "MAX_PIXELS", 1000):
            self.assertRejected("bad_photo", self.step.add_photo, picture)
        with patch.object(Image, "MAX_IMAGE_PIXELS", 10):
            self.assertRejected("bad_photo", self.step.add_photo, picture)
        self.assertFalse(self.step.photo_ids)

    def test_policy_switches_it_off(self):
        photo = self.photo(scene(1))
        self.visit.policy_id.sudo().photo_watermark = False
        self.look()
        self.assertFalse(photo.stamped)
        self.assertEqual(photo._get_shown(), jpeg(scene(1)))

    def test_copy_goes_with_the_file(self):
        photo = self.photo(scene(1))
        self.look()
        photo.attachment_id = False
        self.assertFalse(photo.stamped)
        self.assertFalse(photo._get_stamped_file())

    def test_code_leads_to_the_page_that_verifies(self):
        photo = self.photo(scene(1))
        self.look()
        blob = photo._get_blob()
        self.assertRegex(blob._verify_url(), r"/field/verify/[a-z2-7]{24}$")
        self.assertEqual(self.env["field.blob"]._find_by_code(blob.code.upper()), blob)
        self.assertEqual(blob._check()["state"], "valid")
        self.env["field.seal"]._seal_next()
        blob.invalidate_recordset()
        self.assertEqual((blob._check()["state"], blob._check()["unsealed"]), ("valid", False))
        with patch.object(type(blob), "_check_files", return_value=[{"code": "file"}]):
            self.assertEqual(blob._check()["state"], "altered")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestPhotoTwin(StampCase):
    def other(self):
        partner = self.dragon.copy({"name": "Other shop"})
        self.visit.action_check_out(AT_CUSTOMER)
        return self.begin(partner=partner)

    def test_picture_sent_again_is_found_at_another_customer(self):
        first = self.photo(scene(1))
        visit, step = self.other()
        second = self.photo(scene(1).resize((640, 480)), step, quality=60)
        self.look()
        self.assertFalse(first.twin_kind)
        self.assertEqual((second.twin_id, second.twin_kind), (first, "same"))
        self.assertLessEqual(second.twin_distance, twins.SAME)
        self.assertEqual((visit.photo_doubt, self.visit.photo_doubt), ("same", False))

    def test_another_picture_is_no_twin(self):
        self.photo(scene(1))
        visit, step = self.other()
        photo = self.photo(scene(2), step)
        self.look()
        self.assertFalse(photo.twin_kind or visit.photo_doubt)
        self.assertTrue(photo.is_looked_at)

    def test_old_pictures_and_other_companies_do_not_count(self):
        first = self.photo(scene(1))
        self.look()
        first.taken_at = "2026-05-01 00:00:00"
        _visit, step = self.other()
        photo = self.photo(scene(1), step, quality=70)
        self.look()
        self.assertFalse(photo.twin_kind)

    def test_leader_meets_it_in_the_queue_and_it_proves_nothing(self):
        self.photo(scene(1))
        visit, step = self.other()
        photo = self.photo(scene(1), step, quality=70)
        Visit = self.env["field.visit"].with_user(self.lea)
        self.assertEqual(visit._get_truth_facts()[visit].photos, 1)
        self.look()
        self.assertEqual(visit._get_truth_facts()[visit].photos, 0)
        visit.action_check_out(AT_CUSTOMER)
        self._let_time_to_explain_pass(visit)
        self.assertIn(visit, Visit.search(Visit._get_review_domain()))
        self.assertIn("A picture that was there before", visit._get_review_reasons())
        self.assertEqual(photo.action_open_twin()["domain"][0][2], [photo.id, photo.twin_id.id])

    def test_score_that_is_shown_follows(self):
        self.photo(scene(1))
        visit, step = self.other()
        self.photo(scene(1), step, quality=70)
        visit.action_check_out(AT_CUSTOMER)
        visit._with_evidence().truth_shown = True
        before = visit.truth_score
        self.look()
        self.assertEqual(visit.truth_score, before - truth.PHOTO)

    def test_camera_number_used_twice(self):
        number = self.env["field.nonce"].sudo()._spare(self.device)[0]
        self.photo(scene(1), nonce=number)
        self.look()
        self.assertFalse(self.visit.photo_doubt)
        visit, step = self.other()
        self.photo(scene(2), step, nonce=number)
        self.look()
        self.assertEqual(visit.photo_doubt, "reused")


@tagged("post_install", "-at_install")
class TestPhotoStream(StampCase, HttpCase):
    def test_every_way_shows_the_copy_and_one_the_original(self):
        photo = self.photo(scene(1))
        raw = jpeg(scene(1))
        self.rita.password = "photos-of-shops-1"
        self.authenticate("v_rita", "photos-of-shops-1")
        ways = [f"/web/image/{photo.attachment_id.id}", f"/web/content/{photo.attachment_id.id}"]
        for url in ways:
            self.assertNotIn(self.url_open(url).content, (raw, b""))
        self.look()
        for url in ways:
            self.assertEqual(self.url_open(url).content, photo._get_shown())
        small = self.url_open(f"{ways[0]}?width=200").content
        self.assertEqual(Image.open(io.BytesIO(small)).size, (200, 150))
        self.assertEqual(self.url_open(f"/field/photo/{photo.id}/original").content, raw)
        page = self.url_open(f"/field/verify/{photo._get_blob().code}")
        self.assertIn("exactly as it arrived", page.text)
        self.assertNotIn(self.visit.partner_id.name, page.text)

    def test_original_is_for_who_reads_the_visit(self):
        photo = self.photo(scene(1))
        self.ravi.password = "photos-of-shops-1"
        self.authenticate("v_ravi", "photos-of-shops-1")
        self.assertEqual(self.url_open(f"/field/photo/{photo.id}/original").status_code, 404)
