"""Customers that are there twice: found in blocks, decided by a leader, merged with all they have."""

import unittest

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.same_pairs import MOST_ALIKE, find_pairs
from .common import METRE, PIN, VisitCase


def card(number, name, phone="", vat="", north=None):
    place = None if north is None else (PIN[0] + north * METRE, PIN[1])
    return {"id": number, "name": name, "phone": phone, "vat": vat, "place": place}


class TestSamePairs(unittest.TestCase):
    def test_phone_vat_and_name_whatever_their_spelling(self):
        cards = [
            card(1, "Golden Dragon", phone="+86 138 1234 5678"),
            card(2, "Jin Long", phone="0086-13812345678"),
            card(3, "Happy Mart", vat="DE 136 695 976"),
            card(4, "Frohmarkt", vat="DE136695976"),
            card(5, "Sun Store"),
            card(6, "sun  store"),
        ]
        self.assertEqual(find_pairs(cards), {(1, 2): ["phone"], (3, 4): ["vat"], (5, 6): ["name"]})

    def test_neighbours_of_a_similar_name_wherever_the_border_of_a_cell_is(self):
        for shift in range(0, 260, 20):
            cards = [
                card(1, "Golden Dragon", north=shift),
                card(2, "Golden Dragon 2nd", north=shift + 150),
                card(3, "Golden Dragon 3rd", north=shift + 5000),
            ]
            self.assertEqual(find_pairs(cards), {(1, 2): ["place"]}, shift)

    def test_different_customers_are_no_pair(self):
        cards = [
            card(1, "Golden Dragon", phone="138 1234 5678", north=0),
            card(2, "Happy Mart", phone="138 1234 9999", north=20),
            card(3, "", phone=""),
            card(4, "", phone=""),
        ]
        self.assertEqual(find_pairs(cards), {})

    def test_number_of_a_switchboard_tells_nobody_apart(self):
        names = [f"{letter} shop" for letter in "abcdefghijklmnop"]
        many = [card(n, name, phone="400 800 1234") for n, name in enumerate(names)]
        self.assertEqual(find_pairs(many), {})
        self.assertEqual(len(find_pairs(many[:3])), 3)
        self.assertGreater(len(many), MOST_ALIKE)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestCustomerDuplicate(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Pair = cls.env["field.customer.duplicate"]
        cls.twin = cls.env["res.partner"].create({"name": "golden dragon"})
        (cls.dragon | cls.twin | cls.lucky).user_id = cls.rita

    def _find(self):
        self.Pair._find()
        mine = (self.dragon | self.twin | self.lucky).ids
        return self.Pair.search([("partner_id", "in", mine)])

    def test_found_once_the_newer_beside_the_older(self):
        pair = self._find()
        self.assertEqual((pair.other_id, pair.partner_id), (self.dragon, self.twin))
        self.assertEqual((pair.reasons, pair.why), (["name"], "same name"))
        self.assertIn("Rita", pair.partner_card)
        self.assertEqual(self._find(), pair)
        doubtful = self.env["res.partner"].search([("field_is_doubtful", "=", True)])
        self.assertLessEqual(self.dragon | self.twin, doubtful)
        self.assertNotIn(self.lucky, doubtful)
        self.assertTrue(self.twin.field_is_doubtful)

    def test_card_put_right_leaves_the_queue(self):
        self._find()
        self.twin.name = "Silver Dragon"
        self.assertFalse(self._find())

    def test_not_the_same_does_not_come_again(self):
        pair = self._find()
        pair.with_user(self.lea).action_distinct()
        self.assertEqual(self._find().state, "distinct")
        self.assertFalse(self.twin.field_is_doubtful)
        with self.assertRaises(UserError):
            pair.with_user(self.lea).action_merge()

    def test_merged_customer_has_the_visits_of_both(self):
        visits = self._plan(partner=self.twin) | self._plan(partner=self.dragon)
        self.twin.phone = "138 1234 5678"
        pair = self._find()
        pair.with_user(self.lea).action_merge()
        self.assertFalse(self.twin.exists())
        self.env.invalidate_all()
        self.assertEqual(visits.partner_id, self.dragon)
        self.assertEqual(self.dragon.phone, "138 1234 5678")
        self.assertEqual((pair.state, pair.decided_by_id), ("merged", self.lea))
        self.assertEqual(pair.merged_name, "golden dragon")
        self.assertIn("golden dragon", self.dragon.message_ids[0].body)
        self.assertEqual(self.dragon.message_ids[0].author_id, self.lea.partner_id)

    def test_only_leaders_decide(self):
        pair = self._find()
        for user in (self.rita, self.audra):
            self.assertTrue(pair.with_user(user).why)
            for method in ("action_merge", "action_distinct"):
                with self.assertRaises(AccessError):
                    getattr(pair.with_user(user), method)()
        with self.assertRaises(AccessError):
            pair.with_user(self.nina).read(["why"])

    def test_the_night_looks(self):
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_customer_duplicate").method_direct_trigger()
        self.assertTrue(self.Pair.search([("partner_id", "=", self.twin.id)]))

    def test_list_of_cards_to_put_right(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_customer_clean_up_action"
        )
        self.assertEqual(action["views"][0][1], "list")
        self.assertIn(
            "field_is_doubtful", self.env["res.partner"].get_view(*action["views"][0])["arch"]
        )
