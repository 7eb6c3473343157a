"""A photo that was forgotten is taken after the check-out, without a network, while only the person reads
the score; an answer that proves nothing is too late. In Chinese, with its picture."""

import pytest

from .phone_case import PhoneCase
from .phone_town import connect, settled

pytestmark = pytest.mark.xdist_group("phone")


class TestLaterProof(PhoneCase):
    lang = "zh_CN"
    names = {
        "Golden",
        "Dragon",
        "Nanjing",
        "Road",
        "Shanghai",
        "GPS",
        "m",
        "Look",
        "Shelf",
        "Talk",
        "Rep",
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang="zh_CN")
        rules = {"name": "Later", "user_id": self.user, "effective_from": "2026-01-01"}
        self.town.admin.create("field.policy", **rules, truth_hours=4)

    def test_forgotten_photo(self):
        tab = self.phone().tab
        connect(tab, self.login)
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(f"fieldApp.router.go('customer', {self.shops[0]})")
        tab.see(".o_fv_glance")  # nothing moves under the finger any more
        tab.offline()
        tab.tap("button[name=check_in]")
        tab.tap("button[name=confirm_check_in]:not(:disabled)")
        tab.see(".o_fv_step")
        uuid = tab.js("location.hash.split('/')[2]")
        tab.tap("button[name=check_out]")
        tab.tap("button[name=confirm_check_out]")
        tab.gone("button[name=confirm_check_out]")
        tab.js(f"fieldApp.router.go('visit', {uuid!r})")
        tab.see("[data-later-proof]")
        tab.tap("[data-step=look]")
        self.look(tab, "later-proof")
        self.assertEqual(tab.js("document.querySelectorAll('.o_fa_sheet').length"), 0)
        tab.tap("[data-step=shelf]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=shelf][data-state=done]")
        tab.gone("[data-later-proof]")
        tab.offline(False)
        settled(tab)
        steps = [("visit_id.user_id", "=", self.user), ("key", "=", "shelf")]
        step = self.town.admin.row("field.visit.step", steps, ["state", "photo_count"])
        self.assertEqual((step["state"], step["photo_count"]), ("done", 1))
