import itertools
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, METRE, PIN, VisitCase

DAY = date(2026, 11, 24)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestRoute(VisitCase):
    """Rita's Tuesday along a street that runs north: shops every two kilometres."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["field.matrix.provider"].search([]).active = False
        cls.shops = cls.env["res.partner"].create(
            [
                {
                    "name": f"Shop {n}",
                    "partner_latitude": PIN[0] + 2000 * n * METRE,
                    "partner_longitude": PIN[1],
                }
                for n in range(6)
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

    def _day(self, order=(3, 1, 5, 2, 4), **vals):
        for number in order:
            self._plan(partner=self.shops[number], plan_date=DAY, **vals)
        return self.env["field.route"].with_user(self.rita)._get_or_create(self.rita, DAY)

    def _names(self, route):
        return [visit.partner_id.name for visit in route._get_stops()]

    def test_best_order_and_what_it_saves(self):
        route = self._day()
        route.action_optimise()
        # up and down the street once: 20 km of straight line, 1.3 times as long
        self.assertAlmostEqual(route.km, 26, delta=0.1)
        self.assertAlmostEqual(route.before_km, 1.3 * (6 + 4 + 8 + 6 + 4 + 8), delta=0.1)
        self.assertIn("less on the road", route.saved_text)
        first = route._get_stops()[0]
        self.assertEqual(route.leaves_at, datetime(2026, 11, 24, 0, 0), "8:00 in Shanghai")
        self.assertGreater(first.route_at, route.leaves_at)
        self.assertEqual(route.matrix_source, "straight", "it is said to be an estimate")

    def test_day_ends_at_another_place(self):
        end = {"end_lat": PIN[0] + 12000 * METRE, "end_lng": PIN[1]}
        self.setup_of_rita.write({"returns": False, **end})
        route = self._day()
        route.action_optimise()
        self.assertEqual(self._names(route), [f"Shop {n}" for n in range(1, 6)])
        self.assertAlmostEqual(route.km, 1.3 * 12, delta=0.1)
        self.setup_of_rita.start_kind = "first"
        route.action_optimise()
        self.assertEqual(self._names(route), [f"Shop {n}" for n in range(1, 6)])
        self.assertAlmostEqual(route.km, 1.3 * 10, delta=0.1)
        self.setup_of_rita.end_lat = self.setup_of_rita.end_lng = 0
        route.action_optimise()
        self.assertAlmostEqual(route.km, 1.3 * 8, delta=0.1)

    def test_fixed_time_and_visiting_hours_are_kept(self):
        route = self._day()
        fixed = route.visit_ids.filtered(lambda v: v.partner_id == self.shops[3])
        fixed.plan_time = 9.0
        self.env["field.visiting.hours"].create(
            [
                {"partner_id": self.shops[1].id, "weekday": "1", "hour_from": 14, "hour_to": 16},
                {"partner_id": self.shops[2].id, "weekday": "2", "hour_from": 9, "hour_to": 16},
            ]
        )
        route.action_optimise()
        self.assertEqual(fixed.route_at, datetime(2026, 11, 24, 1, 0))
        afternoon = route.visit_ids.filtered(lambda v: v.partner_id == self.shops[1])
        self.assertGreaterEqual(afternoon.route_at, datetime(2026, 11, 24, 6, 0))
        closed = route.visit_ids.filtered(lambda v: v.partner_id == self.shops[2])
        self.assertEqual(closed.route_note, "closed")
        self.assertIn("nobody on this day", route.left_out_text)
        self.env["res.lang"]._activate_lang("zh_CN")
        module = self.env["ir.module.module"].search([("name", "=", "field_visit")])
        module._update_translations("zh_CN")
        in_chinese = route.with_context(lang="zh_CN").left_out_text
        self.assertNotIn("nobody on this day", in_chinese, "each reader in his own language")
        self.assertFalse(closed.route_at)
        self.assertEqual(route.left_out_count, 1)

    def test_overfull_day_names_what_does_not_fit(self):
        route = self._day(plan_minutes=150)
        must = route.visit_ids.filtered(lambda v: v.partner_id == self.shops[5])
        must.priority = "3"
        route.action_optimise()
        self.assertFalse(must.route_note)
        self.assertEqual(route.left_out_count, 2, "three visits of 2.5 hours and the way fill it")
        stops = [v for v in route.visit_ids.sorted("id") if not v.route_note]
        places = [0, *(self.shops.ids.index(v.partner_id.id) for v in stops), 0]
        before = sum(abs(a - b) for a, b in itertools.pairwise(places))
        self.assertAlmostEqual(route.before_km, 1.3 * 2 * before, delta=0.1)
        self.assertIn("Does not fit", route.left_out_text)
        self.assertEqual(route.late_count, 0)
        self.setup_of_rita.day_end = 23.5
        route.action_optimise()
        self.assertEqual(route.left_out_count, 0, "with more time they come back")

    def test_customer_without_position_is_named(self):
        self._plan(partner=self.nowhere, plan_date=DAY)
        route = self._day()
        route.action_optimise()
        self.assertEqual(self._names(route)[-1], "No Pin Store")
        self.assertIn("Nobody knows", route.left_out_text)
        with self.assertRaises(UserError):
            route._get_stops()[-1].action_navigate()

    def test_dragging_pins_and_the_rest_is_optimised_round_it(self):
        route = self._day()
        route.action_optimise()
        stops = route._get_stops()
        far = stops.filtered(lambda v: v.partner_id == self.shops[5])
        with Form(route) as form, form.visit_ids.edit(stops.ids.index(far.id)) as line:
            self.assertEqual(line.partner_id, self.shops[5])
            line.route_sequence = 1
        self.assertTrue(far.route_pinned)
        self.assertEqual(route.visit_ids.filtered("route_pinned"), far)
        self.assertEqual(self._names(route)[0], "Shop 5")
        self.assertTrue(route.is_begun)
        route.action_optimise()
        self.assertEqual(self._names(route), [f"Shop {n}" for n in (5, 4, 3, 2, 1)])
        route.action_unpin()
        self.assertFalse(route.visit_ids.filtered("route_pinned"))

    def test_dragging_tells_the_times_again(self):
        route = self._day(order=(1, 2))
        route.action_optimise()
        first, second = route._get_stops()
        before = second.route_at
        route.write({"visit_ids": [(1, first.id, {"route_sequence": 99})]})
        self.assertEqual(route._get_stops(), second + first)
        self.assertLess(second.route_at, before)

    def test_done_visits_stay_and_the_rest_begins_there(self):
        route = self._day(order=(1, 2, 3))
        second = route.visit_ids.filtered(lambda v: v.partner_id == self.shops[3])
        with freeze_time("2026-11-24 02:00:00"):
            position = {**AT_CUSTOMER, "lat": PIN[0] + 6000 * METRE}
            second.with_user(self.rita).action_check_in(position)
        with freeze_time("2026-11-24 02:30:00"):
            route.action_optimise()
            self.assertEqual(self._names(route)[0], "Shop 3")
            planned = route._get_stops()[1:]
            self.assertTrue(all(v.route_at > datetime(2026, 11, 24, 2, 30) for v in planned))
            self.assertAlmostEqual(route.km, 1.3 * 6, delta=0.1)

    def test_visit_of_another_day_loses_its_place(self):
        route = self._day(order=(1, 2))
        route.action_optimise()
        visit = route._get_stops()[0]
        visit.plan_date = date(2026, 11, 25)
        self.assertFalse(visit.route_id or visit.route_sequence or visit.route_at)
        late = self._plan(partner=self.shops[4], plan_date=DAY)
        self.assertEqual(late.route_id, route, "a visit planned later is a stop as well")

    def test_road_service_is_asked_once(self):
        self.env["field.matrix.provider"].create({"name": "Roads", "kind": "osrm"})
        route = self._day(order=(1, 2))
        Provider = type(self.env["field.matrix.provider"])

        def ask(provider, points):
            count = len(points)
            table = [[0 if a == b else 600 for b in range(count)] for a in range(count)]
            return table, table

        with patch.object(Provider, "_ask", autospec=True, side_effect=ask) as asked:
            route.action_optimise()
            route.action_optimise()
            route.write({"visit_ids": [(1, route._get_stops()[0].id, {"route_sequence": 99})]})
        self.assertEqual(asked.call_count, 1)
        self.assertEqual(route.matrix_source, "osrm")
        self.assertEqual(route.travel_min, 30)

    def test_lunch_is_on_the_route(self):
        self.setup_of_rita.write({"lunch_minutes": 45, "lunch_from": 12, "lunch_to": 13})
        route = self._day(plan_minutes=60)
        route.action_optimise()
        self.assertTrue(datetime(2026, 11, 24, 4) <= route.lunch_at <= datetime(2026, 11, 24, 5))

    def test_navigation_leads_to_the_entrance_in_the_favourite_app(self):
        self.shops[1].write({"field_entrance_lat": 31.25, "field_entrance_lng": 121.48})
        self.rita.field_navigation_app = "baidu"
        route = self._day(order=(1,))
        url = route.visit_ids.action_navigate()["url"]
        self.assertIn("map.baidu.com", url)

    def test_opening_a_route_again_writes_nothing(self):
        route = self._day()
        route.action_optimise()
        self.env.flush_all()
        stops = route._get_stops()
        times = {visit.id: visit.write_date for visit in stops}
        with patch.object(type(stops), "write", side_effect=AssertionError("written")):
            route._do_schedule()
        self.assertEqual({visit.id: visit.write_date for visit in stops}, times)

    def test_queries_do_not_grow_with_stops(self):
        counts = []
        for day, order in ((date(2026, 11, 26), (1, 2)), (date(2026, 11, 27), (1, 2, 3, 4, 5))):
            for number in order:
                self._plan(partner=self.shops[number], plan_date=day)
            route = self.env["field.route"].with_user(self.rita)._get_or_create(self.rita, day)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            route.action_optimise()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # each visit whose time changed is one UPDATE
        self.assertLessEqual(counts[1] - counts[0], 3)

    def test_who_sees_whose_routes(self):
        route = self._day(order=(1,))
        olgas = self.env["field.route"].create({"user_id": self.olga.id, "date": DAY})
        both = route.sudo() | olgas
        expected = {
            self.rita: route,
            self.olga: olgas,
            self.lea: route,
            self.otis: olgas,
            self.dora: both,
            self.audra: both,
            self.ravi: both.browse(),
        }
        for user, seen in expected.items():
            with self.subTest(user=user.name):
                Route = self.env["field.route"].with_user(user)
                self.env.invalidate_all()
                self.assertEqual(
                    Route.search([("id", "in", both.ids)]).sorted("id"),
                    seen.with_user(user).sorted("id"),
                )
        for user in (self.ravi, self.audra):
            with self.assertRaises(AccessError):
                route.with_user(user).action_optimise()
        with self.assertRaises(AccessError):
            self.env["field.route"].with_user(self.nina).search([])

    def test_one_route_a_day(self):
        self._day(order=(1,))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["field.route"].create({"user_id": self.rita.id, "date": DAY})

    def test_my_route_and_my_day_open(self):
        action = self.env["field.route"].with_user(self.ravi).action_open_today()
        self.assertEqual(self.env["field.route"].browse(action["res_id"]).user_id, self.ravi)
        again = self.env["field.route"].with_user(self.ravi).action_open_today()
        self.assertEqual(again["res_id"], action["res_id"])
        mine = self.env["field.route.setup"].with_user(self.ravi).action_open_mine()
        self.assertEqual(self.env["field.route.setup"].browse(mine["res_id"]).user_id, self.ravi)

    def test_empty_day_says_so(self):
        route = self.env["field.route"].with_user(self.rita)._get_or_create(self.rita, DAY)
        with self.assertRaises(UserError):
            route.action_optimise()

    def test_map_shows_numbers_and_what_is_left_out(self):
        route = self._day(order=(1, 2))
        self.env["field.visiting.hours"].create({"partner_id": self.shops[2].id, "weekday": "4"})
        route.action_optimise()
        data = route.map_data
        self.assertEqual(
            [(s["name"], s["number"]) for s in data["stops"]], [("Shop 1", 1), ("Shop 2", 0)]
        )
        self.assertEqual(data["start"], [PIN[0], PIN[1]])
