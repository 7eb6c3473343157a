"""One visit after the other: no minute counts at two customers, whatever arrives when."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, METRE, PIN, VisitCase
from .test_sync import SyncCommon

DAY = datetime(2026, 11, 20)
DAY_BOUNDS = (DAY - timedelta(hours=8), DAY + timedelta(hours=16))


def at(hour, minute=0):
    return DAY.replace(hour=hour, minute=minute)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestOrder(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.lucky.partner_latitude = PIN[0] + 60 * METRE
        cls.shops = [cls.dragon, cls.lucky, cls.nowhere]

    def _send(self, kind, uuid, moment, **payload):
        event = self._event(
            kind,
            {"visit_uuid": uuid, **payload},
            at=moment.isoformat(timespec="milliseconds") + "Z",
        )
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _check_in(self, uuid, moment, partner=None, **payload):
        customer = (partner or self.dragon).id
        payload = {"partner_id": customer, "position": AT_CUSTOMER, **payload}
        result = self._send("visit.check_in", uuid, moment, **payload)
        self.assertEqual(result["state"], "applied", result)
        return self._visit(uuid)

    def _check_out(self, uuid, moment):
        result = self._send("visit.check_out", uuid, moment)
        self.assertEqual(result["state"], "applied", result)

    def _visit(self, uuid):
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def _minutes(self, *visits):
        return [round(visit.effective_min, 1) for visit in visits]

    def test_late_check_in_ends_the_visit_that_the_night_had_closed(self):
        """The phone was offline: the night closed A, the next day the phone tells of B."""
        a, b = str(uuid4()), str(uuid4())
        first = self._check_in(a, at(1))
        first._do_close_forgotten()
        self.assertEqual((first.end_source, first.check_out_at), ("auto", at(14)))
        second = self._check_in(b, at(2), self.lucky, close_previous=True)
        self._check_out(b, at(2, 30))
        self.assertEqual((first.end_source, first.check_out_at), ("next_visit", at(2)))
        self.assertEqual(self._minutes(first, second), [60, 30])

    def test_told_check_outs_of_two_phones_do_not_overlap(self):
        """A from 1:00 to 1:30 is known; the other phone tells of B from 1:10 to 1:40."""
        a, b = str(uuid4()), str(uuid4())
        first = self._check_in(a, at(1))
        self._check_out(a, at(1, 30))
        self.assertEqual(self._minutes(first), [30])
        second = self._check_in(b, at(1, 10), self.lucky)
        self._check_out(b, at(1, 40))
        self.assertEqual((first.end_source, first.check_out_at), ("user", at(1, 30)))
        self.assertEqual(self._minutes(first, second), [10, 30])

    def test_time_comes_back_when_the_later_one_was_a_mistake(self):
        a, b = str(uuid4()), str(uuid4())
        first = self._check_in(a, at(1))
        self._check_out(a, at(1, 30))
        second = self._check_in(b, at(1, 10), self.lucky)
        self.assertEqual(self._minutes(first), [10])
        second._do_cancel("Wrong shop")
        self.assertEqual(self._minutes(first), [30])

    def test_fence_that_was_left_keeps_its_end_but_not_its_rest(self):
        """Without the track it would fall back to the night: then to the next check-in at most."""
        a, b = str(uuid4()), str(uuid4())
        first = self._check_in(a, at(1))
        first._do_close_forgotten()
        stay = {"start": at(1), "end": at(1, 20), "lat": PIN[0], "lng": PIN[1]}
        stay |= {"radius": 20, "ref": "s,1"}
        verify = self.env["field.visit"]._verify_presence
        verify(self.rita, *DAY_BOUNDS, [stay], [])
        self.assertEqual((first.end_source, first.check_out_at), ("fence", at(1, 20)))
        self._check_in(b, at(2), self.lucky, close_previous=True)
        self.assertEqual((first.end_source, first.check_out_at), ("fence", at(1, 20)))
        verify(self.rita, *DAY_BOUNDS, [], [])
        self.assertEqual((first.end_source, first.check_out_at), ("next_visit", at(2)))

    def test_one_stay_over_three_shops_is_shared_in_any_order(self):
        """A mall, no check-out but the last, two phones: the track sees one stay of two hours."""
        starts = [at(1), at(1, 30), at(2, 15)]
        stay = {"start": at(0, 50), "end": at(3), "lat": PIN[0] + 30 * METRE, "lng": PIN[1]}
        stay |= {"radius": 80, "ref": "s,1"}
        for order in permutations(range(3)):
            with self.subTest(order=order), self.env.cr.savepoint() as savepoint:
                uuids = [str(uuid4()) for _shop in self.shops]
                for index in order:
                    shop, start = self.shops[index], starts[index]
                    self._check_in(uuids[index], start, shop, close_previous=True)
                self._check_out(uuids[2], at(3))
                visits = [self._visit(uuid) for uuid in uuids]
                self.assertEqual(self._minutes(*visits), [30, 45, 45])
                self.env["field.visit"]._verify_presence(self.rita, *DAY_BOUNDS, [stay], [])
                self.assertEqual(self._minutes(*visits), [30, 45, 45])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_forgotten_visit_lasts_no_longer_than_to_the_next_one(self):
        """It comes late, from before a visit that is over, and its check-out never comes."""
        a, b = str(uuid4()), str(uuid4())
        self._check_in(b, at(2), self.lucky)
        self._check_out(b, at(2, 30))
        first = self._check_in(a, at(1))
        self.assertEqual(first.state, "in_progress")
        first._do_close_forgotten()
        self.assertEqual((first.end_source, first.check_out_at), ("auto", at(2)))

    def test_visit_that_ends_as_it_arrives_has_its_outcome(self):
        """From before the one that is open: its score is due as with any other."""
        self._policy(truth_hours=2)
        a, b = str(uuid4()), str(uuid4())
        self._check_in(b, at(2), self.lucky)
        first = self._check_in(a, at(1))
        self.assertEqual((first.state, first.check_out_at), ("done", at(2)))
        self.assertTrue(first.truth_due_at)

    def test_day_report_adds_up_to_the_day(self):
        a, b = str(uuid4()), str(uuid4())
        self._check_in(a, at(1))
        self._check_out(a, at(3))
        self._check_in(b, at(2), self.lucky)
        self._check_out(b, at(3))
        Report = self.env["field.work.report"]
        report = Report._make("day", self.env.company, DAY.date(), self.rita)
        self.assertEqual(report.visit_min, 120)
