"""A visit with a shelf, competitors and money, offline, in both languages.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import base64
import io

import pytest
from PIL import Image

from .phone_case import PhoneCase
from .phone_town import check_in, connect, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "A", "B", "C"}
WORDS = {
    "en_US": {
        "sop": "Shelf visit",
        "stock": "Count the shelf",
        "competitor": "What others sell",
        "collection": "Money",
        "order": "Order",
        "cola": "Cola 330 ml",
        "water": "Water 500 ml",
        "brand": "Clear Spring",
        "rival": "Spring water 500 ml",
        "promo": "Second one at half price",
    },
    "zh_CN": {
        "sop": "货架拜访",
        "stock": "盘点货架",
        "competitor": "竞品情况",
        "collection": "收款",
        "order": "订单",
        "cola": "可乐 330 毫升",
        "water": "纯净水 500 毫升",
        "brand": "清泉",
        "rival": "清泉水 500 毫升",
        "promo": "第二瓶半价",
    },
}


def picture():
    """A shelf as it should look: three rows of packs."""
    image = Image.new("RGB", (480, 300), "#e6eae8")
    for pack in range(15):
        left, top = 20 + pack % 5 * 90, 10 + pack // 5 * 96
        image.paste(("#0f6b5c", "#8a5200", "#1b5fa8")[pack // 5], (left, top, left + 70, top + 84))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


class Shelf:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        self.words = words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        self.made = [
            ("field.shelf.standard", self._make_standard(admin)),
            ("field.rival.product", self._make_rival(admin)),
        ]
        self.addCleanup(self._tidy)
        kinds = ("stock", "competitor", "collection", "order")
        steps = [
            (0, 0, {"key": kind, "kind": kind, "name": words[kind], "sequence": number})
            for number, kind in enumerate(kinds)
        ]
        sop = admin.create("field.sop", name=words["sop"], sequence=90, step_ids=steps)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def _tidy(self):
        for model, number in self.made:
            self.town.admin.write(model, number, active=False)

    def _make_standard(self, admin):
        self.cola = admin.create("product.product", name=self.words["cola"])
        self.water = admin.create("product.product", name=self.words["water"])
        lines = [
            {
                "product_id": self.cola,
                "min_facings": 4,
                "target_qty": 12,
                "price_from": 3,
                "price_to": 4,
            },
            {"product_id": self.water, "target_qty": 6},
        ]
        return admin.create(
            "field.shelf.standard",
            name=self.words["stock"],
            sequence=-1,
            expiry_days=30,
            image=picture(),
            line_ids=[(0, 0, line) for line in lines],
        )

    def _make_rival(self, admin):
        brand = admin.create("field.rival.brand", name=self.words["brand"])
        return admin.create("field.rival.product", name=self.words["rival"], brand_id=brand)

    def fill(self, tab, product, **numbers):
        for name, value in numbers.items():
            tab.type(f"input[name={name}][data-product='{product}']", value)

    def test_visit_with_a_shelf(self):
        tab = self.phone().tab
        tab.go()
        tab.js(f"fieldApp.control.settings.put({{name: 'lang', value: '{self.lang}'}})")
        tab.reload()
        connect(tab, self.login)
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        check_in(tab)
        self.count(tab)
        self.compete(tab)
        self.collect(tab)
        self.order(tab)
        tab.offline(False)
        settled(tab)
        self.assert_office()

    def count(self, tab):
        tab.tap("[data-step=stock]")
        tab.see(".o_fv_product", self.words["cola"])
        tab.tap("button[name=save_step]")
        tab.see("[role=alert]")
        self.fill(tab, self.cola, qty="-1")
        tab.see("[role=alert]")
        tab.js("document.querySelector('input[name=qty]').value = ''")
        self.fill(tab, self.cola, qty="3", facings="4", price="3,5")
        tab.see(".o_fv_standard img")
        tab.js(
            f"(() => {{ const day = document.querySelector('input[name=until][data-product=\"{self.cola}\"]');"
            " day.value = new Date().toJSON().slice(0, 10);"
            " day.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )
        tab.see(".o_fv_product .o_fv_late")
        tab.tap(".o_fv_product:nth-of-type(2) button[name=none]")
        tab.see(".o_fv_summary", "66 %")
        self.look(tab, "shelf")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=stock][data-state=done]", "66 %")

    def compete(self, tab):
        rival = self.made[1][1]
        self.fill(tab, rival, price="1.80")
        tab.type("input[name=promo]", self.words["promo"])
        tab.tap(f"button[name=row_photo][data-product='{rival}']")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_sheet .o_fa_thumbs img")
        tab.see("button[name=row_photo] img")
        self.look(tab, "competitor")
        tab.tap("button[name=save_step]")

    def collect(self, tab):
        tab.type("input[name=received]", "200")
        tab.type("input[name=promised]", "300")
        tab.see("input[name=on]")
        self.look(tab, "collection")
        tab.tap("button[name=save_step]")

    def order(self, tab):
        tab.tap("button[name=suggested]")
        self.look(tab, "suggested")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=order][data-state=done]")

    def assert_office(self):
        kinds = ["workday.open", "visit.check_in", *["visit.step_done"] * 4]
        self.assert_arrived(kinds)
        admin = self.town.admin
        mine = ("user_id", "=", self.user)
        names = ["gap", "suggested_qty"]
        water = admin.row("field.shelf.count", [mine, ("product_id", "=", self.water)], names)
        self.assertEqual((water["gap"], water["suggested_qty"]), ("missing", 6))
        names = ["gap", "is_expiring", "expires_on"]
        cola = admin.row("field.shelf.count", [mine, ("product_id", "=", self.cola)], names)
        self.assertEqual((cola["gap"], cola["is_expiring"]), (False, True))
        self.assertTrue(cola["expires_on"])
        names = ["price", "photo_id"]
        price = admin.row("field.price.observation", [mine, ("rival_id", "!=", False)], names)
        self.assertEqual(price["price"], 1.8)
        self.assertTrue(price["photo_id"])
        steps = [("visit_id.user_id", "=", self.user)]
        names = ["shelf_score", "amount_received", "note"]
        stock = admin.row("field.visit.step", [*steps, ("kind", "=", "stock")], names)
        self.assertEqual(stock["shelf_score"], 66)
        rivals = admin.row(
            "field.visit.step", [*steps, ("kind", "=", "competitor")], ["photo_count", "lines"]
        )
        self.assertEqual((rivals["photo_count"], len(rivals["lines"])), (1, 1))
        money = admin.row("field.visit.step", [*steps, ("kind", "=", "collection")], names)
        self.assertEqual(money["amount_received"], 200)
        order = admin.row("field.visit.step", [*steps, ("kind", "=", "order")], names)
        self.assertIn(f"{self.words['cola']} × 9", order["note"])


class TestShelfEnglish(Shelf, PhoneCase):
    lang = "en_US"


class TestShelfChinese(Shelf, PhoneCase):
    lang = "zh_CN"
