from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import FieldCase

NOON = datetime(2026, 11, 20, 4)  # in Shanghai; quiet from 21:00 to 8:00
NIGHT = datetime(2026, 11, 20, 16)
MORNING = datetime(2026, 11, 21, 0)


@tagged("post_install", "-at_install")
class TestNotice(FieldCase):
    """Everybody is told by the way he has chosen for it, and not at night."""

    def choose(self, channel, kind="privacy", user=None):
        Choice = self.as_user("field.notice.choice", user or self.rep)
        Choice.action_open_mine()
        Choice.search([("kind", "=", kind)]).channel = channel

    def tell(self, at=NOON, subject="Answered", **options):
        with freeze_time(at):
            return self.env["field.notice"]._notify(
                "privacy", self.rep, subject, "<p>Done</p>", author=self.admin, **options
            )

    def send(self, at):
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("field_base.field_notice_cron_send").method_direct_trigger()
        self.env.invalidate_all()

    def mails(self):
        return self.env["mail.mail"].search([("email_to", "ilike", self.rep.email)])

    def inbox(self):
        about = [("partner_ids", "in", self.rep.partner_id.ids), ("body", "ilike", "Done")]
        return self.env["mail.message"].search(about)

    def test_the_usual_way_is_the_one_set_in_odoo(self):
        notice = self.tell()
        self.assertEqual((notice.channel, notice.sent_at), ("usual", NOON))
        self.assertEqual(len(self.inbox()), 1)

    def test_only_in_the_app(self):
        self.choose("app")
        notice = self.tell()
        self.assertTrue(notice.sent_at)
        self.assertFalse(self.inbox() | self.mails().mail_message_id)
        App = self.as_user("field.app", self.rep)
        row = App._notices(App.env["field.notice"].search([]))[0]
        self.assertEqual((row["subject"], row["from"]), ("Answered", "Admin"))

    def test_always_a_mail(self):
        self.choose("mail")
        self.tell()
        self.assertEqual(self.mails().mapped("subject"), ["Answered"])
        self.assertEqual(len(self.inbox() - self.mails().mail_message_id), 0)

    def test_one_mail_a_day(self):
        self.choose("digest")
        first, second = self.tell(subject="One"), self.tell(subject="Two")
        self.assertEqual(first.due_at, MORNING)
        self.send(NIGHT)
        self.assertFalse(self.mails())
        self.send(MORNING)
        self.assertEqual(len(self.mails()), 1)
        self.assertIn("One", self.mails().body_html)
        self.assertIn("Two", self.mails().body_html)
        self.assertTrue(second.sent_at)
        self.send(MORNING)
        self.assertEqual(len(self.mails()), 1)

    def test_quiet_hours_are_kept(self):
        notice = self.tell(NIGHT)
        self.assertFalse(notice.sent_at or self.inbox())
        self.assertEqual(notice.due_at, MORNING)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("field_base.field_notice_cron_send").id)]
        )
        self.assertIn(MORNING, triggers.mapped("call_at"))
        self.send(MORNING)
        self.assertEqual(len(self.inbox()), 1)

    def test_what_is_urgent_waits_for_nothing(self):
        self.choose("digest")
        self.assertTrue(self.tell(NIGHT, urgent=True).sent_at)
        self.assertEqual(len(self.inbox()), 1)

    def test_an_announcement_takes_the_way_of_each_reader(self):
        self.choose("app", kind="announcement")
        news = self.as_user("field.announcement", self.leader).create({"name": "Prices"})
        with freeze_time(NOON):
            news.action_publish()
            news.sudo().receipt_ids._do_notify()
        told = self.env["mail.message"].search([("subject", "=", "Prices")]).partner_ids
        self.assertIn(self.senior.partner_id, told)
        self.assertNotIn(self.rep.partner_id, told)

    def test_everybody_has_his_own_list_and_choices(self):
        self.choose("digest")
        notice = self.tell()
        for user in (self.leader, self.admin, self.auditor, self.other_rep):
            with self.subTest(user.name):
                if user != self.auditor:
                    found = self.as_user("field.notice", user).search([("id", "=", notice.id)])
                    self.assertFalse(found)
                    self.assertFalse(
                        self.as_user("field.notice.choice", user).search(
                            [("user_id", "=", self.rep.id)]
                        )
                    )
        with self.assertRaises(AccessError):
            self.as_user("field.notice", self.auditor).search([])
        made = self.as_user("field.notice.choice", self.rep).search([])
        with self.assertRaises(AccessError):
            made.with_user(self.leader).write({"channel": "mail"})
