"""Several customers in one fence, as in a mall: one button for each, planned or not; and the first
check-in at one without a place on the map proposes it. In both languages."""

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, check_in, check_out, do_steps, settled

pytestmark = pytest.mark.xdist_group("phone")


class Mall:
    lang = "en_US"
    names = frozenset({"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "GPS", "m"}) | {
        *("Nanjing", "Road", "Shanghai", "Lucky", "Rep", "A", "B", "C", "F")
    }

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        for metres, shop in ((30, self.shops[2]), (60, self.shops[3])):
            admin.write("res.partner", shop, partner_latitude=PIN[0] + metres * METRE)
        self.forget([("partner_id", "=", self.shops[3])])

    def forget(self, domain):
        admin = self.town.admin
        visits = admin.search("field.visit", [("user_id", "=", self.user), *domain])
        admin.call("field.visit", "unlink", visits)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        return tab

    def buttons(self, tab):
        return tab.js(
            "[...document.querySelectorAll('button[name=check_in_here]')]"
            ".map((button) => button.querySelector('span').textContent.split(' · ')[1])"
        )

    def test_shops_of_one_name_are_told_apart(self):
        """Two branches of a chain in one mall: by floor and shop number, else by the street."""
        admin, (_first, _second, one, other) = self.town.admin, self.shops[:4]
        first = "2F-12"
        admin.write("res.partner", one, field_place_hint=first)
        street = admin.row("res.partner", [("id", "=", other)], ("street",))["street"]
        self.assertTrue(street)
        admin.write("res.partner", self.shops[0], field_place_hint="B1-03")
        tab = self.start()
        tab.wait("document.querySelectorAll('button[name=check_in_here]').length === 2", "shops")
        self.assertEqual(self.buttons(tab), ["Happy Mart", "Sun Store"])
        tab.see("button[name=check_in] .o_fv_where", "B1-03")
        tab.see("button[name=check_in_here]:nth-of-type(1) .o_fv_where", first)
        tab.see("button[name=check_in_here]:nth-of-type(2) .o_fv_where", street)
        tab.see(".o_fv_now", "B1-03")
        self.look(tab, "mall-places")
        tab.tap("button[name=check_in_here]:nth-of-type(1)")
        tab.see(".o_fv_place", first)
        self.look(tab, "mall-place-sheet")

    def test_one_button_for_each_shop_in_the_fence(self):
        tab = self.start()
        tab.wait("document.querySelectorAll('button[name=check_in_here]').length === 2", "shops")
        tab.see("button[name=check_in]", "Golden Dragon")
        self.assertEqual(self.buttons(tab), ["Happy Mart", "Sun Store"])
        self.look(tab, "mall")
        tab.tap("button[name=check_in_here]:nth-of-type(2)")
        tab.see("button[name=confirm_check_in]")
        if self.lang == "en_US":  # a visit nobody planned asks what it is for
            kind = "button[name=visit_type]:nth-of-type(2)"
            tab.tap(kind)
            tab.see(f"{kind}[aria-pressed=true]")
            tab.tap(kind)
        tab.tap("button[name=confirm_check_in]")
        do_steps(tab)
        check_out(tab)
        settled(tab)
        visit = self.visit(3)
        self.assertEqual((visit["state"], visit["check_in_verdict"]), ("done", "inside"))
        tab.wait("document.querySelectorAll('button[name=check_in_here]').length === 1", "the rest")
        self.assertEqual(self.buttons(tab), ["Happy Mart"])

    def test_first_check_in_proposes_the_place(self):
        admin, shop = self.town.admin, self.shops[0]
        admin.write("res.partner", shop, partner_latitude=0, partner_longitude=0)
        self.forget([("partner_id", "!=", shop)])
        tab = self.start()
        tab.tap("button[name=check_in]")
        tab.see("button[name=confirm_check_in]")
        self.look(tab, "first-pin")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        settled(tab)
        proposal = admin.row(
            "field.pin.proposal", [("partner_id", "=", shop)], ("state", "lat", "had_pin")
        )
        self.assertEqual((proposal["state"], proposal["had_pin"]), ("open", False))
        self.assertAlmostEqual(proposal["lat"], PIN[0], 4)


# What the phone warns of before a check-out: (kind of visit, grade, policy) -> minutes.
LEAST = """(() => {
    const { leastMinutes } = odoo.loader.modules.get("@field_visit/app/visit_rules");
    const types = [
        { id: 1, min_minutes: 5, limits: [{ grade_id: 7, min_minutes: 15 }] },
        { id: 2, min_minutes: 0, limits: [] },
    ];
    const policy = { min_visit_minutes: 10 };
    const least = (type_id, grade, visit = {}) =>
        leastMinutes({ type_id, customer: { field_grade_id: grade }, ...visit }, types, policy);
    return [
        least(1, 8), least(1, 7), least(2, 7), least(null, 7),
        least(null, null, { channel: "phone" }), least(1, 7, { leastMinutes: 3 }),
    ];
})()"""


class TestMallEnglish(Mall, PhoneCase):
    def test_limits_are_those_of_the_office(self):
        tab = self.start()
        self.assertEqual(tab.js(LEAST), [5, 15, 10, 10, 0, 3])

    def test_procedure_holds_as_it_was_at_the_check_in(self):
        sop = self.town.admin.create(
            "field.sop", name="Strict", sequence=90, strict_order=True, block_check_out=True
        )
        self.town.admin.write("field.sop", sop, step_ids=[(0, 0, {"key": "a", "name": "A"})])
        visits = self.town.admin.search("field.visit", [("user_id", "=", self.user)])
        self.town.admin.write("field.visit", visits, sop_id=sop)
        tab = self.start()
        check_in(tab)
        settled(tab)
        self.town.admin.write("field.sop", sop, strict_order=False, block_check_out=False)
        tab.js("void fieldApp.sync.soon()")
        tab.wait(
            "odoo.loader.modules.get('@field_base/app/core/pull')"
            f".rowOf(fieldApp.account.db, 'sops', {sop}).then((row) => !row.strict_order)",
            "the changed procedure",
        )
        rules = tab.js(
            "odoo.loader.modules.get('@field_visit/app/visits')"
            f".visitOf(fieldApp.account.db, '{self.visit(0)['uuid']}')"
            ".then(({ strictOrder, blockCheckOut }) => [strictOrder, blockCheckOut])"
        )
        self.assertEqual(rules, [True, True])


class TestMallChinese(Mall, PhoneCase):
    lang = "zh_CN"
