from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import FieldCase, make_event

NIGHT = datetime(2026, 11, 20, 16)  # midnight in Shanghai
PLACE = {"lat": 31.2304, "lng": 121.4737, "accuracy": 8}


@tagged("post_install", "-at_install")
class TestAlarm(FieldCase):
    """Who calls for help is heard at once, by the next one as long as nobody takes care of it."""

    def call(self, at=NIGHT, seq=1, **payload):
        with freeze_time(at):
            event = make_event("safety.sos", seq, at=at, payload=payload)
            answer = self.sync([event])
        self.assertEqual(answer["results"][0]["state"], "applied", answer)
        return self.alarms()

    def alarms(self):
        return self.env["field.alarm"].search([("user_id", "=", self.rep.id)])

    def watch(self, at):
        with freeze_time(at):
            self.env["field.alarm"]._cron_watch()

    def after(self, minutes):
        return NIGHT + timedelta(minutes=minutes)

    def said_to(self, user, alarm):
        about = [("model", "=", "field.alarm"), ("res_id", "=", alarm.id)]
        mine = [("partner_ids", "in", user.partner_id.ids)]
        return " ".join(self.env["mail.message"].search(about + mine).mapped("body"))

    def told(self, alarm):
        return alarm.activity_ids.user_id

    def test_the_direct_leader_is_told_at_once_in_the_middle_of_the_night(self):
        alarm = self.call(position=PLACE, note="Car broke down")
        self.assertEqual((alarm.kind, alarm.state), ("sos", "open"))
        self.assertEqual((alarm.lat, alarm.lng), (31.2304, 121.4737))
        self.assertEqual(self.told(alarm), self.leader)
        self.assertIn("Car broke down", self.said_to(self.leader, alarm))
        self.env.cr.precommit.run()  # the bus writes before the commit
        bus = self.env["bus.bus"].search([("channel", "like", str(self.leader.partner_id.id))])
        self.assertTrue([one for one in bus if "field_base.alarm" in one.message])
        self.assertNotIn("31.23", self.said_to(self.leader, alarm))

    def test_the_next_one_is_told_until_somebody_takes_care_of_it(self):
        alarm = self.call()
        self.watch(self.after(4))
        self.assertEqual(self.told(alarm), self.leader)
        self.watch(self.after(5))
        self.assertEqual(self.told(alarm), self.leader | self.director)
        self.watch(self.after(10))
        self.assertIn(self.admin, alarm.told_ids)
        self.watch(self.after(20))
        self.assertFalse(alarm.escalate_at)

    def test_who_takes_care_of_it_ends_the_search_and_the_phone_knows(self):
        alarm = self.call()
        with freeze_time(self.after(2)):
            self.as_user("field.alarm", self.leader).browse(alarm.id).action_acknowledge()
        self.watch(self.after(30))
        self.assertEqual((alarm.state, alarm.seen_by_id), ("seen", self.leader))
        self.assertEqual(self.told(alarm), self.leader)
        with freeze_time(self.after(3)):
            App = self.as_user("field.app", self.rep)
            row = App._alarms(App.env["field.alarm"].browse(alarm.id))[0]
        self.assertEqual((row["state"], row["seen_by"]), ("seen", "Leader"))

    def test_closing_needs_what_happened(self):
        alarm = self.call()
        mine = self.as_user("field.alarm", self.leader).browse(alarm.id)
        with self.assertRaises(UserError):
            mine.action_close()
        mine.outcome = "Fetched with a tow truck"
        mine.action_close()
        self.assertEqual(alarm.state, "closed")
        self.assertFalse(alarm.activity_ids)

    def test_calling_again_is_the_same_alarm_with_the_new_place(self):
        first = self.call(position=PLACE)
        self.as_user("field.alarm", self.leader).browse(first.id).action_acknowledge()
        again = self.call(self.after(3), seq=2, position={**PLACE, "lat": 31.3})
        self.assertEqual(again, first)
        self.assertEqual((again.state, again.lat), ("open", 31.3))

    def test_the_person_says_that_all_is_well(self):
        alarm = self.call()
        ok = make_event("safety.ok", 2, at=self.after(1))
        with freeze_time(self.after(1)):
            self.sync([ok])
        self.assertEqual(alarm.state, "ok")
        self.assertFalse(alarm.activity_ids)
        self.watch(self.after(30))
        self.assertNotIn(self.director, alarm.told_ids)

    def test_a_word_from_before_the_call_settles_nothing(self):
        alarm = self.call()
        with freeze_time(self.after(5)):
            self.sync([make_event("safety.ok", 2, at=self.after(-10))])
        self.assertEqual(alarm.state, "open")

    def test_an_answer_by_a_clock_that_is_a_little_slow(self):
        alarm = self.call()
        before = alarm.started_at - timedelta(seconds=2)
        self.assertEqual(self.env["field.alarm"]._all_right(alarm.user_id, before), alarm)
        self.assertEqual(alarm.state, "ok")

    def test_help_is_for_who_stands_above(self):
        alarm = self.call()
        for user in (self.sibling, self.other_rep, self.stranger, self.senior):
            with self.subTest(user.name):
                found = self.as_user("field.alarm", user).search([("id", "=", alarm.id)])
                self.assertFalse(found)
        groups = self.as_user("field.alarm", self.sibling)._read_group([], ["user_id"])
        self.assertFalse(groups)
        with self.assertRaises(AccessError):
            self.as_user("field.alarm", self.sibling).browse(alarm.id).action_acknowledge()
        with self.assertRaises(AccessError):
            self.as_user("field.alarm", self.rep).browse(alarm.id).action_acknowledge()
        with self.assertRaises(AccessError):
            self.as_user("field.alarm", self.rep).create({"kind": "sos", "state": "open"})
        with self.assertRaises(AccessError):
            self.as_user("field.alarm", self.auditor).browse(alarm.id).outcome = "x"

    def test_what_was_called_stays(self):
        alarm = self.call()
        with self.assertRaises(UserError):
            self.as_user("field.alarm", self.leader).browse(alarm.id).write({"state": "ok"})
        with self.assertRaises(AccessError):
            self.as_user("field.alarm", self.leader).browse(alarm.id).unlink()

    def test_an_unanswered_question_becomes_an_alarm(self):
        about = self.env["res.partner"].create({"name": "Golden Dragon"})
        with freeze_time(NIGHT):
            alarm = self.env["field.alarm"]._ask(self.rep, about, 10, self.company)
        self.assertIn("Golden Dragon", self.said_to(self.rep, alarm))
        self.assertFalse(self.told(alarm))
        self.watch(self.after(9))
        self.assertEqual(alarm.state, "asked")
        self.watch(self.after(10))
        self.assertEqual((alarm.state, self.told(alarm)), ("open", self.leader))

    def test_what_he_was_asked_about_has_ended(self):
        about = self.env["res.partner"].create({"name": "Golden Dragon"})
        alarm = self.env["field.alarm"]._ask(self.rep, about, 10, self.company)
        self.env["field.alarm"]._work_is_over(about)
        self.assertEqual(alarm.state, "ok")

    def test_without_a_leader_the_administrators_are_told(self):
        self.emp_rep.parent_id = False
        self.assertIn(self.admin, self.told(self.call()))

    def test_the_button_is_off_until_the_policy_has_it(self):
        App = self.as_user("field.app", self.rep)
        self.assertNotIn("helpers", App._me_values(self.rep))
        policies = self.env["field.policy"].search([("company_id", "=", self.company.id)])
        self.assertFalse(any(policies.mapped("safety_sos")))
        policies.safety_sos = True
        self.emp_leader.work_phone = "400-000-0001"
        helpers = App._me_values(self.rep)["helpers"]
        self.assertEqual(helpers, [{"name": "Leader", "phone": "400-000-0001"}])
        lines = policies[0]._get_consent_sections(self.rep, "en_US")[1]["lines"]
        self.assertIn("SOS", lines[-1])

    def test_it_is_kept_as_long_as_the_policy_says(self):
        alarm = self.call(position=PLACE)
        alarm.write({"state": "closed", "ended_at": NIGHT})
        Retention = self.env["field.retention"]
        later = NIGHT + timedelta(days=40)
        Retention._erase_place(self.company, self.rep, later, 10)
        self.assertEqual((alarm.lat, alarm.lng), (0, 0))
        Retention._erase_hours(self.company, self.rep, later, 10)
        self.assertFalse(alarm.exists())
