from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import AT_CUSTOMER, FAR, METRE, PIN, VisitCase, VisitCommon, north
from odoo.addons.field_base.tools.geo import haversine_m

DOOR = (PIN[0] + 400 * METRE, PIN[1])  # the pin is 400 m too far south


class TestHealingPins(VisitCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls.shop = cls.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": PIN[0], "partner_longitude": PIN[1]}
        )
        cls.Visit = cls.env["field.visit"]
        cls.Pin = cls.env["field.pin.proposal"]

    def _visit(self, user, days_ago, metres=400, accuracy=8.0, minutes=20, **vals):
        """A visit that took place, with what the check-in wrote of it."""
        at = datetime.now().replace(microsecond=0) - timedelta(days=days_ago, hours=1)
        position = north(metres, accuracy)
        visit = self.Visit.with_user(user).create(
            {"partner_id": self.shop.id, "user_id": user.id, "plan_date": at.date()}
        )
        visit.sudo()._with_evidence().write(
            {
                "check_in_at": at,
                "check_in_lat": position["lat"],
                "check_in_lng": position["lng"],
                "check_in_accuracy": accuracy,
                "check_in_fix_age": 1,
                "check_in_distance_m": metres,
                "check_in_radius_m": 300,
                "check_in_verdict": "outside",
                "policy_snapshot": {"fence_accuracy_cap": 100, "min_visit_minutes": 5},
                "min_minutes": 5,
                "check_out_at": at + timedelta(minutes=minutes),
                "state": "done",
                **vals,
            }
        )
        return visit

    def _two_people(self, **kwargs):
        return self.Visit.union(
            *(
                self._visit(user, day, **kwargs)
                for user in (self.rita, self.ravi)
                for day in (0, 1, 2)
            )
        )

    def _found(self):
        return self.Visit._propose_pins(self.shop)

    def test_check_ins_that_agree_propose_a_better_pin(self):
        visits = self._two_people()
        proposal = self._found()
        self.assertLess(haversine_m(proposal.lat, proposal.lng, *DOOR), 5)
        self.assertAlmostEqual(proposal.moved_m, 400, delta=5)
        self.assertEqual((proposal.people, proposal.days, proposal.samples), (2, 3, 6))
        self.assertEqual(proposal.basis, sorted(visits.ids))
        self.assertEqual(self._found(), proposal, "the next night says the same")

    def test_after_accepting_no_visit_is_blamed_any_more(self):
        visits = self._two_people()
        far = self._visit(self.rita, 5, metres=3000)
        self._found().with_user(self.lea).action_accept()
        self.assertEqual(set(visits.mapped("fence_now")), {"inside"})
        self.assertLess(max(visits.mapped("fence_now_m")), 10)
        self.assertEqual(far.fence_now, "outside")
        # what was measured at the time stays
        self.assertEqual(set(visits.mapped("check_in_verdict")), {"outside"})
        self.assertEqual(set(visits.mapped("check_in_distance_m")), {400})
        self.assertFalse(self._found(), "the healed pin is good")

    def test_who_was_at_the_old_address_stays_believed(self):
        """A customer who moved: visits inside the old fence are no exceptions for it."""
        inside = {"metres": 20, "check_in_verdict": "inside"}
        old = self.Visit.union(*(self._visit(self.rita, day, **inside) for day in (300, 60, 40)))
        maybe = self._visit(self.ravi, 50, **{**inside, "check_in_verdict": "maybe"})
        long_ago = self._visit(self.rita, 290)
        self._two_people()
        proposal = self._found()
        proposal.with_user(self.lea).action_accept()
        self.assertEqual(proposal.state, "accepted")
        self.assertEqual(set(old.mapped("verdict")), {"valid"})
        self.assertFalse(any(old.mapped("fence_now")))
        self.assertEqual((maybe.verdict, long_ago.fence_now), ("valid", False))

    def test_fence_is_widened_to_what_fits(self):
        self._policy(fence_radius=20)
        visits = self._two_people(check_in_radius_m=20, accuracy=60.0)
        off = self._visit(self.rita, 5, metres=445, check_in_radius_m=20)
        proposal = self._found().with_user(self.lea)
        self.assertEqual((proposal.fence_m, proposal.can_widen), (20, True))
        self.assertEqual(proposal.radius_m, 60)
        self.assertTrue(proposal._prepare_review_item()["can_widen"])
        with self.assertRaises(AccessError):
            proposal.with_user(self.rita).action_accept_with_fence()
        proposal.action_accept_with_fence()
        self.assertEqual(self.shop.field_fence_radius, proposal.radius_m)
        self.assertEqual(set(visits.mapped("fence_now")), {"inside"})
        self.assertEqual(off.fence_now, "inside", "the wider fence holds it, the old did not")
        self.assertIn(f"{proposal.radius_m} m wide", self.shop.message_ids[0].body)

    def test_fence_that_holds_them_is_left_alone(self):
        self._two_people()
        proposal = self._found().with_user(self.lea)
        self.assertEqual((proposal.fence_m, proposal.can_widen), (300, False))
        proposal.action_accept_with_fence()
        self.assertEqual((proposal.state, self.shop.field_fence_radius), ("accepted", 0))

    def test_check_ins_that_do_not_count(self):
        self._visit(self.rita, 0)
        self._visit(self.rita, 1)
        self._visit(self.rita, 2)
        for name, vals in (
            ("contradicted by the track", {"presence_state": "contradicted"}),
            ("an old fix", {"check_in_fix_age": 3600}),
            ("a phone call", {"channel": "phone"}),
            ("no position", {"check_in_lat": 0, "check_in_lng": 0}),
        ):
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                for day in (0, 1, 2):
                    self._visit(self.ravi, day, **vals)
                self.assertFalse(self._found())
                savepoint.rollback()
                self.env.invalidate_all()
        for day in (0, 1, 2):
            self._visit(self.ravi, day, minutes=1)  # too short to have been there
        self.assertFalse(self._found())

    def test_one_person_alone_moves_nothing(self):
        for day in range(10):
            self._visit(self.rita, day)
        self.assertFalse(self._found())

    def test_a_proposal_goes_when_its_ground_goes(self):
        self._two_people()
        proposal = self._found()
        self.shop.write({"partner_latitude": DOOR[0], "partner_longitude": DOOR[1]})
        self.assertFalse(self._found())
        self.assertEqual(proposal.state, "superseded")

    def test_only_customers_with_news_are_looked_at(self):
        self.assertNotIn(self.shop, self.Visit._get_partners_to_locate())
        self._visit(self.rita, 10)
        self.assertNotIn(self.shop, self.Visit._get_partners_to_locate())
        self._visit(self.rita, 0)
        self.assertIn(self.shop, self.Visit._get_partners_to_locate())

    def test_samples_of_many_customers_in_one_query(self):
        self._two_people()
        others = self.env["res.partner"].create([{"name": f"Shop {n}"} for n in range(20)])
        for other in others:
            visit = self._visit(self.rita, 0)
            visit.sudo()._with_evidence().write({"partner_id": other.id})
        self.env.flush_all()
        for partners in (self.shop, self.shop + others):
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                self.Visit._get_samples(partners)

    def test_the_job(self):
        self._two_people()
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_propose_pins").method_direct_trigger()
        self.assertEqual(self.Pin.search([("partner_id", "=", self.shop.id)]).state, "open")

    def test_the_healed_verdict_cannot_be_typed_in(self):
        visit = self._visit(self.rita, 0)
        with self.assertRaises(UserError):
            visit.with_user(self.rita).write({"fence_now": "inside"})

    def test_the_check_ins_can_be_looked_at(self):
        self._two_people()
        proposal = self._found()
        action = proposal.with_user(self.lea).action_open_visits()
        seen = self.Visit.with_user(self.lea).search(action["domain"])
        self.assertEqual(len(seen), 6)
        # another team's leader sees the place, not the people
        self.assertFalse(self.Visit.with_user(self.otis).search(action["domain"]))


@tagged("post_install", "-at_install")
class TestFirstPin(VisitCase):
    """A customer nobody has put on the map: the first check-in proposes where he is."""

    def _check_in(self, position=AT_CUSTOMER, user=None, **vals):
        visit = self._plan(user=user, partner=self.nowhere, **vals)
        visit.action_check_in(position)
        return visit

    def _proposals(self):
        return self.env["field.pin.proposal"].search([("partner_id", "=", self.nowhere.id)])

    def test_first_check_in_proposes_the_pin(self):
        self._policy(min_visit_minutes=0)
        visit = self._check_in()
        proposal = self._proposals()
        self.assertEqual((proposal.state, proposal.had_pin), ("open", False))
        self.assertEqual(proposal.reported_by_id, self.rita)
        self.assertAlmostEqual(proposal.lat, AT_CUSTOMER["lat"], 6)
        self.assertEqual(proposal.basis, visit.ids)
        self.assertFalse(self.nowhere._field_position(), "a leader decides")
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(visit.verdict, "pending")
        proposal.with_user(self.lea).action_accept()
        self.assertAlmostEqual(self.nowhere.partner_latitude, AT_CUSTOMER["lat"], 6)
        self.assertIn("Rita", self.nowhere.message_ids[0].body)
        self.assertEqual((visit.fence_now, visit.verdict), ("inside", "valid"))

    def test_policy_that_lets_everything_through_sets_it_at_once(self):
        self._policy(customer_change="none")
        visit = self._check_in()
        self.assertEqual(self._proposals().state, "accepted")
        self.assertAlmostEqual(self.nowhere.partner_latitude, AT_CUSTOMER["lat"], 6)
        self.assertEqual(visit.fence_now, "inside")

    def test_poor_or_old_position_and_calls_propose_nothing(self):
        for position, vals in (
            (None, {}),
            (north(0, accuracy=150), {}),
            ({**AT_CUSTOMER, "fix_age": 900.0}, {}),
            (AT_CUSTOMER, {"channel": "phone"}),
        ):
            with self.subTest(position=position, **vals):
                self._check_in(position, **vals).action_check_out()
                self.assertFalse(self._proposals())

    def test_one_open_proposal_a_customer(self):
        self._check_in()
        first = self._proposals()
        self._check_in(north(900), user=self.ravi)
        self.assertEqual(self._proposals(), first)
        self.assertEqual(first.state, "open")

    def test_customer_with_a_pin_gets_none(self):
        self._plan().action_check_in(FAR, reason="Round the corner")
        self.assertFalse(
            self.env["field.pin.proposal"].search([("partner_id", "=", self.dragon.id)])
        )

    def test_visit_begun_by_mistake_takes_it_back(self):
        self._check_in().action_cancel("Wrong shop")
        self.assertEqual(self._proposals().state, "superseded")
