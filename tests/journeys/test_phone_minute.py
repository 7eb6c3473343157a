"""A complete visit with four steps, two photos and an order note in under 60 seconds of taps.

Every tap is counted, also the one into a field that is typed into, and the seconds are those of a
practised hand by the keystroke-level model (Card, Moran and Newell, 1980): a tap 1.2 s, a character
0.3 s, 1.35 s to turn to each new thing; aiming at a shelf 2 s a photo on top.
"""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, check_out, connect, settled

pytestmark = pytest.mark.xdist_group("phone")  # one server, one worker

TAP, KEY, TURN, AIM = 1.2, 0.3, 1.35, 2.0
MOST_TAPS, MOST_SECONDS = 18, 60
COUNT = """(() => {
    window.taps = window.keys = window.shots = 0;
    const isTyped = ({ target }) => target.matches("input[type=text], textarea");
    addEventListener("click", (ev) => {
        window.taps += isTyped(ev) ? 0 : 1;
        window.shots += ev.target.closest(".o_fa_shutter") ? 1 : 0;
    }, true);
    addEventListener("input", (ev) => {
        window.taps += isTyped(ev) && ev.target !== window.typedInto ? 1 : 0;
        window.typedInto = ev.target;
        window.keys += ev.data?.length ?? 0;
    }, true);
})()"""
NAMES = {
    "en_US": {"look": "Look", "shelf": "Shelf", "stock": "Stock", "order": "Order"},
    "zh_CN": {"look": "看", "shelf": "货架", "stock": "库存", "order": "订单"},
}
COLA = {"en_US": "Cola", "zh_CN": "可乐"}
KINDS = {"look": "check", "shelf": "photo", "stock": "stock", "order": "order"}


class Minute:
    lang = "en_US"

    def setUp(self):
        admin, names = self.town.admin, NAMES[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        self.product = admin.create("product.product", name=COLA[self.lang])
        standard = admin.create(
            "field.shelf.standard",
            name=names["stock"],
            sequence=-2,
            line_ids=[(0, 0, {"product_id": self.product, "min_facings": 4, "target_qty": 12})],
        )
        self.addCleanup(lambda: admin.write("field.shelf.standard", standard, active=False))
        photos = {"shelf": {"min_photos": 2}}
        steps = [
            (
                0,
                0,
                {
                    "key": key,
                    "kind": kind,
                    "name": names[key],
                    "sequence": n,
                    **photos.get(key, {}),
                },
            )
            for n, (key, kind) in enumerate(KINDS.items())
        ]
        sop = admin.create("field.sop", name=names["look"], sequence=90, step_ids=steps)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def test_visit_within_a_minute(self):
        tab = self.phone().tab
        self.open(tab)
        tab.offline()
        tab.js(COUNT)
        check_in(tab)
        self.do_four_steps(tab)
        check_out(tab)
        taps, keys, shots = tab.js("[window.taps, window.keys, window.shots]")
        self.assertEqual(shots, 2)
        self.assertGreater(keys, 0)
        turns = len(KINDS) + 2  # and the check-in and the check-out
        seconds = taps * TAP + keys * KEY + turns * TURN + shots * AIM
        self.assertLessEqual(taps, MOST_TAPS)
        self.assertLess(seconds, MOST_SECONDS)
        tab.offline(False)
        settled(tab)
        self.assert_office()

    def open(self, tab):
        connect(tab, self.login)
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")

    def do_four_steps(self, tab):
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.wait("document.querySelector('video')?.videoWidth", "the camera")
        for number in (1, 2):
            tab.tap(".o_fa_shutter")
            tab.wait(
                f"document.querySelectorAll('.o_fa_thumbs img').length >= {number}", "the photo"
            )
        tab.tap("button[name=camera_done]")
        for name, value in (("facings", "4"), ("qty", "2")):
            tab.type(f"input[name={name}][data-product='{self.product}']", value)
        tab.tap("button[name=save_step]")
        tab.tap("button[name=suggested]")
        tab.tap("button[name=save_step]")
        tab.wait("document.querySelectorAll('[data-state=done]').length === 4", "all steps")

    def assert_office(self):
        steps = [("visit_id.user_id", "=", self.user), ("visit_id.state", "=", "done")]
        rows = self.town.admin.rows(
            "field.visit.step", steps, ["key", "state", "photo_count", "note"], order="sequence"
        )
        self.assertEqual(
            [(row["key"], row["state"]) for row in rows], [(key, "done") for key in KINDS]
        )
        found = {row["key"]: row for row in rows}
        self.assertEqual(found["shelf"]["photo_count"], 2)
        self.assertIn(f"{COLA[self.lang]} × 10", found["order"]["note"])


class TestMinuteEnglish(Minute, PhoneCase):
    lang = "en_US"


class TestMinuteChinese(Minute, PhoneCase):
    lang = "zh_CN"
