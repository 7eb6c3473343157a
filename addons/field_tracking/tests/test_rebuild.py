import random
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..tools.units import Contact
from . import tracks
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestRebuild(TrackCase, TransactionCase):
    def test_a_day_appears_with_its_figures(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        self.assertEqual(
            (day.user_id, day.company_id, day.tz),
            (self.rep, self.device.company_id, "Asia/Shanghai"),
        )
        self.assertEqual(
            day.date, (fields.Datetime.now() + timedelta(hours=8)).date() - timedelta(days=1)
        )
        self.assertEqual((day.stay_count, day.trip_count, day.gap_count), (3, 2, 1))
        self.assertEqual((len(day.stay_ids), len(day.trip_ids), len(day.gap_ids)), (3, 2, 1))
        self.assertAlmostEqual(day.distance_m, 12000, delta=400)
        self.assertAlmostEqual(day.measured_m + day.estimated_m, day.distance_m, delta=0.2)
        self.assertAlmostEqual(day.distance_km, day.distance_m / 1000, delta=0.05)
        self.assertEqual(day.state, "built")
        self.assertEqual(sum(day.stay_ids.mapped("minutes")), day.stay_min)
        self.assertEqual(day.fix_count, len(self.workday_fixes()))

    def test_again_shuffled_and_doubled_nothing_changes(self):
        fixes = self.workday_fixes()
        self.store(fixes)
        [day] = self.rebuild(self.rep)
        before = self.snapshot(day)
        again = fixes * 2
        random.Random(1).shuffle(again)
        for start in range(0, len(again), 50):
            self.store(again[start : start + 50])
        self.rebuild(self.rep)
        day._rebuild()
        self.assertEqual(self.snapshot(day), before)

    def test_late_data_gives_the_same_day_as_data_in_time(self):
        fixes = self.workday_fixes()
        self.store(fixes)
        [in_time] = self.rebuild(self.rep)
        device, _token = self.new_device(self.stranger)
        late = fixes[::2]
        self.store(late, device)
        [day] = self.rebuild(self.stranger)
        stays = day.stay_ids
        rest = fixes[1::2]
        random.Random(2).shuffle(rest)
        self.store(rest, device)
        self.assertEqual(self.rebuild(self.stranger), day)
        self.assertEqual(day.stay_ids & stays, stays, "the same stays keep their ids")

        def figures(one):
            found = self.snapshot(one)
            for rows in found.values():
                for row in rows:
                    for name in ("id", "day_id", "user_id", "write_date", "source_print"):
                        row.pop(name, None)
            return found

        self.assertEqual(figures(day), figures(in_time))

    def test_an_unchanged_day_is_not_written(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        self.env.flush_all()
        with patch.object(type(day), "write", autospec=True) as write:
            day._rebuild()
        write.assert_not_called()

    def test_the_policy_is_chosen_once_a_day(self):
        """Radius, fences and labels ask for it; choosing is a fifth of the work."""
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        Policy = type(self.env["field.policy"])
        chosen = []
        really = Policy._get_for_users

        def choose(policies, *args):
            chosen.append(args)
            return really(policies, *args)

        with patch.object(Policy, "_get_for_users", choose):
            day._rebuild()
        self.assertEqual(len(chosen), 1)

    def test_the_job_leaves_a_day_alone_whose_sources_are_the_same(self):
        """Each sign of life marks the day; without a gap it can change nothing."""
        start = self.workday_fixes()[0]
        fixes = [replace(start, ts=start.ts + 60 * n) for n in range(60)]
        self.store(fixes)
        [day] = self.rebuild(self.rep)
        built = []
        rebuild_from = type(day)._rebuild_from

        def noted(one, *args):
            built.append(one)
            return rebuild_from(one, *args)

        self.env["field.device.journal"]._note(self.device, [Contact(fixes[9].ts, 0.5)])
        with patch.object(type(day), "_rebuild_from", autospec=True, side_effect=noted):
            self.rebuild(self.rep)
            self.assertFalse(built, "only a sign of life came")
            day.action_rebuild()
            self.assertEqual(built, [day], "the button makes all again")
            self.store([replace(fixes[-1], ts=fixes[-1].ts + 7)])
            self.rebuild(self.rep)
            self.assertEqual(built, [day, day], "a position came")
            place = {"lat": fixes[0].lat, "lng": fixes[0].lon, "radius": 100}
            self.env["field.zone"].create({"name": "Near", **place})
            self.env["field.track.mark"].create(self._plain_mark(day))
            self.rebuild(self.rep)
            self.assertEqual(len(built), 3, "a fence is new")

    def _plain_mark(self, day):
        who = {"user_id": day.user_id.id, "company_id": day.company_id.id}
        return {**who, "marked_at": day.last_fix, "ts_min": day.last_fix, "ts_max": day.last_fix}

    def test_the_local_day_decides(self):
        first = self.workday_fixes()[0]
        midnight = self.yesterday()
        self.store([replace(first, ts=midnight - 60), replace(first, ts=midnight + 60)])
        dates = self.rebuild(self.rep).mapped("date")
        self.assertEqual(len(dates), 2)
        self.assertEqual(abs((dates[0] - dates[1]).days), 1)

    def test_one_day_of_a_mark_only(self):
        """Days between two far-apart positions of one batch have none, and no row."""
        first = self.workday_fixes()[0]
        self.store([replace(first, ts=first.ts - 5 * 86400), first])
        self.assertEqual(len(self.rebuild(self.rep)), 2)

    def test_marks_go_and_debounce_waits(self):
        Mark = self.env["field.track.mark"]
        self.store(self.workday_fixes())
        self.assertFalse(self.Day._users_to_rebuild() & self.rep, "positions came just now")
        self.rebuild(self.rep)
        self.assertFalse(Mark.search([("user_id", "=", self.rep.id)]))

    def test_the_job(self):
        self.store(self.workday_fixes())
        self.env["field.track.mark"].search([]).marked_at = fields.Datetime.now() - timedelta(
            minutes=2
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("field_tracking.field_track_cron_rebuild").method_direct_trigger()
        self.assertEqual(self.Day.search([("user_id", "=", self.rep.id)]).stay_count, 3)

    def test_a_marked_moment_rebuilds_its_day(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        day.stay_ids.unlink()
        at = day._bounds()[0] + timedelta(hours=3)
        self.Day._mark_day(self.rep, at)
        self.assertEqual(self.rebuild(self.rep), day)
        self.assertEqual(len(day.stay_ids), 3)
        self.Day._mark_day(self.rep, at - timedelta(days=40))
        self.assertFalse(self.rebuild(self.rep), "a day without positions gets no row")

    def test_stays_find_the_nearest_customer(self):
        Partner = self.env["res.partner"]
        places = {"near": (40, 30), "far": (200, 0), "own": (4000 + 900, 0)}
        found = {}
        for name, (east, north) in places.items():
            lat, lng = tracks.degrees(east, north)
            found[name] = Partner.create(
                {"name": name, "partner_latitude": lat, "partner_longitude": lng}
            )
        found["own"].field_fence_radius = 1000
        own = self.rep.partner_id
        own.partner_latitude, own.partner_longitude = tracks.degrees(0, 0)
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        stays = day.stay_ids.sorted("start")
        self.assertEqual(stays[0].partner_id, found["near"])
        self.assertAlmostEqual(stays[0].partner_distance, 50, delta=12)
        self.assertEqual(stays[1].partner_id, found["own"], "its own radius reaches")
        self.assertFalse(stays[2].partner_id)
        found["own"].field_fence_radius = 0
        found["near"].active = False
        day._rebuild()
        self.assertEqual(stays.mapped("partner_id.name"), ["far"])

    def test_customers_of_other_companies_do_not_match(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        lat, lng = tracks.degrees(0, 0)
        self.env["res.partner"].create(
            {"name": "x", "partner_latitude": lat, "partner_longitude": lng, "company_id": other.id}
        )
        self.store(self.workday_fixes())
        self.assertFalse(self.rebuild(self.rep).stay_ids.partner_id)

    def test_matching_asks_once_for_all_stays(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(32):
            day._rebuild()
            self.env.flush_all()

    def test_visits_are_told_stays_and_silences(self):
        self.store(self.workday_fixes())
        told = []
        visits = self.registry.get("field.visit")
        if visits is None:
            self.skipTest("field_visit is not installed: see the journey tests for the real thing")
        with patch.object(visits, "_verify_presence", lambda _self, *args: told.append(args)):
            [day] = self.rebuild(self.rep)
        [(user, start, end, stays, gaps)] = told
        self.assertEqual((user, (start, end)), (self.rep, day._bounds()))
        self.assertEqual(
            [stay["ref"] for stay in stays],
            [f"field.stay,{i}" for i in day.stay_ids.sorted("start").ids],
        )
        self.assertEqual((gaps[0]["start"], gaps[-1]["end"]), (start, end))

    def test_silences_cover_what_is_not_known(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        from ..tools.day import build_day

        result = build_day(**day._read_fixes())
        start, end = day._bounds()
        gaps = day._silences(result, start, end)
        self.assertEqual(next((gap["start"], gap["end"]) for gap in gaps), (start, day.first_fix))
        self.assertEqual([(gap["start"], gap["end"]) for gap in gaps][-1], (day.last_fix, end))
        self.assertEqual(len(gaps), 3)

    def test_two_phones_of_one_person(self):
        fixes = self.workday_fixes()
        self.store(fixes)
        [day] = self.rebuild(self.rep)
        before = self.snapshot(day)["field.stay"]
        second, _token = self.new_device(self.rep, "At home")
        self.store([replace(fix, ts=fix.ts + 7, lat=31.0, lon=121.0) for fix in fixes[::5]], second)
        self.rebuild(self.rep)
        self.assertEqual(self.snapshot(day)["field.stay"], before)
        self.assertGreater(day.fix_count, 0)
