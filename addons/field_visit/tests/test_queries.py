from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, PIN, VisitCase
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestQueries(SyncCommon, VisitCase):
    """Work costs the same on the first day and after years, for one visit and for a hundred."""

    def _count(self, method, *args, known=None, **kwargs):
        """Queries from an empty cache up to the commit, what is done just before it included."""
        self.env.cr.flush()
        self.env.invalidate_all()
        if known:
            known.sudo().fetch()
        start = self.env.cr.sql_log_count
        method(*args, **kwargs)
        self.env.cr.flush()
        return self.env.cr.sql_log_count - start

    def _make_history(self, user, count):
        self.env["field.visit"]._with_evidence().create(
            [
                {
                    "partner_id": self.dragon.id,
                    "user_id": user.id,
                    "plan_date": "2025-01-01",
                    "state": "done",
                    "check_in_at": "2025-01-01 01:00:00",
                    "check_out_at": "2025-01-01 01:30:00",
                }
                for _index in range(count)
            ]
        )

    def test_check_in_and_out_whatever_the_history(self):
        for user in (self.rita, self.ravi):  # rules and rights of each person are cached
            warm = self._plan(user=user)
            self._count(warm.action_check_in, AT_CUSTOMER)
            self._count(warm.action_check_out, AT_CUSTOMER)
        young, old = self._plan(), self._plan(user=self.ravi)
        first = self._count(young.action_check_in, AT_CUSTOMER)
        self._make_history(self.ravi, 200)
        later = self._count(old.action_check_in, AT_CUSTOMER)
        self.assertLessEqual(first, 25)
        self.assertLessEqual(later, first)
        self.assertLessEqual(self._count(old.action_check_out, AT_CUSTOMER), 27)

    def test_check_in_from_a_phone_whatever_the_history(self):
        """As the journal hands it over; the event names a planned visit."""
        phones = {}
        for user in (self.rita, self.ravi):
            self._set_up_phone(user)
            phones[user] = self.device
            warm = self._plan(user=user)  # rules and rights of each person are cached
            self._send(self.device, self._check_in_of(warm))
            warm.action_check_out(AT_CUSTOMER)
        young = self._count_sync(phones[self.rita], self._check_in_of(self._plan()))
        self._make_history(self.ravi, 200)
        old = self._count_sync(phones[self.ravi], self._check_in_of(self._plan(user=self.ravi)))
        self.assertLessEqual(old, young)
        self.assertLessEqual(young, 25)

    def _check_in_of(self, visit):
        payload = {"visit_uuid": str(uuid4()), "visit_id": visit.id}
        return self._event("visit.check_in", {**payload, "position": AT_CUSTOMER})

    def _send(self, device, event):
        (result,) = self.env["field.event"]._sync(device, [event])["results"]
        self.assertEqual(result["state"], "applied")

    def _count_sync(self, device, event):
        """Queries of the handler; what the journal does around it is the same for every event."""
        Event = type(self.env["field.event"])
        handler, counts = Event._apply_visit_check_in, []

        def counted(event, payload):
            # the journal has just written the row: it is known
            counts.append(self._count(apply, event, payload, known=event))
            return results[-1]

        def apply(event, payload):
            results.append(handler(event, payload))

        results = []
        with patch.object(Event, "_apply_visit_check_in", counted):
            self._send(device, event)
        return counts[0]

    def test_planning_many_visits_at_once(self):
        def plan(count):
            self.env["field.visit"].create(
                [{"partner_id": self.dragon.id, "user_id": self.rita.id} for _index in range(count)]
            )

        plan(2)
        few = self._count(plan, 5)
        # messages are inserted in packs of 100
        self.assertLessEqual(self._count(plan, 60), few + 2)

    def test_presence_of_a_full_day(self):
        visits = self.env["field.visit"]
        for _index in range(12):
            visit = self._plan()
            visit._do_check_in(AT_CUSTOMER)
            visit._do_check_out(AT_CUSTOMER)
            visits |= visit
        stay = {
            "start": visit.check_in_at,
            "end": visit.check_in_at.replace(hour=3),
            "lat": PIN[0],
            "lng": PIN[1],
            "radius": 20,
            "ref": "field.stay,1",
        }
        day = visit.check_in_at.replace(hour=0), visit.check_in_at.replace(hour=23)
        spent = self._count(visits._verify_presence, self.rita, *day, [stay], [])
        self.assertEqual(set(visits.mapped("presence_state")), {"verified"})
        self.assertLessEqual(spent, 8)
