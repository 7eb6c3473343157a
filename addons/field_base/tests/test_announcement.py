from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.times import in_quiet_hours
from .common import FieldCase, make_event

NOON = datetime(2026, 11, 20, 4)  # in Shanghai
NIGHT = datetime(2026, 11, 20, 16)


@tagged("post_install", "-at_install")
class TestAnnouncement(FieldCase):
    """Said once, read by everybody it was for, and it is known by whom."""

    def write(self, author, audience="team", **values):
        values = {
            "name": "New prices",
            "body": "<p>From Monday</p>",
            "audience": audience,
            **values,
        }
        return self.as_user("field.announcement", author).create(values)

    def publish(self, author, at=NOON, **values):
        announcement = self.write(author, **values)
        with freeze_time(at):
            announcement.action_publish()
        return announcement

    def readers(self, announcement):
        return announcement.sudo().receipt_ids.user_id

    def notify(self, at):
        """What the cron does, without its commits."""
        Receipt = self.env["field.announcement.receipt"]
        with freeze_time(at):
            Receipt._mark_late()
            ready = Receipt.search(Receipt._due_domain())._outside_quiet_hours(at)
            ready._do_notify()
        return ready

    def test_a_leader_writes_to_the_people_below_him(self):
        team = self.rep | self.senior | self.junior
        self.assertEqual(self.readers(self.publish(self.leader)), team)
        self.assertEqual(self.readers(self.publish(self.sibling)), self.other_rep)
        some = self.publish(self.leader, audience="some", user_ids=[(6, 0, self.junior.ids)])
        self.assertEqual(self.readers(some), self.junior)

    def test_a_leader_writes_to_nobody_else(self):
        for values in (
            {"audience": "all"},
            {"audience": "some", "user_ids": [(6, 0, (self.junior | self.other_rep).ids)]},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                self.publish(self.leader, **values)
        with self.assertRaises(UserError):
            self.publish(self.leader, audience="some")

    def test_an_administrator_writes_to_everybody_of_the_company(self):
        readers = self.readers(self.publish(self.admin, audience="all"))
        self.assertLessEqual(self.rep | self.other_rep | self.leader | self.director, readers)
        self.assertFalse(readers & (self.stranger_rep | self.internal | self.auditor | self.admin))

    def test_a_representative_writes_to_nobody(self):
        with self.assertRaises(AccessError):
            self.write(self.rep)

    def test_nobody_writes_as_somebody_else_or_past_the_buttons(self):
        announcement = self.write(self.leader, author_id=self.admin.id, state="published")
        self.assertEqual((announcement.author_id, announcement.state), (self.leader, "draft"))
        with self.assertRaises(AccessError):
            announcement.write({"state": "published"})
        with self.assertRaises(AccessError):
            self.as_user("field.announcement", self.sibling).browse(
                announcement.id
            ).action_publish()

    def test_what_was_read_stays_as_it_was(self):
        announcement = self.publish(self.leader)
        with self.assertRaises(UserError):
            announcement.body = "<p>Other</p>"
        with self.assertRaises(UserError):
            announcement.unlink()
        self.write(self.leader).unlink()

    def test_who_sees_it(self):
        announcement = self.publish(self.leader)
        draft = self.write(self.leader)
        seen = {
            self.rep: announcement,
            self.leader: announcement | draft,
            self.other_rep: announcement.browse(),
            self.sibling: announcement.browse(),
            self.director: announcement.browse(),
            self.admin: announcement | draft,
            self.auditor: announcement,
            self.stranger: announcement.browse(),
        }
        for user, expected in seen.items():
            with self.subTest(user=user.login):
                Announcement = self.as_user("field.announcement", user)
                found = Announcement.search([("id", "in", (announcement | draft).ids)])
                self.assertEqual(found.ids, expected.sorted().ids)
        receipts = announcement.sudo().receipt_ids
        seen = {
            self.rep: self.rep,
            self.leader: receipts.user_id,
            self.director: receipts.user_id,
            self.sibling: self.env["res.users"],
            self.auditor: receipts.user_id,
            self.stranger: self.env["res.users"],
        }
        for user, people in seen.items():
            with self.subTest(receipts=user.login):
                Receipt = self.as_user("field.announcement.receipt", user)
                found = Receipt.search([("id", "in", receipts.ids)])
                self.assertEqual(found.sudo().user_id, people)
                with self.assertRaises(AccessError):
                    Receipt.browse(receipts[0].id).write({"read_at": NOON})
        for user in (self.internal, self.portal):
            with self.assertRaises(AccessError):
                self.as_user("field.announcement", user).search([])

    def test_reading_is_noted_once(self):
        announcement = self.publish(self.leader)
        mine = self.as_user("field.announcement", self.rep).browse(announcement.id)
        self.assertFalse(mine.is_read)
        with freeze_time(NOON):
            mine.action_read()
        with freeze_time(NOON + timedelta(hours=1)):
            mine.action_read()
        mine.invalidate_recordset()
        self.assertTrue(mine.is_read)
        receipt = announcement.sudo().receipt_ids.filtered(lambda r: r.user_id == self.rep)
        self.assertEqual((receipt.read_at, receipt.source), (NOON, "web"))
        announcement.invalidate_recordset()
        self.assertEqual(
            (announcement.reader_count, announcement.read_count, announcement.unread_count),
            (3, 1, 2),
        )
        action = announcement.action_open_unread()
        self.assertEqual(action["domain"], [("announcement_id", "=", announcement.id)])

    def test_read_on_the_phone(self):
        announcement = self.publish(self.leader)
        event = make_event(
            "announcement.read", at=NOON, payload={"announcement_id": announcement.id}
        )
        [result] = self.sync([event])["results"]
        self.assertEqual(result["state"], "applied")
        receipt = announcement.sudo().receipt_ids.filtered(lambda r: r.user_id == self.rep)
        self.assertEqual((receipt.source, bool(receipt.read_at)), ("app", True))
        foreign = self.publish(self.sibling)
        event = make_event("announcement.read", 2, payload={"announcement_id": foreign.id})
        [result] = self.sync([event])["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "not_found"))

    def test_the_phone_has_it(self):
        announcement = self.publish(self.leader, is_urgent=True)
        App = self.as_user("field.app", self.rep)

        def rows():
            answer = App._pull(self.device, names=["announcements"])
            return answer["collections"].get("announcements", {}).get("rows", [])

        [row] = rows()
        self.assertEqual(row["announcement_id"], announcement.id)
        self.assertEqual((row["subject"], row["from"]), ("New prices", self.leader.name))
        self.assertEqual((row["urgent"], row["must_read"], row["read_at"]), (True, True, None))
        announcement.action_close()
        self.assertFalse(rows())

    def test_quiet_hours(self):
        for hour, start, end, quiet in (
            (22, 21, 8, True),
            (7.98, 21, 8, True),
            (8, 21, 8, False),
            (12, 21, 8, False),
            (13, 12, 14, True),
            (14, 12, 14, False),
            (3, 0, 0, False),
        ):
            moment = datetime(2026, 11, 20) + timedelta(hours=hour)
            with self.subTest(hour=hour, start=start):
                self.assertEqual(in_quiet_hours(moment, "UTC", start, end), quiet)

    def test_notifications_wait_for_the_end_of_quiet_hours(self):
        announcement = self.publish(self.leader, at=NIGHT)
        self.assertFalse(self.notify(NIGHT))
        self.rep.tz = "Europe/Berlin"  # five in the afternoon there
        self.assertEqual(self.notify(NIGHT).user_id, self.rep)
        morning = NIGHT + timedelta(hours=9)
        self.assertEqual(self.notify(morning).user_id, self.senior | self.junior)
        self.assertFalse(self.notify(morning + timedelta(minutes=1)))
        messages = self.env["mail.message"].search(
            [("model", "=", "field.announcement"), ("res_id", "=", announcement.id)]
        )
        self.assertIn(self.junior.partner_id, messages.notified_partner_ids)
        self.assertEqual(messages[0].author_id, self.leader.partner_id)

    def test_urgent_ones_do_not_wait(self):
        self.publish(self.leader, at=NIGHT, is_urgent=True)
        self.assertEqual(len(self.notify(NIGHT)), 3)

    def test_who_has_not_read_is_reminded_once(self):
        announcement = self.publish(self.leader, remind_hours=24)
        self.notify(NOON)
        self.as_user("field.announcement", self.rep).browse(announcement.id).action_read()
        self.assertFalse(self.notify(NOON + timedelta(hours=23)))
        late = self.notify(NOON + timedelta(hours=25))
        self.assertEqual(late.user_id, self.senior | self.junior)
        self.assertFalse(self.notify(NOON + timedelta(hours=50)))
        announcement.action_remind()
        self.assertEqual(len(self.notify(NOON + timedelta(hours=51))), 2)

    def test_cost_does_not_grow_with_the_readers(self):
        counts = []
        for audience in ([self.junior.id], (self.rep | self.senior | self.junior).ids):
            announcement = self.write(self.leader, "some", user_ids=[(6, 0, audience)])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            announcement.action_publish()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_the_job_runs(self):
        self.publish(self.leader, is_urgent=True)
        with self.enter_registry_test_mode():
            self.env.ref("field_base.field_announcement_cron_notify").method_direct_trigger()
        Receipt = self.env["field.announcement.receipt"]
        self.assertFalse(Receipt.search([("notified_at", "=", False)]))
