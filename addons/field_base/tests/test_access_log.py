import base64
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tests.test_cursor import TestCursor

from ..tools.errors import FieldRejected
from .common import FieldCase, build_team, make_event
from .test_consent import PIXEL


@tagged("post_install", "-at_install")
class TestAccessLog(FieldCase):
    """Who looked at whose data."""

    def log(self, viewer, subjects, kind="live", reason=None, records=None):
        Log = self.as_user("field.access.log", viewer)
        before = self.rows()
        Log._log(subjects, kind, reason, records)
        return self.rows() - before

    def rows(self):
        return self.env["field.access.log"].search([])

    def test_an_opening_is_noted(self):
        row = self.log(self.leader, self.rep, "track", " Customer complained ", self.device)
        self.assertRecordValues(
            row,
            [
                {
                    "user_id": self.rep.id,
                    "viewer_id": self.leader.id,
                    "kind": "track",
                    "reason": "Customer complained",
                    "res_model": "field.device",
                    "res_id": self.device.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_own_data_and_the_system_are_not(self):
        self.assertFalse(self.log(self.rep, self.rep))
        self.assertFalse(self.log(self.env.ref("base.user_root"), self.rep))
        rows = self.log(self.leader, self.leader | self.rep)
        self.assertEqual(rows.user_id, self.rep)

    def test_once_an_hour(self):
        with freeze_time("2026-11-20 04:10:00"):
            self.assertTrue(self.log(self.leader, self.rep))
            self.assertFalse(self.log(self.leader, self.rep))
            self.assertTrue(self.log(self.leader, self.rep, "track"))
            self.assertTrue(self.log(self.director, self.rep))
            self.assertTrue(self.log(self.leader, self.rep, records=self.device))
            self.assertTrue(self.log(self.leader, self.rep, reason="A reason says more"))
        with freeze_time("2026-11-20 05:00:00"):
            self.assertTrue(self.log(self.leader, self.rep))

    def test_many_people_in_one_statement(self):
        people = self.rep | self.senior | self.junior | self.other_rep
        counts = []
        for users in (self.leader, people):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.as_user("field.access.log", self.director)._log(users, "live")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertEqual(self.rows().user_id & people, people)

    def test_nobody_changes_it(self):
        row = self.log(self.leader, self.rep)
        for rows in (row.sudo(), *(self.as_user(row._name, u).browse(row.id) for u in self.all())):
            with self.subTest(uid=rows.env.uid):
                with self.assertRaises(UserError):
                    rows.write({"reason": "other"})
                with self.assertRaises(UserError):
                    rows.unlink()
        for user in self.all():
            with self.assertRaises(AccessError):
                self.as_user(row._name, user).create({"user_id": self.rep.id})

    def all(self):
        return self.rep, self.leader, self.admin, self.auditor

    def test_who_reads_it(self):
        of_rep = self.log(self.leader, self.rep)
        of_junior = self.log(self.director, self.junior)
        seen = {
            self.rep: of_rep,
            self.junior: of_junior,
            self.leader: of_rep,  # what he opened himself; not who looked at his people
            self.director: of_junior,
            self.sibling: of_rep.browse(),
            self.admin: of_rep | of_junior,
            self.auditor: of_rep | of_junior,
            self.stranger: of_rep.browse(),
        }
        for user, rows in seen.items():
            with self.subTest(user=user.login):
                Log = self.as_user("field.access.log", user)
                self.assertEqual(Log.search([("id", "in", (of_rep | of_junior).ids)]), rows)
                for hidden in Log.browse(((of_rep | of_junior) - rows).ids):
                    with self.assertRaises(AccessError):
                        hidden.read(["viewer_id"])
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.as_user("field.access.log", user).search([])

    def test_reason_where_the_policy_wants_one(self):
        Log = self.as_user("field.access.log", self.leader)
        Log._check_reason(self.rep, "live", None)
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        policy.access_reason_required = True
        Log._check_reason(self.leader, "live", None)
        Log._check_reason(self.rep, "live", "Accident")
        with self.assertRaises(FieldRejected) as refusal:
            Log._check_reason(self.rep, "live", "  ")
        self.assertEqual(refusal.exception.code, "reason_required")
        self.log(self.leader, self.rep, reason="Accident")
        Log._check_reason(self.rep, "live", None)  # told within the hour
        with freeze_time(datetime.utcnow() + timedelta(hours=2)), self.assertRaises(FieldRejected):
            Log._check_reason(self.rep, "live", None)

    def test_files_of_others(self):
        blob = self.blob("image/png")
        Attachment = self.as_user("ir.attachment", self.leader)
        attachment = Attachment.browse(blob.attachment_id.id)
        attachment.read(["name", "mimetype"])
        self.assertFalse(self.rows())
        self.env.invalidate_all()
        attachment.read(["datas"])
        row = self.rows()
        self.assertEqual((row.user_id, row.viewer_id, row.kind), (self.rep, self.leader, "photo"))
        self.assertEqual((row.res_model, row.res_id), ("field.blob", blob.id))
        self.env.invalidate_all()
        self.as_user("ir.attachment", self.rep).browse(attachment.id).read(["raw"])
        self.assertEqual(self.rows(), row)

    def test_recordings_of_others(self):
        self.env["field.policy"]._get_for_users(self.rep)[self.rep.id].audio_allowed = True
        blob = self.blob("audio/mpeg")
        self.as_user("ir.attachment", self.admin).browse(blob.attachment_id.id).read(["raw"])
        self.assertEqual(self.rows().kind, "recording")

    def test_the_phone_shows_who_looked(self):
        self.log(self.leader, self.rep, "track", "Accident")
        self.log(self.leader, self.junior, "track")
        App = self.as_user("field.app", self.rep)
        [row] = App._pull(self.device, names=["access_log"])["collections"]["access_log"]["rows"]
        self.assertEqual(row["viewer"], {"id": self.leader.id, "name": self.leader.name})
        self.assertEqual((row["kind"], row["reason"]), ("track", "Accident"))

    def blob(self, mimetype):
        raw = base64.b64decode(PIXEL)
        digest = self.env["field.policy"]._hash_consent(raw)
        uuid = make_event()["uuid"]
        blob = self.env["field.blob"]._store(self.device, uuid, raw, mimetype, digest)
        self.env.flush_all()
        self.env.invalidate_all()
        return blob


@tagged("post_install", "-at_install")
class TestAccessLogFiles(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.device = FieldCase.make_device.__func__(cls, cls.rep)

    def test_download_of_a_photo(self):
        self.patch(TestCursor, "commit", _commit_with_hooks)
        raw = base64.b64decode(PIXEL)
        digest = self.env["field.policy"]._hash_consent(raw)
        uuid = make_event()["uuid"]
        blob = self.env["field.blob"]._store(self.device, uuid, raw, "image/png", digest)
        for address in (
            f"/web/content/{blob.attachment_id.id}",
            f"/web/image/{blob.attachment_id.id}",
        ):
            for user, rows in ((self.rep, 0), (self.sibling, 0), (self.leader, 1)):
                with self.subTest(address=address, user=user.login):
                    self.authenticate(user.login, user.login)
                    self.url_open(address)
                    found = self.env["field.access.log"].search([])
                    self.assertEqual(len(found), rows)
            self.assertEqual(found.viewer_id, self.leader)
            found._opened().unlink()


_commit = TestCursor.commit


def _commit_with_hooks(cursor):
    """Odoo's test cursors forget what is to be done after a commit."""
    hooks = list(cursor.postcommit._funcs)
    _commit(cursor)
    for hook in hooks:
        if getattr(getattr(hook, "func", None), "__name__", "") == "_insert_apart":
            hook()
