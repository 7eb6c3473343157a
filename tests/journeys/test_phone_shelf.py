"""A visit with a shelf, competitors and money, offline, in both languages.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import base64
import io

import pytest
from PIL import Image

from .phone_case import PhoneCase
from .phone_town import check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "A", "B", "C"}
WORDS = {
    "en_US": {
        "sop": "Shelf visit",
        "stock": "Count the shelf",
        "competitor": "What others sell",
        "collection": "Money",
        "order": "Order",
        "photo": "Shelf as left",
        "group": "Drinks",
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
        "photo": "离店货架",
        "group": "饮料",
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
        kinds = ("stock", "competitor", "collection", "order", "photo")
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
        self.group = admin.create("product.category", name=self.words["group"])
        goods = {"categ_id": self.group}
        self.cola = admin.create("product.product", name=self.words["cola"], **goods)
        self.water = admin.create("product.product", name=self.words["water"], **goods)
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
            asks_share=True,
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
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        self.remember_the_shelf(tab)
        check_in(tab)
        self.count(tab)
        self.compete(tab)
        self.collect(tab)
        self.order(tab)
        self.compare(tab)
        tab.offline(False)
        settled(tab)
        self.correct(tab)
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
        others = f"input[name=others][data-group='{self.group}']"
        tab.type(others, "-1")
        tab.see("[role=alert]")
        tab.js(f"document.querySelector({others!r}).value = ''")
        tab.type(others, "12")
        tab.see(f"[data-share='{self.group}']", "25 %")
        tab.see(".o_fv_summary", "25 %")
        self.look(tab, "shelf")
        tab.js("document.querySelector('.o_fv_others').scrollIntoView()")
        self.look(tab, "shelf-others")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=stock][data-state=done]", "66 %")
        tab.see("[data-step=stock] [data-share]", "25 %")

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
        tab.type("input[name=received]", "1,200")
        tab.type("input[name=promised]", "300")
        tab.see("input[name=on]")
        self.assertEqual(tab.js("document.querySelector('input[name=received]').value"), "1200")
        self.look(tab, "collection")
        tab.tap("button[name=save_step]")

    def order(self, tab):
        tab.tap("button[name=suggested]")
        self.look(tab, "suggested")
        tab.tap("button[name=save_step]")
        tab.see(".o_fa_camera")

    def remember_the_shelf(self, tab):
        """As the office sends it: how the shelf of this step looked."""
        photo = f"data:image/jpeg;base64,{picture()}"
        tab.js(
            "(async (photo) => { const rows = fieldApp.account.db.rows;"
            " for (const one of await rows.where('collection').equals('briefs').toArray()) {"
            " await rows.put({ ...one, row: { ...one.row, references: { photo } } }); } })"
            f"({photo!r})"
        )

    def compare(self, tab):
        """The camera opens by itself after the step before."""
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=photo][data-state=done] [data-compare]")
        tab.tap("[data-step=photo]")
        new = ".o_field_swipe_new"
        tab.wait(f"document.querySelector('{new} img')?.naturalWidth", "the new picture")
        tab.wait("document.querySelector('.o_field_swipe_old img').naturalWidth", "the old one")
        left = f"getComputedStyle(document.querySelector('{new}')).clipPath"
        self.assertEqual(tab.js(left), "inset(0px 0px 0px 50%)")
        tab.js(
            "(() => { const input = document.querySelector('input[name=swipe]');"
            " input.value = 80; input.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )
        tab.wait(f"{left} === 'inset(0px 0px 0px 80%)'", "the line to move")
        self.look(tab, "swipe")
        tab.js("document.querySelector('.o_fa_sheet_bar button').click()")
        tab.wait("!document.querySelector('.o_field_swipe')", "the sheet to close")

    def correct(self, tab):
        """The server has sent what was answered; the phone has forgotten its own picture."""
        tab.wait(
            "fieldApp.account.db.docs.where('kind').equals('visit').count().then((count) => !count)",
            "the server's rows",
        )
        qty = f"document.querySelector('input[name=qty][data-product=\"{self.cola}\"]')?.value"
        tab.tap("[data-step=stock]")
        tab.wait(f"{qty} === '3'", "what was counted")
        tab.wait("document.querySelector('input[name=others]').value === '12'", "what others have")
        self.look(tab, "shelf-answered")
        self.fill(tab, self.cola, qty="12")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=stock][data-state=done]", "70 %")
        tab.tap("[data-step=collection]")
        tab.wait("document.querySelector('input[name=received]')?.value === '1200'", "the amount")
        tab.type("input[name=received]", "1,300")
        self.look(tab, "collection-answered")
        tab.tap("button[name=save_step]")
        tab.gone("input[name=received]")

    def assert_office(self):
        kinds = ["workday.open", "visit.check_in", *["visit.step_done"] * 5]
        kinds += ["visit.step_reopen", "visit.step_done"] * 2
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
        names = ["own_facings", "all_facings", "share"]
        share = admin.row("field.shelf.share", [mine, ("categ_id", "=", self.group)], names)
        self.assertEqual([share[name] for name in names], [4, 16, 25])
        names = ["price", "photo_id"]
        price = admin.row("field.price.observation", [mine, ("rival_id", "!=", False)], names)
        self.assertEqual(price["price"], 1.8)
        self.assertTrue(price["photo_id"])
        steps = [("visit_id.user_id", "=", self.user)]
        names = ["shelf_score", "amount_received", "note"]
        stock = admin.row("field.visit.step", [*steps, ("kind", "=", "stock")], names)
        self.assertEqual(stock["shelf_score"], 70)
        rivals = admin.row(
            "field.visit.step", [*steps, ("kind", "=", "competitor")], ["photo_count", "lines"]
        )
        self.assertEqual((rivals["photo_count"], len(rivals["lines"])), (1, 1))
        money = admin.row("field.visit.step", [*steps, ("kind", "=", "collection")], names)
        self.assertEqual(money["amount_received"], 1300)
        order = admin.row("field.visit.step", [*steps, ("kind", "=", "order")], names)
        self.assertIn(f"{self.words['cola']} × 9", order["note"])


class TestShelfEnglish(Shelf, PhoneCase):
    lang = "en_US"


class TestShelfChinese(Shelf, PhoneCase):
    lang = "zh_CN"
