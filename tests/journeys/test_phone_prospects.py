"""Prospects found on the road, in both languages: what a source answers, added, added and visited with
one tap, also when the network goes meanwhile; without a source the sign and the map are left. With
FIELD_PICTURES it makes the pictures of the user guide."""

import http.server
import json
import threading

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, outbox, settled

pytestmark = pytest.mark.xdist_group("phone")

SHOPS = {
    "en_US": ("Peace Pharmacy", "Blue Whale", "Hill Market"),
    "zh_CN": ("和平药房", "蓝鲸超市", "山坡集市"),
}


NO_SOURCE = {"en_US": "no source of prospects", "zh_CN": "还没有设置潜在客户来源"}


class Overpass(http.server.BaseHTTPRequestHandler):
    """Answers as the Overpass API does, with shops to the north of the pin."""

    shops = ()

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.asked.append(self.rfile.read(length).decode())
        body = json.dumps(
            {
                "version": 0.6,
                "generator": "Overpass API 0.7.62.1 084b4234",
                "elements": [
                    {
                        "type": "node",
                        "id": number,
                        "lat": PIN[0] + metres * METRE,
                        "lon": PIN[1],
                        "tags": {"name": name, "shop": "supermarket", "addr:street": "南京东路"},
                    }
                    for number, (name, metres) in self.server.shops.items()
                ],
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet."""


class Prospects:
    names = frozenset({"Golden", "Dragon", "GPS", "m", "km", "OSM", "Look", "Shelf", "Talk"}) | {
        *("Natural", "Earth")
    }

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        old = admin.search("field.prospect.provider", [])
        admin.write("field.prospect.provider", old, active=False)
        base = self.user * 1000  # what an earlier test has added is known by its number
        self.source = self.serve(
            dict(enumerate(zip(SHOPS[self.lang], (60, 120, 450), strict=True), base))
        )

    def serve(self, shops):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Overpass)
        server.shops, server.asked = shops, []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def provide(self, **values):
        return self.town.admin.create("field.prospect.provider", kind="overpass", **values)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        return tab

    def place(self, index):
        number = list(self.source.shops)[index]
        return f"[data-ref='osm:node/{number}']"

    def test_prospects(self):
        self.provide(name="OSM", url=f"http://127.0.0.1:{self.source.server_port}/api")
        self.provide(name="Silent", url="http://127.0.0.1:9/api")
        tab = self.start()
        self.look_around(tab)
        self.add(tab)
        self.add_and_visit(tab)
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["customer.add", "customer.add", "workday.open", "visit.check_in"])
        self.assert_office()

    def look_around(self, tab):
        tab.js("fieldApp.router.go('customers')")
        tab.tap("button[name=prospects]")
        tab.see(self.place(2))
        tab.see(".o_fa_note.o_fa_warn", "Silent")
        refs = "[...document.querySelectorAll('.o_fv_place')].map(({ dataset }) => dataset.ref)"
        near = [f"osm:node/{number}" for number in self.source.shops]
        self.assertEqual(tab.js(refs), near, "near ones first")
        tab.see(f"{self.place(0)} .o_fa_soft", "60 m")
        tab.wait("document.querySelector('.o_fv_around .leaflet-container')", "the map")
        self.names = self.names | {"Silent"}
        self.look(tab, "prospects")
        # one does not check in where one is not
        tab.see(f"{self.place(1)} button[name=visit_place]")
        tab.gone(f"{self.place(2)} button[name=visit_place]")
        asked = len(self.source.asked)
        tab.tap("button[data-radius='200']")
        tab.gone(self.place(2))
        self.assertEqual(len(self.source.asked), asked + 1)
        self.assertIn("around%3A200", self.source.asked[-1])

    def add(self, tab):
        """The network goes: what was found is still there to be added."""
        tab.offline()
        tab.tap(f"{self.place(1)} button[name=add_place]")
        tab.gone(self.place(1))
        self.assertEqual([one["kind"] for one in outbox(tab)], ["customer.add"])
        said = tab.js("document.querySelector('p[role=status]').innerText")
        tab.tap("button[name=look_around]")
        status = f"document.querySelector('p[role=status]').innerText !== {json.dumps(said)}"
        tab.wait(status, "that nobody can be asked")
        tab.gone(self.place(1))
        tab.see(self.place(0))

    def add_and_visit(self, tab):
        tab.tap(f"{self.place(0)} button[name=visit_place]")
        tab.see(".o_fv_step")
        tab.see("h1", SHOPS[self.lang][0])

    def assert_office(self):
        admin = self.town.admin
        names = ("name", "field_life", "field_protected_until", "field_prospect_ref")
        mine = [("user_id", "=", self.user), ("field_prospect_ref", "!=", False)]
        found = admin.rows("res.partner", mine, names)
        self.assertEqual({row["name"] for row in found}, set(SHOPS[self.lang][:2]))
        for row in found:
            self.assertEqual(row["field_life"], "prospect")
            self.assertTrue(row["field_protected_until"])
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        visit = admin.row("field.visit", here, ["partner_id", "check_in_verdict"])
        began = next(row["id"] for row in found if row["name"] == SHOPS[self.lang][0])
        self.assertEqual((visit["partner_id"], visit["check_in_verdict"]), (began, "inside"))

    def test_without_a_source(self):
        tab = self.start()
        tab.js("fieldApp.router.go('prospects')")
        tab.see("p[role=status]", NO_SOURCE[self.lang])
        tab.wait("document.querySelector('.o_fv_around .leaflet-container')", "the map")
        self.look(tab, "prospects-none")
        tab.gone(".o_fv_place")
        tab.tap("button[name=new_customer]")
        tab.see("button[name=sign]")


class TestProspectsEnglish(Prospects, PhoneCase):
    lang = "en_US"


class TestProspectsChinese(Prospects, PhoneCase):
    lang = "zh_CN"
