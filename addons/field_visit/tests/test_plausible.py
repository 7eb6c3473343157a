import unittest
from datetime import datetime, timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import plausible
from .common import AT_CUSTOMER, METRE, PIN, VisitCase, north
from .test_sync import SyncCommon

NOON = datetime(2026, 11, 23, 4)


def point(metres, minutes=0, accuracy=8):
    at = NOON + timedelta(minutes=minutes)
    return plausible.Point(PIN[0] + metres * METRE, PIN[1], accuracy, at)


def fix(metres=24, at="01:29:58", accuracy=8, **more):
    place = {"lat": PIN[0] + metres * METRE, "lng": PIN[1], "accuracy": accuracy}
    return {**place, "at": f"2026-11-23T{at}.000Z", **more}


class TestPlausibleArithmetic(unittest.TestCase):
    def test_nobody_is_faster_than_a_train(self):
        self.assertEqual(plausible.odd_speed([point(0), point(40000, 10)]), 0, "a fast train")
        self.assertEqual(round(plausible.odd_speed([point(0), point(100000, 10)]), -1), 600)
        self.assertEqual(plausible.odd_speed([point(0), point(1900)]), 0, "too near to tell")
        self.assertEqual(plausible.odd_speed([]), 0)

    def test_a_coarse_fix_is_given_its_doubt(self):
        self.assertEqual(plausible.odd_speed([point(0, accuracy=4000), point(5000)]), 0)
        self.assertGreater(plausible.odd_speed([point(0), point(5000)]), 400)

    def test_clocks(self):
        fixes = plausible.read_fixes([fix(at="01:29:58"), fix(at="01:29:40")])
        self.assertEqual([one["at"][11:19] for one in fixes], ["01:29:40", "01:29:58"])
        tap = datetime(2026, 11, 23, 1, 30)
        self.assertEqual(plausible.odd_clock(fixes, tap, 0), 0)
        self.assertEqual(plausible.odd_clock(fixes, tap, -599), 0)
        self.assertEqual(plausible.odd_clock(fixes, tap, -1800), 30)
        self.assertEqual(plausible.odd_clock(fixes, tap + timedelta(hours=2), 0), 120)
        self.assertEqual(plausible.odd_clock(fixes, None, 0), 0)

    def test_what_is_no_list_of_positions(self):
        for wrong in ({}, "x", [fix()] * 11, [{**fix(), "at": "now"}], [{**fix(), "at": None}]):
            with self.assertRaises((ValueError, IndexError)):
                plausible.read_fixes(wrong)
        self.assertEqual(plausible.read_fixes(None), [])
        (read,) = plausible.read_fixes([fix(speed=1.5, heading="north", secret="x")])
        self.assertEqual((read["speed"], read["heading"], "secret" in read), (1.5, None, False))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 11:00:00")
class TestPlausible(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(truth_hours=2)
        cls._set_up_phone()

    def _check_in(self, at="01:30", position=AT_CUSTOMER, partner=None, day=23, state=None, **more):
        """A visit of five minutes; its events come in the order they are made."""
        uuid = str(uuid4())
        partner = partner or self.dragon
        payload = {"visit_uuid": uuid, "partner_id": partner.id, "position": position, **more}
        moment = datetime.fromisoformat(f"2026-11-{day}T{at}")
        events = [self._event("visit.check_in", payload, at=f"{moment.isoformat()}.000Z")]
        if not state:
            moment += timedelta(minutes=5)
            out = {"visit_uuid": uuid}
            events.append(self._event("visit.check_out", out, at=f"{moment.isoformat()}.000Z"))
        answers = self.env["field.event"]._sync(self.device, events)["results"]
        self.assertEqual({one["state"] for one in answers}, {state or "applied"}, answers)
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def _marks(self, visit):
        odd = visit._get_odd()
        return bool(odd["speed"]), odd["repeats"], odd["clock"]

    def _speed(self, visit):
        return visit._get_odd()["speed"]

    def _repeats(self, visit):
        return visit._get_odd()["repeats"]

    def test_raw_positions_are_kept(self):
        visit = self._check_in(fixes=[fix(speed=2), fix(30, at="01:29:50", accuracy=60)])
        self.assertEqual([one["accuracy"] for one in visit.check_in_fixes], [60, 8])
        self.assertIn("09:29:58", visit.fixes_text, "in the person's time")
        self.assertIn("±60 m", visit.fixes_text)
        self.assertIn("7 km/h", visit.fixes_text)
        self.assertEqual(self._marks(visit), (False, 0, 0))
        with self.assertRaises(UserError):
            visit.with_user(self.rita).check_in_fixes = []

    def test_what_is_no_list_is_refused(self):
        self._check_in(fixes=[{"lat": 1}], state="rejected")
        self._check_in(fixes=7, state="rejected")

    def test_two_cities_in_ten_minutes(self):
        first = self._check_in()
        far = north(150_000)
        second = self._check_in("01:45", far, self.nowhere)
        self.assertFalse(self._speed(first))
        self.assertGreater(self._speed(second), 500)

    def test_an_honest_drive_is_none(self):
        self._check_in()
        second = self._check_in("01:45", north(5000), self.lucky)
        self.assertEqual(self._marks(second), (False, 0, 0))

    def test_a_day_that_comes_in_another_order(self):
        second = self._check_in("01:45", north(150_000), self.nowhere)
        self.assertFalse(self._speed(second))
        self._check_in()
        self.assertGreater(self._speed(second), 500, "what came before is known now")

    def test_positions_that_jump(self):
        visit = self._check_in(fixes=[fix(90_000, at="01:29:50"), fix()])
        self.assertTrue(self._speed(visit))

    def test_the_same_to_the_centimetre(self):
        days = [self._check_in(day=day) for day in (18, 19, 20)]
        self.assertEqual([self._repeats(visit) for visit in days], [0, 0, 2])
        again = self._check_in("02:30", day=20)
        self.assertEqual(self._repeats(again), 2, "the day counts once")
        moved = self._check_in("03:30", {**AT_CUSTOMER, "lat": AT_CUSTOMER["lat"] + 2e-7}, day=21)
        self.assertEqual(self._repeats(moved), 0)
        coarse = self._check_in("04:30", {**AT_CUSTOMER, "accuracy": 900}, day=21)
        self.assertEqual(self._repeats(coarse), 0, "a mast repeats")

    def test_positions_from_another_time(self):
        visit = self._check_in(fixes=[fix(at="00:50:00")])
        self.assertEqual(self._marks(visit), (False, 0, 40))

    def test_the_person_reads_it_first(self):
        self._check_in()
        visit = self._check_in("01:45", north(150_000), self.nowhere, fixes=[fix(at="01:44:50")])
        own, leader = visit.with_user(self.rita), visit.with_user(self.lea)
        words = f"{self._speed(visit)} km/h"
        self.assertIn(words, own.truth_summary)
        self.assertIn("Plausible travel: 0 / 10", own.truth_summary)
        self.assertFalse(leader.truth_summary)
        odd = [("id", "=", visit.id), ("odd_speed_kmh", ">", 0)]
        self.assertFalse(leader.search(odd), "nor by a filter")
        self.assertIs(leader.odd_speed_kmh, False)
        with self.assertRaises(AccessError):
            leader.read(["odd_facts"])
        queue = self.env["field.visit"].with_user(self.lea)
        self.assertNotIn(visit.id, [item["id"] for item in queue.get_review_queue()["items"]])
        own.action_explain("By aeroplane")
        (item,) = [one for one in queue.get_review_queue()["items"] if one["id"] == visit.id]
        self.assertTrue([reason for reason in item["reasons"] if words in reason])
        self.assertIn("09:44:50", dict(item["facts"])["Raw positions"])

    def test_an_honest_visit_has_the_points(self):
        summary = self._check_in().with_user(self.rita).truth_summary
        self.assertIn("Plausible travel: 10 / 10", summary)
        self.assertIn("Fresh position: 5 / 5", summary)

    def test_raw_positions_go_with_the_place(self):
        visit = self._check_in(fixes=[fix()])
        self.policy = self._policy(retention_place_days=30)
        with freeze_time("2027-02-01 11:00:00"):
            self.env["field.retention"]._erase_place(
                self.env.company, self.rita, datetime(2027, 1, 1), 100
            )
        self.env.invalidate_all()
        self.assertFalse(visit.check_in_fixes)
        self.assertFalse(visit.check_in_lat)
