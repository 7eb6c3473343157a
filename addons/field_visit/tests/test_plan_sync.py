"""A visit that its person plans on the phone."""

from datetime import date
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestPlanSync(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _send(self, kind, payload, at="2026-11-23T01:30:00.000Z"):
        event = self._event(kind, payload, at=at)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _plan_there(self, uuid=None, **values):
        values = {"partner_id": self.dragon.id, "date": "2026-11-25", **values}
        return self._send("visit.plan", {"visit_uuid": uuid or str(uuid4()), **values})

    def _visit(self, uuid):
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def test_a_visit_is_planned_once_and_visited_under_its_name(self):
        kind = self.env["field.visit.type"].create({"name": "Call", "channel": "phone"})
        uuid = str(uuid4())
        wanted = {"date": "2026-11-23", "time": 9.5, "type_id": kind.id}
        self.assertEqual(self._plan_there(uuid, **wanted)["state"], "applied")
        visit = self._visit(uuid)
        self.assertEqual((visit.user_id, visit.partner_id), (self.rita, self.dragon))
        self.assertEqual((visit.plan_date, visit.plan_time), (date(2026, 11, 23), 9.5))
        self.assertEqual((visit.type_id, visit.channel, visit.source), (kind, "phone", "manual"))
        self.assertFalse(visit.is_unplanned)
        self.assertEqual(self._plan_there(uuid, **wanted)["state"], "applied", "again is nothing")
        self.assertEqual(len(self._visit(uuid)), 1)
        begin = {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER}
        self.assertEqual(self._send("visit.check_in", begin)["state"], "applied")
        self.assertEqual(visit.state, "in_progress")

    def test_what_is_planned_there_already_is_that_visit(self):
        known = self._plan(plan_date="2026-11-25", plan_time=14)
        self._plan(user=self.ravi, plan_date="2026-11-25")
        uuid = str(uuid4())
        self.assertEqual(self._plan_there(uuid)["state"], "applied")
        self.assertEqual((known.uuid, known.plan_time), (uuid, 14), "the agreed time stays")
        self.assertEqual(self._visit(uuid), known.sudo())

    def test_said_on_its_day_and_sent_days_after(self):
        uuid = str(uuid4())
        with freeze_time("2026-11-26 01:00:00"):
            answer = self._plan_there(uuid, date="2026-11-24")
        self.assertEqual(answer["state"], "applied")
        self.assertEqual(self._visit(uuid).plan_date, date(2026, 11, 24))

    def test_plans_that_are_refused(self):
        # at 01:30 UTC it is the 23rd in Shanghai
        cases = [
            ({"date": "2026-11-22"}, "bad_day"),
            ({"date": "2027-06-01"}, "bad_day"),
            ({"date": "soon"}, "bad_payload"),
            ({"date": ""}, "bad_payload"),
            ({"time": 25}, "bad_payload"),
            ({"time": "9:30"}, "bad_payload"),
            ({"partner_id": 2**30}, "not_found"),
            ({"partner_id": None}, "bad_payload"),
        ]
        for wrong, code in cases:
            with self.subTest(wrong=wrong):
                answer = self._plan_there(**wrong)
                self.assertEqual((answer["state"], answer["code"]), ("rejected", code))
        other = self._plan(user=self.ravi)
        self.assertEqual(self._plan_there(other.uuid)["code"], "forbidden")
