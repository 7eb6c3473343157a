import random
from dataclasses import replace

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools.parse import Contact, Fix, Parsed, Reject
from .common import TrackCase
from odoo.addons.field_tracking.models.field_position import ACTIVITY_CODES


@tagged("post_install", "-at_install")
class TestStore(TrackCase, TransactionCase):
    def rows(self, device=None):
        self.env.cr.execute(
            "SELECT ts, lat / 1e7::float8, lng / 1e7::float8, accuracy, speed FROM field_position"
            " WHERE device_id = %s ORDER BY ts",
            [(device or self.device).id],
        )
        return self.env.cr.fetchall()

    def test_common_words_are_stored_short_and_read_whole(self):
        fixes = self.workday_fixes()[: len(ACTIVITY_CODES)]
        self.store([replace(f, activity=a) for f, a in zip(fixes, ACTIVITY_CODES, strict=True)])
        rows = self.Position.search([("device_id", "=", self.device.id)], order="ts")
        self.assertEqual(rows.mapped("activity"), list(ACTIVITY_CODES))
        self.assertEqual(self.Position.search_count([("activity", "=", "in_vehicle")]), 1)
        self.env.cr.execute(
            "SELECT max(length(activity)) FROM field_position WHERE device_id = %s",
            [self.device.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (2,))

    def test_what_lies_in_the_home_area_is_one_coarse_point(self):
        fixes = self.workday_fixes()[:3]
        home, company = fixes[0], self.device.company_id
        self.env["field.policy"].search([("company_id", "=", company.id)]).home_radius_m = 300
        place = {"lat": home.lat, "lng": home.lon}
        self.env["field.home"].with_user(self.rep).with_company(company)._set(self.rep, place)
        away = replace(fixes[2], lat=home.lat + 0.02)
        self.store([home, replace(fixes[1], lat=home.lat + 0.001, lon=home.lon), away])
        first, second, third = [row[1:3] for row in self.rows()]
        self.assertEqual(first, second)
        self.assertNotAlmostEqual(first[0], home.lat, places=4)
        self.assertAlmostEqual(third[0], away.lat)
        last = self.env["field.position.last"].search([("user_id", "=", self.rep.id)])
        self.assertAlmostEqual(last.lat, away.lat)

    def test_units_and_all_columns_arrive(self):
        fix = replace(
            self.workday_fixes()[0],
            altitude=34.5,
            speed=12.35,
            course=271.0,
            battery=0.87,
            charging=True,
            mock=False,
            activity='in "vehicle"\\',
            event="sos",
        )
        self.assertEqual(self.store([fix]), 1)
        [row] = self.Position.search([("device_id", "=", self.device.id)])
        self.assertEqual((row.user_id, row.company_id), (self.rep, self.device.company_id))
        self.assertEqual((row.lat, row.lng), (fix.lat, fix.lon))
        self.assertAlmostEqual(row.speed, 12.35, 3)
        self.assertAlmostEqual(row.battery, 0.87, 3)
        self.assertEqual((row.course, row.altitude, row.accuracy), (271, 34.5, 8))
        self.assertEqual((row.charging, row.mock), (True, False))
        self.assertEqual((row.activity, row.event, row.source), ('in "vehicle"\\', "sos", "form"))

    def test_the_same_fix_three_times_is_one_row(self):
        fix = self.workday_fixes()[0]
        self.assertEqual([self.store([fix]), self.store([fix]), self.store([fix, fix])], [1, 0, 0])
        self.assertEqual(len(self.rows()), 1)

    def test_duplicates_leave_no_mark(self):
        fixes = self.workday_fixes()[:5]
        self.store(fixes)
        self.rebuild(self.rep)
        self.store(fixes)
        self.assertFalse(self.env["field.track.mark"].search([("user_id", "=", self.rep.id)]))

    def test_of_two_fixes_of_one_second_the_better_one_wins_in_any_order(self):
        good = self.workday_fixes()[0]
        bad = replace(good, accuracy=60.0, lat=good.lat + 0.01)
        other, _token = self.new_device(self.stranger)
        self.store([good])
        self.store([bad])
        self.store([bad], other)
        self.store([good], other)
        self.assertEqual(self.rows(), self.rows(other))
        self.assertAlmostEqual(self.rows()[0][1], good.lat, 6)

    def test_the_order_of_arrival_does_not_matter(self):
        fixes = self.workday_fixes()
        unsure = [replace(fix, accuracy=None, lat=round(fix.lat + 1e-4, 7)) for fix in fixes[::3]]
        first, second = fixes + unsure, unsure + fixes
        random.Random(5).shuffle(second)
        other, _token = self.new_device(self.stranger)
        for start in range(0, len(first), 7):
            self.store(first[start : start + 7])
            self.store(second[start : start + 7], other)
        self.assertEqual(self.rows(), self.rows(other))

    def test_the_last_position_only_moves_forward(self):
        fixes = self.workday_fixes()
        Last = self.env["field.position.last"]
        for part in (fixes[10:20], fixes[:10], fixes[20:21]):
            self.store(part)
            Last.invalidate_model()
            [last] = Last.search([("user_id", "=", self.rep.id)])
            newest = max(fixes[10:20] + part, key=lambda fix: fix.ts)
            self.assertEqual((last.lat, last.lng), (newest.lat, newest.lon))

    def test_heartbeat_is_contact_and_no_position(self):
        self.store(self.workday_fixes()[:1])
        before = self.rows()
        self.device._receive(Parsed("form", contacts=[Contact(0, 0.15, True)]))
        self.assertEqual(self.rows(), before)
        last = self.env["field.position.last"].search([("user_id", "=", self.rep.id)])
        self.assertAlmostEqual(last.battery, 0.15, 3)
        self.assertTrue(last.charging)
        self.assertTrue(self.device.last_contact)

    def test_refused_positions_leave_only_a_counter(self):
        policies = self.env["field.policy"].search([("company_id", "=", self.device.company_id.id)])
        policies.write({"tracking_level": "check_in"})
        parsed = Parsed("form", fixes=self.workday_fixes()[:2], rejects=[Reject("empty", "x")])
        self.device._receive(parsed)
        self.device._receive(parsed)
        self.assertEqual((self.rows(), self.device.refused_count), ([], 2))
        self.assertFalse(self.device.reject_ids)
        self.assertFalse(self.device.last_contact)
        policies.write({"tracking_level": "continuous"})
        self.device._receive(parsed)
        self.assertEqual((len(self.rows()), self.device.refused_count), (2, 2))

    def test_quarantine_has_one_row_per_reason(self):
        rejects = [Reject("out_of_range", "a"), Reject("empty", "b"), Reject("out_of_range", "c")]
        self.device._receive(Parsed("json", rejects=rejects), 77)
        found = {row.reason: (row.count, row.raw, row.size) for row in self.device.reject_ids}
        self.assertEqual(found, {"out_of_range": (2, "a", 77), "empty": (1, "b", 77)})

    def test_old_quarantine_is_cleaned(self):
        Reject_ = self.env["field.position.reject"]
        self.device._receive(Parsed("json", rejects=[Reject("empty", "")]))
        row = self.device.reject_ids
        Reject_._gc_old()
        self.assertTrue(row.exists())
        row.received_at = "2020-01-01 00:00:00"
        Reject_._gc_old()
        self.assertFalse(row.exists())

    def test_a_device_with_positions_is_not_deleted(self):
        self.store(self.workday_fixes()[:1])
        with self.assertRaises(UserError):
            self.device.unlink()
        spare, _token = self.new_device(self.rep, "Spare")
        spare.unlink()

    def test_few_queries_whatever_the_size(self):
        fixes = self.workday_fixes()
        self.device._receive(Parsed("form", fixes=fixes[:1]))
        # device, policy cached, one statement; around that of a batch a savepoint
        for part, most in ((fixes[1:2], 3), (fixes[2:300], 5)):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(most):
                self.device._receive(Parsed("form", fixes=part))

    def test_a_batch_that_is_partly_there_is_stored_once(self):
        """The bold way for batches fails on the first that is there, and leaves nothing of its own
        behind."""
        fixes = self.workday_fixes()[:200]
        self.assertEqual(self.store(fixes[100:150]), 50)
        marks = self.env["field.track.mark"].search_count([("user_id", "=", self.rep.id)])
        self.assertEqual(self.store(fixes), 150)
        self.assertEqual(self.store(fixes), 0)
        self.assertEqual(self.Position.search_count([("device_id", "=", self.device.id)]), 200)
        now = self.env["field.track.mark"].search_count([("user_id", "=", self.rep.id)])
        self.assertEqual(now, marks + 1, "one for what was new, none for the failed try")

    def test_a_batch_is_stored_as_its_positions_one_by_one(self):
        """Whatever they know and do not know, in words of any kind."""
        rnd, start = random.Random(7), self.workday_fixes()[0].ts
        words = (None, "in_vehicle", "still", "走路", "a\\b", "x" * 24)
        fixes = [
            Fix(
                ts=start + 3 * n,
                lat=round(rnd.uniform(-90, 90), 7),
                lon=round(rnd.uniform(-180, 180), 7),
                accuracy=rnd.choice((None, 8.5, 1e5)),
                altitude=rnd.choice((None, -3.25)),
                speed=rnd.choice((0.0, 7.25)),
                battery=0.5,
                charging=rnd.choice((True, False)) if n > 80 else None,
                activity=words[n // 20],
                event="sos" if n == 7 else None,
                network="m",
            )
            for n in range(120)
        ]
        self.assertEqual(self.store(fixes), 120)
        other, _token = self.new_device(self.rep, "Other")
        for fix in fixes:
            self.store([fix], other)
        query = """SELECT ts, user_id, company_id, lat, lng, lag_s / 60, accuracy, altitude, speed,
                          course, battery, charging, mock, network, source, activity, event
                     FROM field_position WHERE device_id = %s ORDER BY ts"""
        rows = []
        for device in (self.device, other):
            self.env.cr.execute(query, [device.id])
            rows.append(self.env.cr.fetchall())
        self.assertEqual(*rows)
        packed = self.env["field.track.mark"].search([("user_id", "=", self.rep.id)], limit=1)
        self.assertEqual((packed.ts_max - packed.ts_min).total_seconds(), 3 * 119)
