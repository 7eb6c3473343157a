import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, TransactionCase, new_test_user

from ..tools.errors import FieldRejected
from ..tools.geo import haversine_m
from ..tools.pins import Proposal, Sample, propose

DOOR = (31.2304, 121.4737)
WRONG_PIN = (31.2340, 121.4737)  # 400 m north


def samples_at(place, people=2, days=3, accuracy=10.0, spread=0.00005, seed=1):
    chance = random.Random(seed)
    return [
        Sample(
            person,
            f"2026-11-{day + 1:02}",
            place[0] + chance.uniform(-spread, spread),
            place[1] + chance.uniform(-spread, spread),
            accuracy,
            ref=person * 100 + day,
        )
        for person in range(people)
        for day in range(days)
    ]


class TestPropose(BaseCase):
    def test_people_who_agree_move_the_pin(self):
        found = propose(samples_at(DOOR), WRONG_PIN)
        self.assertLess(haversine_m(found.lat, found.lng, *DOOR), 8)
        self.assertAlmostEqual(found.moved_m, 400, delta=10)
        self.assertEqual((found.samples, found.people, found.days), (6, 2, 3))
        self.assertEqual(found.radius_m, 50)
        self.assertEqual(found.refs, (0, 1, 2, 100, 101, 102))

    def test_a_customer_without_a_pin_gets_one(self):
        found = propose(samples_at(DOOR))
        self.assertIsNone(found.moved_m)
        self.assertLess(haversine_m(found.lat, found.lng, *DOOR), 8)

    def test_one_person_alone_moves_nothing(self):
        self.assertIsNone(propose(samples_at(DOOR, people=1, days=30), WRONG_PIN))

    def test_one_day_alone_moves_nothing(self):
        self.assertIsNone(propose(samples_at(DOOR, people=5, days=1), WRONG_PIN))

    def test_many_check_ins_of_one_day_count_once(self):
        liar = [Sample(9, "2026-11-01", 31.25, 121.5, 5.0)] * 50
        honest = samples_at(DOOR, people=2, days=4)
        self.assertIsNone(propose(liar + honest, WRONG_PIN), "people who disagree move nothing")

    def test_a_single_wild_fix_does_not_count(self):
        wild = Sample(0, "2026-11-09", 31.30, 121.47, 50.0)
        found = propose([*samples_at(DOOR, days=4), wild], WRONG_PIN)
        self.assertLess(haversine_m(found.lat, found.lng, *DOOR), 8)

    def test_poor_fixes_say_nothing(self):
        self.assertIsNone(propose(samples_at(DOOR, accuracy=101), WRONG_PIN))
        self.assertIsNone(propose(samples_at(DOOR, accuracy=0), WRONG_PIN))

    def test_a_good_pin_is_left_alone(self):
        self.assertIsNone(propose(samples_at(DOOR), (DOOR[0] + 0.0002, DOOR[1])))

    def test_a_pin_inside_the_spread_is_left_alone(self):
        wide = samples_at(DOOR, days=10, spread=0.0010)
        self.assertIsNone(propose(wide, (DOOR[0] + 0.0006, DOOR[1])))

    def test_the_radius_fits_the_spread(self):
        tight, wide = (
            propose(samples_at(DOOR, days=8, accuracy=accuracy, spread=spread), WRONG_PIN)
            for accuracy, spread in ((10, 0.00005), (60, 0.0008))
        )
        self.assertLess(tight.radius_m, wide.radius_m)
        self.assertEqual(wide.radius_m % 10, 0)
        self.assertGreater(wide.radius_m, wide.spread_m)

    def test_the_order_of_the_check_ins_does_not_matter(self):
        samples = samples_at(DOOR, people=3, days=5, spread=0.0005)
        wanted = propose(samples, WRONG_PIN)
        for seed in range(5):
            random.Random(seed).shuffle(samples)
            self.assertEqual(propose(samples, WRONG_PIN), wanted)


class TestPinProposal(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep, cls.leader, cls.auditor, cls.admin = (
            new_test_user(cls.env, f"pin_{role}", groups=f"field_base.field_base_group_{role}")
            for role in ("rep", "leader", "auditor", "admin")
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": WRONG_PIN[0], "partner_longitude": WRONG_PIN[1]}
        )
        cls.Pin = cls.env["field.pin.proposal"]

    def _propose(self, place=DOOR):
        return self.Pin._propose(self.partner, propose(samples_at(place), WRONG_PIN))

    def test_the_leader_accepts(self):
        proposal = self._propose()
        self.assertEqual((proposal.state, proposal.had_pin), ("open", True))
        proposal.with_user(self.leader).action_accept()
        self.assertLess(haversine_m(*self.partner._field_position(), *DOOR), 8)
        self.assertEqual(self.partner.field_position_source, "visits")
        self.assertEqual(self.partner.field_position_accuracy, proposal.spread_m)
        self.assertEqual((proposal.state, proposal.judged_by_id), ("accepted", self.leader))
        self.assertTrue(proposal.judged_at)
        note = self.partner.message_ids[0]
        self.assertIn("6 check-ins by 2 people", note.body)
        self.assertEqual(note.author_id, self.leader.partner_id)

    def test_the_leader_refuses_and_is_not_asked_again(self):
        proposal = self._propose()
        proposal.with_user(self.leader).action_refuse()
        self.assertEqual(self.partner._field_position(), WRONG_PIN)
        self.assertFalse(self._propose())
        # another place is another question
        self.assertTrue(self._propose((31.2250, 121.4737)))

    def test_the_same_again_stays_one_proposal(self):
        first = self._propose()
        self.assertEqual(self._propose(), first)
        second = self._propose((31.2250, 121.4737))
        self.assertEqual((first.state, second.state), ("superseded", "open"))
        self.Pin._withdraw(self.partner)
        self.assertEqual(second.state, "superseded")

    def test_who_may_decide(self):
        proposal = self._propose()
        for user in (self.rep, self.auditor):
            for method in ("action_accept", "action_refuse"):
                with self.subTest(user.login, method=method), self.assertRaises(AccessError):
                    getattr(proposal.with_user(user), method)()
        with self.assertRaises(AccessError):
            proposal.with_user(self.rep).read(["lat"])
        self.assertEqual(proposal.with_user(self.auditor).state, "open")
        with self.assertRaises(AccessError):
            self.Pin.with_user(self.rep).search([])
        with self.assertRaises(AccessError):
            self.Pin.with_user(self.rep)._read_group([], ["state"], ["__count"])

    def test_decided_once(self):
        proposal = self._propose().with_user(self.leader)
        proposal.action_refuse()
        with self.assertRaisesRegex(UserError, "decided about this proposal already"):
            proposal.action_accept()

    def test_nothing_of_a_proposal_can_be_changed_or_removed(self):
        proposal = self._propose()
        for user in (self.leader, self.admin):
            own = proposal.with_user(user)
            for vals in ({"lat": 1}, {"state": "accepted"}, {"judged_by_id": user.id}):
                with self.subTest(user.login, vals=vals), self.assertRaises(UserError):
                    own.write(vals)
            forged = own.with_context(field_pin_judged=True)
            with self.assertRaises(UserError):
                forged.write({"state": "accepted"})
        with self.assertRaises(UserError):
            proposal.unlink()
        proposal.with_user(self.leader).reason = "The entrance is in the yard"

    def test_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        found = propose(samples_at(DOOR), WRONG_PIN)
        proposal = self.Pin._propose(self.partner, found, other)
        self.assertFalse(self.Pin.with_user(self.leader).search([("id", "=", proposal.id)]))
        with self.assertRaises(AccessError):
            proposal.with_user(self.leader).action_accept()

    def test_a_partner_may_go_with_its_proposals(self):
        self._propose()
        self.partner.unlink()

    def test_proposal_is_plain(self):
        self.assertIsInstance(propose(samples_at(DOOR)), Proposal)

    def _report(self, place=DOOR, accuracy=12.0):
        position = {"lat": place[0], "lng": place[1], "accuracy": accuracy, "fix_age": 3}
        return self.Pin.with_user(self.rep)._report(self.partner, self.rep, position)

    def test_a_report_on_the_spot_waits_for_the_leader(self):
        proposal = self._report()
        self.assertEqual((proposal.state, proposal.reported_by_id), ("open", self.rep))
        self.assertAlmostEqual(proposal.moved_m, 400, delta=10)
        self.assertEqual(self.partner._field_position(), WRONG_PIN)
        self.Pin._withdraw(self.partner)  # one visit is no ground for a proposal: it stays
        self.assertEqual(proposal.state, "open")
        self.assertEqual(self._report(), proposal)
        proposal.with_user(self.leader).action_accept()
        self.assertLess(haversine_m(*self.partner._field_position(), *DOOR), 1)
        self.assertIn("as pin_rep", self.partner.message_ids[0].body)

    def test_a_refused_report_is_not_asked_again(self):
        refused = self._report()
        refused.with_user(self.leader).action_refuse()
        self.assertEqual(self._report(), refused)
        domain = [("partner_id", "=", self.partner.id), ("state", "=", "open")]
        self.assertEqual(self.Pin.search_count(domain), 0)

    def test_a_poor_position_moves_no_pin(self):
        for accuracy in (None, 0, 101.0):
            with self.subTest(accuracy), self.assertRaises(FieldRejected) as caught:
                self._report(accuracy=accuracy)
            self.assertEqual(caught.exception.code, "poor_position")
