"""Copies of customers for the day: one that the server cannot give holds up nobody else's."""

import pytest

from .phone_case import PhoneCase
from .phone_town import connect, settled

pytestmark = pytest.mark.xdist_group("phone")

# The server fails for one customer, whenever it is asked for him.
BROKEN = """{{
    const real = window.fetch;
    window.asked = 0;
    window.fetch = (url, ...options) => {{
        if (String(url).includes("/customers/{customer}/glance")) {{
            window.asked++;
            return Promise.resolve(new Response("{{}}", {{ status: 500 }}));
        }}
        return real(url, ...options);
    }};
}}"""


class TestGlances(PhoneCase):
    def test_one_that_fails_does_not_hold_up_the_others(self):
        tab = self.phone().tab
        first, *others = self.shops
        source = BROKEN.format(customer=first)
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=source)
        connect(tab, self.login)
        settled(tab)
        tab.wait("window.asked", "the copy that cannot be given to be asked for")
        keys = [f"glance:{shop}" for shop in others]
        copies = f"fieldApp.account.db.docs.bulkGet({keys})"
        tab.wait(f"{copies}.then((found) => found.every(Boolean))", "the copies of the others")
        mine = f"fieldApp.account.db.docs.get('glance:{first}').then((one) => one || null)"
        self.assertIsNone(tab.js(mine))
        self.assertEqual(tab.js("fieldApp.state.trouble"), None)
        # he is not asked for in every round
        settled(tab)
        self.assertEqual(tab.js("window.asked"), 1)
