from dataclasses import replace

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import TrackCase


@tagged("post_install", "-at_install")
class TestPlayback(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)

    def test_it_tells_the_day_in_order(self):
        data = self.day.with_user(self.leader).get_playback()
        self.assertEqual(
            [item["kind"] for item in data["items"]],
            ["stay", "trip", "stay", "gap", "trip", "stay"],
        )
        self.assertEqual(data["items"][0]["start"], 9 * 3600)
        self.assertEqual(data["day"]["user"], self.rep.name)
        self.assertAlmostEqual(data["day"]["distance_m"], self.day.distance_m)
        self.assertEqual(data["day"]["length"], 86400)

    def test_the_track_is_cut_at_gaps(self):
        data = self.day.get_playback()
        gap = next(item for item in data["items"] if item["kind"] == "gap")
        self.assertEqual(len(data["track"]), 2)
        self.assertEqual(data["track"][0]["t"][-1], gap["start"])
        self.assertEqual(data["track"][1]["t"][0], gap["end"])

    def test_a_dense_day_is_thinned(self):
        first = self.workday_fixes()[0]
        many = [
            replace(first, ts=first.ts + n, lat=round(first.lat + n * 1e-5 + (n % 7) * 1e-6, 7))
            for n in range(9000)
        ]
        device, _token = self.new_device(self.stranger)
        self.store(many, device)
        data = self.rebuild(self.stranger).get_playback()
        points = sum(len(piece["t"]) for piece in data["track"])
        self.assertLessEqual(points, 2000)
        self.assertGreater(points, 1000)

    def test_neighbouring_days_of_the_same_person(self):
        older = [replace(fix, ts=fix.ts - 3 * 86400) for fix in self.workday_fixes()]
        self.store(older)
        device, _token = self.new_device(self.stranger)
        self.store([replace(fix, ts=fix.ts - 86400) for fix in older], device)
        self.rebuild()
        before = self.Day.search([("user_id", "=", self.rep.id), ("date", "<", self.day.date)])
        data = self.day.with_user(self.rep).get_playback()
        self.assertEqual((data["previous_id"], data["next_id"]), (before.id, False))
        self.assertEqual(before.with_user(self.rep).get_playback()["next_id"], self.day.id)

    def test_a_day_without_usable_positions(self):
        device, _token = self.new_device(self.stranger)
        self.store([replace(self.workday_fixes()[0], accuracy=900.0)], device)
        data = self.rebuild(self.stranger).get_playback()
        self.assertEqual((data["track"], data["items"]), ([], []))

    def test_query_count_does_not_depend_on_the_number_of_stays(self):
        day = self.day.with_user(self.rep)
        day.get_playback()  # access rights are remembered from here on
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            day.get_playback()

    def test_kept_way_is_the_way_of_the_positions(self):
        kept = self.day.get_playback()["track"]
        self.assertTrue(self.day.way)
        self.day.way = False
        made = self.day.get_playback()["track"]
        self.assertEqual([piece["t"] for piece in kept], [piece["t"] for piece in made])
        self.assertEqual([piece["kmh"] for piece in kept], [piece["kmh"] for piece in made])
        for one, other in zip(kept, made, strict=True):
            for name in ("lat", "lng"):
                worst = max(abs(a - b) for a, b in zip(one[name], other[name], strict=True))
                self.assertLess(worst, 1e-6)

    def test_kept_way_is_shown_by_the_playback_only(self):
        day = self.day.with_user(self.leader)
        self.assertNotIn("way", day.fields_get())
        with self.assertRaises(AccessError):
            day.read(["way"])

    def test_kept_way_does_not_hide_a_new_lock(self):
        self.assertTrue(self.day.get_playback()["track"])
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id].sudo()
        policy.working_time_lock = "workday"
        self.assertFalse(self.day.get_playback()["track"], "no workday was open")
