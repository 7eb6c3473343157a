import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FieldCase, make_event
from .test_consent import PIXEL

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestRetention(FieldCase):
    """What was kept long enough goes, with a certificate; the rest stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Retention = cls.env["field.retention"]
        cls.Certificate = cls.env["field.retention.certificate"]
        cls.policy = cls.env["field.policy"]._get_for_users(cls.rep)[cls.rep.id]
        cls.now = fields.Datetime.now()

    def erase(self, limit=1000):
        """What the cron does, without its commits."""
        before = self.Certificate.search([])
        for kind, company, users, days in self.Retention._get_jobs():
            while self.Retention._erase_batch(kind, company, users, days, limit):
                self.env.invalidate_all()
        return self.Certificate.search([]) - before

    def old_day(self, user=None, days=100):
        user, at = user or self.rep, self.now - days * DAY
        day = self.env["field.workday"]._do_open(
            user, at, {"lat": 31.2, "lng": 121.4, "accuracy": 9, "fix_age": 1}
        )
        return day._do_close(at + timedelta(hours=1))

    def old_event(self, days=100):
        at = self.now - days * DAY
        event = make_event("contact.ping", at=at)
        self.sync([event], sent_at=self.now.isoformat() + "Z")
        return self.env["field.event"].search([("uuid", "=", event["uuid"])])

    def file(self, mimetype="image/png", days=100):
        raw = base64.b64decode(PIXEL)
        digest = self.env["field.policy"]._hash_consent(raw)
        blob = self.env["field.blob"]._store(
            self.device, make_event()["uuid"], raw, mimetype, digest
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE field_blob SET create_date = %s WHERE id = %s",
            (self.now - days * DAY, blob.id),
        )
        self.env.invalidate_all()
        return blob

    def test_nothing_goes_by_default(self):
        day, event, blob = self.old_day(), self.old_event(), self.file()
        self.assertFalse(self.erase())
        self.assertTrue(day.exists() and event.payload and blob.attachment_id)

    def test_hours(self):
        old, new = self.old_day(), self.old_day(days=10)
        self.policy.retention_hours_days = 30
        [certificate] = self.erase()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())
        self.assertRecordValues(
            certificate,
            [{"kind": "hours", "count": 1, "days": 30, "res_model": "field.workday"}],
        )
        self.assertEqual(len(certificate.digest), 64)
        self.assertFalse(self.erase(), "a second run finds nothing")

    def test_places_go_and_hours_stay(self):
        day = self.old_day()
        hours = day.duration
        self.policy.retention_place_days = 30
        [certificate] = self.erase()
        self.assertEqual((day.open_lat, day.open_lng, day.duration), (0, 0, hours))
        self.assertEqual((certificate.kind, certificate.count), ("place", 1))

    def test_journal(self):
        event = self.old_event()
        self.policy.retention_journal_days = 30
        [certificate] = self.erase()
        self.assertFalse(event.exists())
        self.assertTrue(self.env["field.erasure"].search([("model_name", "=", "field.event")]))
        self.assertEqual(certificate.kind, "journal")

    def test_files(self):
        self.policy.audio_allowed = True
        photo, audio, new = self.file(), self.file("audio/mpeg"), self.file(days=1)
        files = photo.attachment_id
        self.policy.write({"retention_photo_days": 30, "retention_audio_days": 200})
        [certificate] = self.erase()
        self.assertFalse(files.exists())
        self.assertFalse(photo.exists())
        self.assertTrue(audio.attachment_id and new.attachment_id)
        self.policy.retention_audio_days = 30
        [certificate] = self.erase()
        self.assertEqual((certificate.kind, bool(audio.exists())), ("audio", False))

    def test_access_log(self):
        self.as_user("field.access.log", self.leader)._log(self.rep, "live")
        row = self.env["field.access.log"].search([])
        self.env.cr.execute("UPDATE field_access_log SET at = %s", [self.now - 100 * DAY])
        self.env.invalidate_all()
        self.policy.retention_log_days = 365
        self.assertFalse(self.erase())
        self.policy.retention_log_days = 30
        self.assertEqual(self.erase().kind, "log")
        self.assertFalse(row.exists())

    def test_each_person_by_his_own_policy(self):
        mine, other = self.old_day(), self.old_day(self.other_rep)
        self.env["field.policy"].create(
            {
                "name": "Short",
                "user_id": self.rep.id,
                "effective_from": "2020-01-01",
                "retention_hours_days": 30,
            }
        )
        self.policy.retention_hours_days = 365
        self.erase()
        self.assertFalse(mine.exists())
        self.assertTrue(other.exists())

    def test_in_batches_and_chained(self):
        for number in range(3):
            self.old_day(days=100 + number)
        self.policy.retention_hours_days = 30
        first, second = self.erase(limit=2).sorted("id")
        self.assertEqual((first.count, second.count), (2, 1))
        self.assertLess(first.last_at, second.first_at, "the oldest first")
        self.assertEqual(second.previous, first.digest)
        self.assertNotEqual(first.digest, second.digest)

    def test_the_job_runs_and_goes_on(self):
        days = self.old_day() | self.old_day(days=101) | self.old_day(days=102)
        self.policy.retention_hours_days = 30
        cron = self.env.ref("field_base.field_retention_cron_erase")
        cron.code = "model._cron_erase(limit=1)"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(days.exists())
        self.assertEqual(len(self.Certificate.search([("kind", "=", "hours")])), 3)

    def test_who_sees_certificates_and_nobody_changes_them(self):
        self.old_day()
        self.policy.retention_hours_days = 30
        certificate = self.erase()
        for user in (self.admin, self.auditor):
            self.assertTrue(self.as_user(certificate._name, user).search([]))
            with self.assertRaises(UserError):
                self.as_user(certificate._name, user).browse(certificate.id).unlink()
        for user in (self.rep, self.leader, self.internal):
            with self.assertRaises(AccessError):
                self.as_user(certificate._name, user).search([])
        for change in (lambda c: c.write({"count": 0}), lambda c: c.unlink()):
            with self.assertRaises(UserError):
                change(certificate.sudo())
        strange = self.env["res.users"].browse(self.stranger.id)
        strange.group_ids += self.env.ref("field_base.field_base_group_admin")
        found = self.as_user(certificate._name, strange).search([("id", "=", certificate.id)])
        self.assertFalse(found)
