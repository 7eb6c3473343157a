from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import METRE, PIN, VisitCase
from .test_sync import SyncCommon

DAY = date(2026, 11, 24)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestRouteSync(SyncCommon, VisitCase):
    """Rita arranges her Tuesday on the phone: shops along a street, two kilometres apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.env["field.matrix.provider"].search([]).active = False
        cls.shops = cls.env["res.partner"].create(
            [
                {
                    "name": f"Shop {n}",
                    "user_id": cls.rita.id,
                    "partner_latitude": PIN[0] + 2000 * n * METRE,
                    "partner_longitude": PIN[1],
                }
                for n in range(4)
            ]
        )
        cls.setup_of_rita = cls.env["field.route.setup"].create(
            {
                "user_id": cls.rita.id,
                "start_kind": "point",
                "start_lat": PIN[0],
                "start_lng": PIN[1],
                "day_start": 8.0,
                "day_end": 18.0,
                "lunch_minutes": 0,
            }
        )
        cls.visits = cls.env["field.visit"]
        for number in (2, 1, 3):
            cls.visits += cls._plan_at(number)

    @classmethod
    def _plan_at(cls, number, **vals):
        return cls._plan(partner=cls.shops[number], plan_date=DAY, **vals)

    def _one(self, kind, payload, user=None):
        event = self._event(kind, {"date": str(DAY), **payload})
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _order(self, visits, pinned=(), **payload):
        ids = [visit.id for visit in visits]
        pins = [visit.id for visit in pinned]
        return self._one("route.order", {"visit_ids": ids, "pinned_ids": pins, **payload})

    def _route(self):
        self.env.invalidate_all()
        return self.env["field.route"].search([("user_id", "=", self.rita.id)])

    def _names(self):
        return [visit.partner_id.name for visit in self._route()._get_stops()]

    def _rows(self, name):
        env = self.env(user=self.rita, su=False)
        collection = env["field.app"]._collections()[name]
        records = env[collection.model].search(collection.domain, order=collection.order)
        return collection.rows_of(records)

    def test_first_wish_makes_the_route(self):
        answer = self._one("route.optimise", {})
        self.assertEqual(answer["state"], "applied")
        route = self._route()
        self.assertEqual(answer["ref"], f"field.route,{route.id}")
        self.assertTrue(all(visit.route_at for visit in self.visits))
        (row,) = self._rows("routes")
        self.assertEqual((row["id"], row["date"]), (route.id, "2026-11-24"))
        self.assertEqual((row["start"], row["matrix_source"]), ([PIN[0], PIN[1]], "straight"))
        self.assertAlmostEqual(row["km"], 1.3 * 12, delta=0.1)
        self.assertEqual(row["leaves_at"], "2026-11-24T00:00:00Z")

    def test_order_by_hand_wins_and_its_pins_stay(self):
        second, first, third = self.visits
        self._one("route.optimise", {})
        self.assertEqual(self._order([third, first, second], [third])["state"], "applied")
        self.assertEqual(self._names(), ["Shop 3", "Shop 1", "Shop 2"])
        self.assertEqual(self._route().visit_ids.filtered("route_pinned"), third)
        self.assertGreater(second.route_at, first.route_at, "times follow the order")
        self._one("route.optimise", {})
        self.assertEqual(self._names()[0], "Shop 3", "the rest is ordered round it")
        self._order([third, second, first])
        self.assertFalse(self._route().visit_ids.filtered("route_pinned"), "let go again")

    def test_what_was_planned_meanwhile_comes_after(self):
        second, first, third = self.visits
        self.shops[0].partner_latitude = PIN[0] + 500 * METRE
        self._plan_at(0)
        self._order([third, second, first])
        self.assertEqual(self._names(), ["Shop 3", "Shop 2", "Shop 1", "Shop 0"])

    def test_what_did_not_fit_is_taken_in_and_said_to_be_late(self):
        self.visits.plan_minutes = 250
        self._one("route.optimise", {})
        out = self.visits.filtered("route_note")
        self.assertEqual(len(out), 1)
        inside = self._route()._get_stops() - out
        self._order([*inside, out])
        self.assertFalse(self.visits.filtered("route_note"))
        self.assertEqual(self._route().late_count, 1, "the day ends too late")
        self.assertTrue(out.route_at)

    def test_waiting_and_lateness_are_told(self):
        second, first, third = self.visits
        first.plan_time = 10
        third.plan_time = 10
        self._order([first, third, second])
        self.assertEqual(first.route_late_min, 0)
        # half an hour at the first and 10 minutes on the road, 10 of them are allowed
        self.assertAlmostEqual(third.route_late_min, 30, delta=2)
        first.plan_time = 0
        self._order([second, third, first])
        self.assertGreaterEqual(third.route_at.hour, 2)
        self.assertEqual(third.route_late_min, 0)
        second.plan_time = 8.5
        self._order([second, third, first])
        # done at 9:00, there at 9:05, begins at 10:00
        self.assertAlmostEqual(third.route_wait_min, 55, delta=2)
        row = next(row for row in self._rows("visits") if row["id"] == third.id)
        self.assertEqual(row["route_wait_min"], third.route_wait_min)
        self.assertEqual((row["route_late_min"], row["route_pinned"]), (0, None))

    def test_refusals(self):
        strange = self._plan(user=self.ravi, plan_date=DAY)
        answer = self._order(strange)
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "not_found"))
        self.assertIn("None of these visits", answer["message"])
        self.assertFalse(self._route(), "what was refused leaves nothing behind")
        self.assertFalse(strange.route_sequence)
        for payload in ({"visit_ids": "1"}, {"visit_ids": [], "date": "soon"}, {"date": 7}):
            answer = self._one("route.order", {"visit_ids": [], **payload})
            self.assertEqual(answer["code"], "bad_payload", payload)
        answer = self._order([], visit_ids=[True, {}, None, "x", 10**30])
        self.assertEqual(answer["state"], "rejected", answer)
        self.assertEqual(answer["code"], "not_found")
        answer = self._one("route.optimise", {"date": "2026-11-30"})
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "invalid"))
        self.assertIn("no planned visit", answer["message"])

    def test_only_own_routes_are_on_the_phone(self):
        self._one("route.optimise", {})
        env = self.env(user=self.lea, su=False)
        collection = env["field.app"]._collections()["routes"]
        self.assertFalse(env["field.route"].search(collection.domain))

    def test_visit_of_another_day_loses_its_times(self):
        self.visits[0].plan_time = 16
        self._order(self.visits[1] + self.visits[0])
        self.assertTrue(self.visits[0].route_wait_min)
        self.visits[0].plan_date = date(2026, 11, 25)
        self.assertFalse(self.visits[0].route_wait_min or self.visits[0].route_at)
