from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..models import field_position_going
from ..tools.parse import Fix
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestRetention(TrackCase, TransactionCase):
    """Positions go by the month, tracks by the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Retention = cls.env["field.retention"]
        cls.policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]
        cls.other_device, _token = cls.new_device(cls.stranger)

    def erase(self):
        Certificate = self.env["field.retention.certificate"]
        before = Certificate.search([])
        for kind, company, users, days in self.Retention._get_jobs():
            while self.Retention._erase_batch(kind, company, users, days, 1000):
                self.env.invalidate_all()
        return Certificate.search([]) - before

    def old_fixes(self, device=None, days=120, count=3):
        ts = int((datetime.utcnow() - timedelta(days=days) - datetime(1970, 1, 1)).total_seconds())
        self.store(
            [Fix(ts=ts + n, lat=31.2, lon=121.4, accuracy=5.0) for n in range(count)], device
        )
        return fields.Date.today() - timedelta(days=days)

    def count(self, user):
        return self.Position.search_count([("user_id", "=", user.id)])

    def test_a_month_is_dropped_as_a_table(self):
        day = self.old_fixes()
        self.old_fixes(days=1)
        self.assertIn(day.replace(day=1), self.Position._existing_months())
        self.assertFalse(self.erase(), "nothing goes by default")
        self.policy.retention_position_days = 60
        certificate = self.erase()
        self.assertEqual(certificate.filtered(lambda c: c.res_model == "field.position").count, 3)
        self.assertNotIn(day.replace(day=1), self.Position._existing_months())
        self.assertEqual(self.count(self.rep), 3)
        self.assertFalse(self.erase())

    def test_a_month_goes_in_slices_and_nobody_sees_it_any_more(self):
        day = self.old_fixes(count=200)
        self.old_fixes(self.other_device)
        self.policy.retention_position_days = 60
        [job] = [job for job in self.Retention._get_jobs() if job[0].key == "position"]
        with patch.object(field_position_going, "SLICE_PAGES", 1):
            done = [self.Retention._erase_batch(*job, 1000)]
            self.assertEqual(self.Position._going_months(), [day.replace(day=1)])
            self.assertFalse(self.count(self.rep) or self.count(self.stranger))
            while done[-1]:
                done.append(self.Retention._erase_batch(*job, 1000))
        self.assertGreater(len(done), 3)
        self.assertEqual(sum(done), 200 + 3 + 2, "positions, and both last ones")
        self.assertEqual(self.Position._going_months(), [])
        certificates = self.env["field.retention.certificate"].search(
            [("res_model", "=", "field.position")], limit=len(done) - 1
        )
        self.assertEqual(sum(certificates.mapped("count")), 203)
        self.assertEqual(len(set(certificates.mapped("digest"))), len(done) - 1)

    def test_what_arrives_while_a_month_goes_goes_the_next_night(self):
        day = self.old_fixes(count=200)
        self.policy.retention_position_days = 60
        [job] = [job for job in self.Retention._get_jobs() if job[0].key == "position"]
        with patch.object(field_position_going, "SLICE_PAGES", 1):
            self.Retention._erase_batch(*job, 1000)
        self.old_fixes()
        self.assertEqual(self.count(self.rep), 3)
        self.erase()
        self.assertEqual(self.count(self.rep), 0)
        self.assertNotIn(day.replace(day=1), self.Position._existing_months())
        self.assertEqual(self.Position._going_months(), [])

    def test_two_companies_share_a_month(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.stranger.company_ids |= other
        self.stranger.company_id = other
        self.other_device.company_id = other
        day = self.old_fixes()
        self.old_fixes(self.other_device)
        for company in self.rep.company_id | other:
            Policy = self.env["field.policy"].with_company(company)
            Policy._get_for_users(self.rep | self.stranger)
            policy = Policy.search([("company_id", "=", company.id)], limit=1)
            policy = policy or Policy.create(
                {"name": "All", "company_id": company.id, "effective_from": "2020-01-01"}
            )
            policy.retention_position_days = 60
        certificates = self.erase().filtered(lambda c: c.res_model == "field.position")
        self.assertEqual(certificates.mapped("count"), [3, 3])
        self.assertEqual(certificates.company_id, self.rep.company_id | other)
        self.assertNotIn(day.replace(day=1), self.Position._existing_months())

    def test_who_may_be_kept_longer_stays(self):
        day = self.old_fixes()
        self.old_fixes(self.other_device)
        self.env["field.policy"].create(
            {
                "name": "Short",
                "user_id": self.rep.id,
                "effective_from": "2020-01-01",
                "retention_position_days": 30,
            }
        )
        self.erase()
        self.assertEqual((self.count(self.rep), self.count(self.stranger)), (0, 3))
        self.assertIn(day.replace(day=1), self.Position._existing_months())

    def test_a_month_that_is_not_over_stays(self):
        self.old_fixes(days=31)
        self.policy.retention_position_days = 30
        month = (fields.Date.today() - timedelta(days=31)).replace(day=1)
        self.erase()
        over = (month + timedelta(days=32)).replace(day=1) <= (
            fields.Date.today() - timedelta(days=30)
        )
        self.assertEqual(self.count(self.rep), 0 if over else 3)

    def test_last_position_of_who_has_long_been_silent(self):
        self.old_fixes()
        Last = self.env["field.position.last"]
        self.assertTrue(Last.search([("user_id", "=", self.rep.id)]))
        self.policy.retention_position_days = 60
        self.erase()
        self.assertFalse(Last.search([("user_id", "=", self.rep.id)]))

    def test_tracks_go_and_the_figures_of_the_day_stay(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild()
        distance = day.distance_m
        self.assertTrue(day.stay_ids and day.trip_ids and day.gap_ids)
        for model in ("field_stay", "field_trip", "field_gap"):
            self.env.cr.execute(
                f"""UPDATE {model} SET start = start - interval '100 days',
                    "end" = "end" - interval '100 days'"""
            )
        self.env.invalidate_all()
        self.policy.retention_track_days = 60
        certificates = self.erase()
        self.assertEqual(
            set(certificates.mapped("res_model")), {"field.stay", "field.trip", "field.gap"}
        )
        self.assertFalse(day.stay_ids or day.trip_ids or day.gap_ids)
        self.assertEqual(day.distance_m, distance)

    def test_questions_notes_alerts_and_records_go_with_the_tracks(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild()
        record = day.sudo()._freeze(self.boss)
        self.env["field.seal"]._seal_next()
        old = fields.Datetime.now() - timedelta(days=100)
        mine = {"user_id": self.rep.id, "company_id": self.rep.company_id.id}
        zone = self.env["field.zone"].create({"name": "Z", "lat": 31.2, "lng": 121.4})
        rows = [
            self.env["field.track.note"].create({**mine, "code": "battery", "at": old}),
            self.env["field.zone.alert"].create(
                {**mine, "zone_id": zone.id, "kind": "enter", "at": old}
            ),
            self.env["field.flag"].create(
                {
                    **mine,
                    "date": old.date(),
                    "tz": "Asia/Shanghai",
                    "rule_id": self.env["field.flag.rule"].search([], limit=1).id,
                    "weight": 1,
                    "start": old,
                    "end": old,
                }
            ),
        ]
        self.policy.retention_track_days = 60
        with freeze_time(fields.Datetime.now() + timedelta(days=61)):
            certificates = self.erase()
        names = set(certificates.mapped("res_model"))
        self.assertLessEqual({row._name for row in rows} | {record._name}, names)
        self.assertFalse(any(row.exists() for row in rows) or record.exists())
        self.assertFalse(self.env["field.seal"].search([], limit=1)._check())

    def test_kept_way_goes_with_the_positions(self):
        self.store(self.workday_fixes())
        [day] = self.rebuild()
        self.assertTrue(day.way)
        self.policy.retention_position_days = 30
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self.erase()
        self.assertFalse(day.way)
