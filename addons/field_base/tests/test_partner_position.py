from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user

from ..tools.geo import haversine_m

SHANGHAI = (31.230416, 121.473701)
SHANGHAI_GCJ02 = (31.2284737, 121.4782241)
SHANGHAI_BD09 = (31.2343266, 121.4847825)


class TestPartnerPosition(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china, cls.france = cls.env.ref("base.cn"), cls.env.ref("base.fr")

    def _partner(self, **vals):
        return self.env["res.partner"].create({"name": "Shop", **vals})

    def _at(self, point, **vals):
        return self._partner(partner_latitude=point[0], partner_longitude=point[1], **vals)

    def assertAt(self, partner, point):
        found = (partner.partner_latitude, partner.partner_longitude)
        self.assertLess(haversine_m(*found, *point), 0.1)

    def test_source_is_remembered(self):
        partner = self._at(SHANGHAI)
        self.assertEqual(partner.field_position_source, "manual")
        self.assertTrue(partner.field_position_at)
        partner.write(
            {
                "partner_latitude": 31.3,
                "partner_longitude": 121.5,
                "date_localization": "2026-11-22",
            }
            if "date_localization" in partner
            else {"partner_latitude": 31.3, "field_position_source": "geocode"}
        )
        self.assertEqual(partner.field_position_source, "geocode")
        imported = self.env["res.partner"].with_context(import_file=True)
        imported = imported.create({"name": "x", "partner_latitude": 1, "partner_longitude": 2})
        self.assertEqual(imported.field_position_source, "import")

    def test_a_lost_position_has_no_source(self):
        partner = self._at(SHANGHAI, field_position_accuracy=12)
        self.assertEqual(partner.field_position_accuracy, 12)
        partner.write({"partner_latitude": 0.0, "partner_longitude": 0.0})
        self.assertFalse(partner.field_position_source)
        self.assertFalse(partner.field_position_at)
        self.assertFalse(partner.field_position_accuracy)
        self.assertFalse(self._partner().field_position_source)

    def test_other_changes_leave_the_source_alone(self):
        partner = self._at(SHANGHAI, field_position_source="visits", field_position_accuracy=8)
        partner.write({"name": "Other name"})
        self.assertEqual(partner.field_position_source, "visits")
        self.assertEqual(partner.field_position_accuracy, 8)

    def test_coordinates_of_chinese_maps_are_converted(self):
        for datum, point in (("gcj02", SHANGHAI_GCJ02), ("bd09", SHANGHAI_BD09)):
            for country in (self.china, self.env["res.country"]):
                with self.subTest(datum=datum, country=country.code):
                    partner = self._at(
                        point, field_position_datum=datum, country_id=country.id or False
                    )
                    self.assertAt(partner, SHANGHAI)
        self.assertAt(self._at(SHANGHAI, field_position_datum="wgs84"), SHANGHAI)

    def test_import_file_in_gcj02(self):
        result = self.env["res.partner"].load(
            ["name", "partner_latitude", "partner_longitude", "field_position_datum"],
            [["From Amap", str(SHANGHAI_GCJ02[0]), str(SHANGHAI_GCJ02[1]), "gcj02"]],
        )
        self.assertFalse(result["messages"])
        self.assertAt(self.env["res.partner"].browse(result["ids"]), SHANGHAI)

    def test_mass_edit_over_countries(self):
        partners = self._partner(country_id=self.china.id) + self._partner(
            country_id=self.france.id
        )
        partners.write(
            {
                "partner_latitude": SHANGHAI_GCJ02[0],
                "partner_longitude": SHANGHAI_GCJ02[1],
                "field_position_datum": "gcj02",
            }
        )
        self.assertAt(partners[0], SHANGHAI)
        self.assertAt(partners[1], SHANGHAI_GCJ02)

    def test_no_place_on_earth(self):
        for vals in ({"partner_latitude": 91}, {"field_entrance_lng": -181}):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, "no place on earth"):
                self._partner(**vals)

    def test_navigation_leads_to_the_entrance(self):
        partner = self._at(SHANGHAI, country_id=self.china.id)
        self.assertEqual(self._partner()._field_navigation_links(), [])
        self.assertIn("31.228474", partner._field_navigation_links()[0]["url"])
        partner.write({"field_entrance_lat": 31.231, "field_entrance_lng": 121.474})
        self.assertEqual(partner._field_navigation_point(), (31.231, 121.474))
        self.assertNotIn("31.228474", partner._field_navigation_links()[0]["url"])

    def test_the_own_company_is_no_customer(self):
        other = self.env["res.company"].create({"name": "Sister"})
        customer = self._partner(is_company=True)
        domain = [("field_is_own_company", "=", False)]
        rep = new_test_user(self.env, "position_rep", groups="field_base.field_base_group_rep")
        found = self.env["res.partner"].with_user(rep).search(domain)
        self.assertIn(customer, found)
        self.assertNotIn(self.env.company.partner_id, found)
        self.assertNotIn(other.partner_id, found)
        own = self.env["res.partner"].search([("field_is_own_company", "=", True)])
        self.assertEqual(own & (customer + other.partner_id), other.partner_id)
        self.assertTrue(other.partner_id.field_is_own_company)
        action = self.env.ref("field_base.res_partner_action_customers")
        self.assertIn("field_is_own_company", action.domain)
