import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.area import area_contains, read_area
from ..tools.draw import pick
from .common import LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected

NOON = "2026-11-16 04:00:00"
SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[121.4, 31.1], [121.6, 31.1], [121.6, 31.3], [121.4, 31.3], [121.4, 31.1]],
        [[121.49, 31.19], [121.51, 31.19], [121.51, 31.21], [121.49, 31.21], [121.49, 31.19]],
    ],
}


class PoolRulesCommon(LeadPoolCommon):
    def assertRefused(self, code, lead, user):
        with self.assertRaises(FieldRejected) as refusal:
            lead.with_user(user).action_claim()
        self.assertEqual(refusal.exception.code, code)
        # the same by the salesperson field
        with self.assertRaises(FieldRejected), self.cr.savepoint():
            lead.with_user(user).user_id = user
        self.assertFalse(lead.user_id)

    def _seller(self, user, **values):
        return self.env["field.lead.seller"].create({"user_id": user.id, **values})


@tagged("post_install", "-at_install")
class TestPoolFit(PoolRulesCommon):
    def test_area_with_a_hole(self):
        rings = read_area(json.dumps(SQUARE))
        self.assertTrue(area_contains(rings, 31.15, 121.45))
        self.assertFalse(area_contains(rings, 31.2, 121.5), "in the hole")
        self.assertFalse(area_contains(rings, 31.15, 121.7))
        for text in ("x", "{}", '{"type": "Point", "coordinates": [1, 2]}', "[]"):
            with self.assertRaises(ValueError):
                read_area(text)

    def test_region_by_area_then_city_then_state(self):
        state = self.env.ref("base.state_cn_SH", raise_if_not_found=False)
        state = state or self.env["res.country.state"].search([], limit=1)
        Region = self.env["field.lead.region"]
        area = Region.create({"name": "East", "area": json.dumps(SQUARE)})
        city = Region.create({"name": "City", "cities": "Pudong\n Suzhou "})
        wide = Region.create({"name": "State", "state_ids": [Command.set(state.ids)]})
        for values, region in (
            ({"field_lat": 31.15, "field_lng": 121.45, "city": "Suzhou"}, area),
            ({"field_lat": 30.0, "field_lng": 121.45, "city": "suzhou"}, city),
            ({"state_id": state.id, "city": "Elsewhere"}, wide),
            ({"city": "Elsewhere"}, Region),
        ):
            (lead,) = self._new_leads("R", **values)
            self.assertEqual(lead.field_region_id, region, values)
        lead.city = "Pudong"
        self.assertEqual(lead.field_region_id, city)
        with self.assertRaises(ValidationError):
            area.area = '{"type": "Polygon", "coordinates": []}'

    def test_segment_by_its_condition(self):
        segment = self.env["field.lead.segment"].create(
            {"name": "Key", "lead_domain": "[('expected_revenue', '>=', 100000)]"}
        )
        big, small = self._new_leads("Big", expected_revenue=200000) + self._new_leads("Small")
        self.assertEqual(big.field_segment_id, segment)
        self.assertFalse(small.field_segment_id)

    def test_level_of_the_segment(self):
        self.lead.field_segment_id = self.env["field.lead.segment"].create(
            {"name": "Key", "level_min": "3"}
        )
        self.assertRefused("level_needed", self.lead, self.rep)
        self._seller(self.rep, level="3")
        self.lead.with_user(self.rep).action_claim()
        self.assertEqual(self.lead.user_id, self.rep)

    def test_own_region_only(self):
        east, west = self.env["field.lead.region"].create([{"name": "East"}, {"name": "West"}])
        self.lead.field_region_id = east
        self.pool.own_region_only = True
        self._seller(self.rep, region_ids=[Command.set(west.ids)])
        self.assertRefused("other_region", self.lead, self.rep)
        self.lead2.with_user(self.rep).action_claim()
        self.lead.with_user(self.rep2).action_claim()

    def test_cooldown_of_the_last_owner(self):
        self.pool.cooldown_days = 7
        with freeze_time(NOON):
            self.lead.with_user(self.rep).action_claim()
            self.lead.with_user(self.rep).action_return_to_pool("Busy")
            self.assertRefused("cooldown", self.lead, self.rep)
        with freeze_time(fields.Datetime.to_datetime(NOON) + timedelta(days=6, hours=23)):
            self.assertRefused("cooldown", self.lead, self.rep)
        with freeze_time(fields.Datetime.to_datetime(NOON) + timedelta(days=7)):
            self.lead.with_user(self.rep).action_claim()

    def test_cooldown_of_his_team(self):
        self.pool.team_cooldown_days = 3
        stranger = self._new_user("pool_far", "field_base.field_base_group_rep")
        self.pool.member_ids |= stranger
        with freeze_time(NOON):
            self.lead.with_user(self.rep).action_claim()
            self.lead.with_user(self.rep).action_return_to_pool("For my friend")
            self.assertRefused("cooldown", self.lead, self.rep2)
            self.lead.with_user(stranger).action_claim()
        with freeze_time(fields.Datetime.to_datetime(NOON) + timedelta(days=3)):
            self.lead.with_user(stranger).action_return_to_pool("No")
            self.lead.with_user(self.rep2).action_claim()

    def test_limits_cost_a_fixed_number_of_queries(self):
        self.pool.write({"cooldown_days": 1, "team_cooldown_days": 1})
        counts = []
        for leads in (self._new_leads("a", "b"), self._new_leads(*"cdefghijkl")):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads.sudo()._get_cannot_claim_reasons(self.rep)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_pool_takes_what_belongs_into_it(self):
        east, west = self.env["field.lead.region"].create([{"name": "East"}, {"name": "West"}])
        other = self.env["field.lead.pool"].create(
            {"name": "West", "region_ids": [Command.set(west.ids)], "sequence": 1}
        )
        self.lead.field_region_id, self.lead2.field_region_id = east, west
        found = (other | self.pool)._get_for_leads(self.lead | self.lead2)
        self.assertEqual(found[self.lead.id], self.pool)
        self.assertEqual(found[self.lead2.id], other)

    def test_reps_read_rules_and_change_none(self):
        region = self.env["field.lead.region"].create({"name": "East"})
        segment = self.env["field.lead.segment"].create({"name": "Key"})
        profile = self._seller(self.rep)
        for record in (region, segment, profile):
            self.assertTrue(record.with_user(self.rep).read(["display_name"]))
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                record.with_user(self.rep).write({"company_id": self.company.id})
        Seller = self.env["field.lead.seller"]
        self.assertFalse(Seller.with_user(self.rep2).search([("id", "=", profile.id)]))
        self.assertEqual(Seller.with_user(self.leader).search([]) & profile, profile)


@tagged("post_install", "-at_install")
class TestSwaps(PoolRulesCommon):
    def _pass(self, *users):
        for user in users:
            self.lead.with_user(user).action_claim()
            self.lead.with_user(user).action_return_to_pool("next")

    def _swaps(self):
        return self.env["field.lead.swap"].search([("lead_id", "=", self.lead.id)])

    def test_two_friends_in_turns_are_noted_once(self):
        self._pass(self.rep, self.rep2)
        self.assertFalse(self._swaps())
        self._pass(self.rep)
        swap = self._swaps()
        self.assertEqual((swap.user_id, swap.other_user_id, swap.turns), (self.rep, self.rep2, 2))
        self._pass(self.rep2)
        self.assertEqual(self._swaps(), swap)
        self.assertEqual(swap.turns, 3)

    def test_three_in_a_row_are_no_swap(self):
        self.pool.member_ids |= self.outsider
        self._pass(self.rep, self.rep2, self.outsider, self.rep)
        self.assertFalse(self._swaps())

    def test_only_the_leader_hears_of_it_and_answers(self):
        self._pass(self.rep, self.rep2, self.rep)
        swap = self._swaps()
        swap.with_user(self.leader).write({"state": "fine", "note": "Covered his leave"})
        self.assertEqual(swap.state, "fine")
        Swap = self.env["field.lead.swap"]
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            Swap.with_user(self.rep).search([])
        stranger = self._new_user("swap_leader", "field_base.field_base_group_leader")
        self.assertFalse(Swap.with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestDraw(PoolRulesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.draw_minutes = 30
        with freeze_time(NOON):
            (cls.hot,) = cls._new_leads("Hot", priority="3")
        cls.draw = cls.env["field.lead.draw"].search([("lead_id", "=", cls.hot.id)])

    def _draw(self):
        with freeze_time(fields.Datetime.to_datetime(NOON) + timedelta(minutes=31)):
            due = self.draw.search([("closes_at", "<=", fields.Datetime.now())])
            due._draw()

    def test_hot_leads_are_not_claimed_by_the_fastest(self):
        self.assertRefused("in_draw", self.hot, self.rep)
        self.lead.with_user(self.rep).action_claim()

    def test_draw_gives_the_lead_to_one_who_entered(self):
        for user in (self.rep, self.rep2):
            self.hot.with_user(user).action_enter_draw()
            self.hot.with_user(user).action_enter_draw()
        self.assertEqual(len(self.draw.entry_ids), 2)
        self.assertEqual(self.draw.entry_ids.mapped("weight"), [3, 3])
        self._draw()
        self.assertEqual(self.draw.state, "drawn")
        self.assertEqual(self.hot.user_id, self.draw.winner_id)
        weights = {entry.user_id.id: entry.weight for entry in self.draw.entry_ids}
        self.assertEqual(pick(weights, self.draw.seed), self.draw.winner_id.id, "can be checked")
        self.assertEqual(self._history(self.hot), [("claim", self.draw.winner_id, False)])

    def test_merit_counts(self):
        self.lead.with_user(self.rep).action_claim()
        self.lead2.with_user(self.rep).action_claim()
        self.lead.write({"type": "opportunity"})
        self.hot.with_user(self.rep).action_enter_draw()
        entry = self.draw.entry_ids
        self.assertEqual((entry.claims, entry.kept, entry.converted), (2, 2, 1))
        self.assertEqual(entry.weight, 4)
        shares = [pick({1: 4.0, 2: 1.0}, f"seed {n}") for n in range(2000)]
        self.assertAlmostEqual(shares.count(1) / 2000, 0.8, delta=0.04)

    def test_nobody_entered_free_for_all(self):
        self._draw()
        self.assertEqual(self.draw.state, "empty")
        self.hot.with_user(self.rep).action_claim()

    def test_winner_over_his_limit_is_passed_over(self):
        self.pool.holding_cap = 1
        for user in (self.rep, self.rep2):
            self.hot.with_user(user).action_enter_draw()
        self.lead.with_user(self.rep).action_claim()
        self._draw()
        self.assertEqual(self.hot.user_id, self.rep2)

    def test_who_may_not_have_it_does_not_enter(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.hot.with_user(self.outsider).action_enter_draw()
        with self.assertRaises(UserError):
            self.lead.with_user(self.rep).action_enter_draw()
        self.assertFalse(self.draw.entry_ids)

    def test_entries_of_others_are_seen_after_the_draw(self):
        self.hot.with_user(self.rep).action_enter_draw()
        Entry = self.env["field.lead.draw.entry"]
        self.assertFalse(Entry.with_user(self.rep2).search([("draw_id", "=", self.draw.id)]))
        self.assertEqual(self.draw.with_user(self.rep2).entry_count, 1)
        self._draw()
        self.assertTrue(Entry.with_user(self.rep2).search([("draw_id", "=", self.draw.id)]))
        with self.assertRaises(AccessError):
            self.draw.with_user(self.rep2).read(["seed"])

    def test_lead_returned_hot_is_drawn_again(self):
        self._draw()
        self.hot.with_user(self.rep).action_claim()
        self.hot.with_user(self.rep).action_return_to_pool("No")
        self.assertTrue(self.hot.with_user(self.rep2).field_draw_closes_at)

    def test_job(self):
        later = fields.Datetime.to_datetime(NOON) + timedelta(minutes=31)
        with freeze_time(later), self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_draw").method_direct_trigger()
        self.assertEqual(self.draw.state, "empty")
