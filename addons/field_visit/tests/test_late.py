import unittest
from datetime import datetime, timedelta
from uuid import uuid4

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.late import late_minutes, left_at
from .common import AT_CUSTOMER, FAR, PIN, VisitCase
from .test_sync import SyncCommon

IN, LEFT, OUT = (datetime(2026, 11, 23, hour) for hour in (1, 2, 9))


class TestLateArithmetic(unittest.TestCase):
    def test_when_somebody_left(self):
        self.assertEqual(left_at(OUT, LEFT, was_inside=False), LEFT)
        self.assertEqual(left_at(OUT, None, was_inside=False), OUT, "the track knows nothing")
        self.assertEqual(left_at(OUT, LEFT, was_inside=True), OUT, "he was there, track or not")
        self.assertEqual(left_at(LEFT, OUT, was_inside=False), LEFT, "he stayed after the visit")

    def test_late_begins_beyond_the_limit(self):
        for minutes, found in ((-20, 0), (0, 0), (30, 0), (30.5, 30), (31, 31), (420, 420)):
            entered = LEFT + timedelta(minutes=minutes)
            self.assertEqual(late_minutes(entered, LEFT, 30), found, minutes)
        self.assertEqual(late_minutes(OUT, LEFT, 0), 0, "no limit, no mark")
        self.assertEqual(late_minutes(None, LEFT, 30), 0)
        self.assertEqual(late_minutes(OUT, None, 30), 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 11:00:00")
class TestLate(SyncCommon, VisitCase):
    """09:00 in, away from 10:00 on by the track, written down in the evening."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _visit(self, talk="08:50", out="09:00", place=FAR, note="All fine"):
        """A visit that was entered in two goes; times are UTC of the phone's events."""
        uuid = str(uuid4())
        here = {"visit_uuid": uuid}
        events = [
            ("visit.check_in", {"partner_id": self.dragon.id, "position": AT_CUSTOMER}, "01:00"),
            ("visit.step_done", {"step_key": "look"}, "01:20"),
            ("visit.step_done", {"step_key": "talk", "note": "Wants more"}, talk),
            ("visit.check_out", {"position": place, "note": note}, out),
        ]
        answers = self.env["field.event"]._sync(
            self.device,
            [
                self._event(kind, here | payload, at=f"2026-11-23T{at}:00.000Z")
                for kind, payload, at in events
            ],
        )
        self.assertEqual({one["state"] for one in answers["results"]}, {"applied"})
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def _track(self, start=IN, end=LEFT):
        stay = {
            "start": start,
            "end": end,
            "lat": PIN[0],
            "lng": PIN[1],
            "radius": 20,
            "ref": "s,1",
        }
        day = datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16)
        self.env["field.visit"]._verify_presence(self.rita, *day, [stay], [])

    def _show(self, visit):
        visit._with_evidence().write({"truth_shown": True, "truth_due_at": False})

    def test_written_down_in_the_evening(self):
        visit = self._visit()
        self._track()
        self._show(visit)
        self.assertEqual((visit.late_count, visit.late_most_min), (2, 420))
        late = {step.key: step.late_min for step in visit.step_ids}
        self.assertEqual(late, {"look": 0, "shelf": 0, "talk": 410, "extra": 0})
        found = self.env["field.visit"].with_user(self.lea).search([("late_count", ">", 0)])
        self.assertIn(visit, found)

    def test_the_person_reads_it_first(self):
        visit = self._visit()
        self._track()
        own, leader = visit.with_user(self.rita), visit.with_user(self.lea)
        self.assertIn("410", own.truth_summary)
        self.assertIn("Closing note", own.truth_summary)
        self.assertEqual(self._step(own, "talk").late_min, 410)
        self.assertFalse(leader.truth_summary)
        self.assertEqual(self._step(leader, "talk").late_min, 0)
        self.assertIs(leader.late_count, False, "empty, not 0")
        self._show(visit)
        self.assertIn("410", leader.truth_summary)
        self.assertEqual(self._step(leader, "talk").late_min, 410)

    def test_who_still_stands_there_is_never_late(self):
        visit = self._visit(place=AT_CUSTOMER)
        self._track()
        self._show(visit)
        self.assertEqual(visit.late_count, 0, "the track lost him; the check-out found him")

    def test_without_a_track_nobody_is_accused(self):
        visit = self._visit()
        self._show(visit)
        self.assertEqual(visit.late_count, 0)

    def test_a_track_that_comes_later_counts(self):
        visit = self._visit()
        self._show(visit)
        self._track()
        self.assertEqual(visit.late_count, 2)
        self._track(end=datetime(2026, 11, 23, 8, 55))
        self.assertEqual(visit.late_count, 0)

    def test_an_answer_that_comes_later_counts(self):
        visit = self._visit(talk="01:30", note="")
        self._track()
        self._show(visit)
        self.assertEqual(visit.late_count, 0)
        payload = {"visit_uuid": visit.uuid, "step_key": "extra"}
        event = self._event("visit.step_done", payload, at="2026-11-23T08:55:00.000Z")
        answer = self.env["field.event"]._sync(self.device, [event])["results"][0]
        self.assertEqual(answer["state"], "applied")
        self.assertEqual(visit.late_count, 1)

    def test_the_policy_says_how_late_is_late(self):
        self._policy(late_entry_min=0)
        visit = self._visit()
        self._track()
        self._show(visit)
        self.assertEqual(visit.late_count, 0)
        self._policy(late_entry_min=415)
        visit.modified(["truth_shown"])
        self.assertEqual(visit.late_count, 1, "only the closing note")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._policy(late_entry_min=-1).flush_recordset()

    def test_a_call_has_no_place_to_leave(self):
        visit = self._visit()
        self._track()
        visit._with_evidence().write({"channel": "phone"})
        self._show(visit)
        self.assertEqual(visit.late_count, 0)
