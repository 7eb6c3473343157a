from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, METRE, PIN, VisitCase

DAY_START = datetime(2026, 11, 22, 16, 0)
DAY_END = DAY_START + timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 12:00:00")
class TestPresenceModel(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._plan()
        cls.visit._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 0))
        cls.visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 30))

    def _stay(self, metres=0):
        return {
            "start": datetime(2026, 11, 23, 0, 55, 10),
            "end": datetime(2026, 11, 23, 1, 40),
            "lat": PIN[0] + metres * METRE,
            "lng": PIN[1],
            "radius": 25.0,
            "ref": "field.stay,12",
        }

    def _verify(self, stays, gaps=(), user=None):
        return self.env["field.visit"]._verify_presence(
            user or self.rita, DAY_START, DAY_END, stays, list(gaps)
        )

    def test_stay_verifies_the_visit(self):
        self._verify([self._stay()])
        self.assertEqual(self.visit.presence_state, "verified")
        self.assertEqual(self.visit.presence_min, 30)
        self.assertEqual(self.visit.presence_ref, "field.stay,12")
        self.assertEqual(self.visit.presence_start, datetime(2026, 11, 23, 0, 55, 10))
        self.assertEqual(
            self.visit.presence_summary,
            "There from 08:55 to 09:40 by the track: 30 of 30 minutes.",
        )

    def test_same_track_again_writes_nothing(self):
        self._verify([self._stay()])
        self.env.flush_all()
        with self.assertQueries([], flush=True):
            self.visit._apply_presence(self.visit._judge_presence(DAY_END, [self._stay()], []))

    def test_rebuilt_day_gives_what_it_would_have_given_at_first(self):
        self._verify([self._stay(metres=4000)])
        self.assertEqual(self.visit.presence_state, "contradicted")
        self._verify([self._stay()])
        self.assertEqual(self.visit.presence_state, "verified")
        self._verify([])
        self.assertEqual(self.visit.presence_state, "unknown")
        self.assertFalse(self.visit.presence_ref or self.visit.presence_start)
        self.assertEqual(self.visit.presence_min, 0)

    def test_late_events_have_the_day_compared_again(self):
        """The phone was offline: the day's track was finished before the visit arrived."""
        asked = []
        visit = self._plan(partner=self.lucky)
        began = datetime(2026, 11, 20, 3, 0)
        with patch.object(
            type(visit), "_ask_for_comparison", lambda visit, at: asked.append((visit, at))
        ):
            visit._do_check_in(None, at=began)
            visit._do_check_out(None, at=datetime(2026, 11, 20, 3, 20))
        self.assertEqual(asked, [(visit, began), (visit, began)])

    def test_other_people_and_days_are_left_alone(self):
        self._verify([self._stay()], user=self.ravi)
        self.assertEqual(self.visit.presence_state, "unknown")
        found = self.env["field.visit"]._verify_presence(
            self.rita, DAY_START - timedelta(days=1), DAY_START, [self._stay()], []
        )
        self.assertFalse(found)

    def test_phone_calls_are_not_compared(self):
        call = self._plan(channel="phone")
        call._do_check_in(at=datetime(2026, 11, 23, 3, 0))
        self.assertNotIn(call, self._verify([self._stay()]))

    def test_open_visit_is_compared_too(self):
        visit = self._plan(partner=self.lucky)
        visit._do_check_in(None, at=datetime(2026, 11, 23, 1, 35))
        self._verify([dict(self._stay(5000), end=datetime(2026, 11, 23, 2, 0))])
        self.assertEqual((visit.presence_state, visit.presence_min), ("verified", 25))

    def test_customer_without_any_place_stays_unknown(self):
        visit = self._plan(partner=self.nowhere)
        visit._do_check_in(None, at=datetime(2026, 11, 23, 4, 0))
        self._verify([self._stay()])
        self.assertEqual(visit.presence_state, "unknown")
