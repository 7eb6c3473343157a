"""The day's route on the phone: its order, what it saves, drag and keys, what does not fit."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, SHOPS, TIME_ZONE, connect, settled, today

pytestmark = pytest.mark.xdist_group("phone")

LINE = """odoo.loader.modules.get("@field_visit/app/visits").visitsOfToday(fieldApp.account.db)
    .then((visits) => visits.map(({ customer }) => customer.name))"""
FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
LEFT_OUT = "[...document.querySelectorAll('.o_fv_left_out .o_fa_name')].map((e) => e.innerText)"
TROUBLE = "fieldApp.account.db.outbox.where('status').equals('rejected').toArray()"
WAITING = "fieldApp.account.db.outbox.where('status').equals('new').toArray()"
LAYER = """odoo.loader.modules.get("@web/core/registry").registry.category("field_app.map_layer")
    .get("route")(fieldApp.account.db)"""
#: Along a street; the day begins before the first.
STREET = list(SHOPS)
CHINESE_NAMES = {
    *(
        "English",
        "Rep",
        "GPS",
        "SOS",
        "km",
        "m",
        "Golden",
        "Dragon",
        "Happy",
        "Mart",
        "Sun",
        "Store",
    ),
    *("Lucky", "Nanjing", "Road", "Shanghai", "Natural", "Earth"),
}


class RouteCase(PhoneCase):
    def start_from(self, **values):
        """The rep's day begins before the first shop, with time enough at any hour of the test."""
        if datetime.now(ZoneInfo(TIME_ZONE)).hour > 20:
            # the same day for her, and hours before her midnight
            self.town.admin.write("res.users", [self.user], tz="Europe/Berlin")
        self.town.admin.create(
            "field.route.setup",
            user_id=self.user,
            start_kind="point",
            start_lat=PIN[0] - 500 * METRE,
            start_lng=PIN[1],
            returns=False,
            **{"day_start": 0, "day_end": 24, "lunch_minutes": 0, "visit_minutes": 5, **values},
        )

    def any_order(self):
        """Nobody has fixed a time: only the way counts."""
        visits = self.town.admin.search("field.visit", [("user_id", "=", self.user)])
        self.town.admin.write("field.visit", visits, plan_time=0)

    def places(self):
        """``{customer: place on the route}`` as the office has it, and who is pinned."""
        names = ("partner_id", "route_sequence", "route_pinned")
        rows = self.town.admin.rows("field.visit", [("user_id", "=", self.user)], names)
        rows.sort(key=lambda row: row["route_sequence"])
        name = dict(zip(self.shops, STREET, strict=True))
        pinned = {name[row["partner_id"]] for row in rows if row["route_pinned"]}
        return [name[row["partner_id"]] for row in rows], pinned

    def wait_order(self, tab, names):
        text = "|".join(names)
        tab.wait(
            "[...document.querySelectorAll('.o_fv_route_stop .o_fa_name')]"
            f".map((e) => e.innerText).join('|') === {text!r}",
            f"the order {text}",
        )

    def box(self, tab, name, part):
        row = f"""[...document.querySelectorAll('.o_fv_route_stop')]
            .find((row) => row.innerText.includes({name!r}))"""
        return tab.wait(f"{row}.querySelector('{part}').getBoundingClientRect().toJSON()", part)

    def drag(self, tab, name, onto):
        """A finger takes the handle of one row to the middle of another, in a few moves."""
        tab.js("document.querySelector('.o_fv_order').scrollIntoView({ block: 'center' })")
        start, end = (self.box(tab, one, ".o_fv_handle") for one in (name, onto))
        x = start["x"] + start["width"] / 2
        first, last = (box["y"] + box["height"] / 2 for box in (start, end))
        reach = last - first + (8 if last > first else -8)
        points = [{"x": x, "y": first + reach * n / 6} for n in range(7)]
        tab.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=points[:1])
        for point in points[1:]:
            tab.send("Input.dispatchTouchEvent", type="touchMove", touchPoints=[point])
            tab.js(FRAME)
        tab.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, tab, key):
        for kind in ("keyDown", "keyUp"):
            tab.send("Input.dispatchKeyEvent", type=kind, key=key, code=key)


class TestRoute(RouteCase):
    def test_best_order_what_it_saves_and_the_way_there(self):
        self.start_from()
        self.any_order()
        tab = self.connected((PIN[0] - 5000 * METRE, PIN[1], 8)).tab
        tab.see(".o_fv_route", "not been optimised")
        # the office had them in a bad order
        visits = self.town.admin.search("field.visit", [("user_id", "=", self.user)])
        for place, n in enumerate((4, 0, 3, 1, 2), 1):
            self.town.admin.write("field.visit", [visits[n]], route_sequence=10 * place)
        settled(tab)
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_way", "km")
        tab.see(".o_fv_saved", "less than before")
        tab.see(".o_fv_route", "Straight-line")
        settled(tab)
        self.assert_arrived(["route.optimise"])
        office, _pinned = self.places()
        self.assertIn(office, (STREET, STREET[::-1]), "once up and down the street")
        tab.wait(f"{LINE}.then((names) => names.join() === {','.join(office)!r})", "that order")
        tab.see(".o_fv_now", office[0])
        link = tab.js("document.querySelector('.o_fv_now .o_field_navigate_go').href")
        self.assertRegex(link, r"^https?://")
        tab.tap(".o_fv_now .o_field_navigate_more")
        tab.see(".o_field_navigate_menu", "Baidu Maps")
        self.assertFalse(tab.js("!!document.querySelector('.o_fa_sheet')"), "no check-in meant")

    def test_drag_wins_at_once_and_without_a_network(self):
        self.start_from()
        self.any_order()
        tab = self.connected().tab
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_way", "km")
        settled(tab)
        order, _pinned = self.places()
        tab.tap("button[name=route]")
        self.wait_order(tab, order)
        tab.offline()
        self.drag(tab, order[0], order[3])
        mine = [order[1], order[2], order[3], order[0], order[4]]
        self.wait_order(tab, mine)
        tab.see(".o_fv_route", "Your own order")
        self.assertEqual(self.places()[0], order, "nothing was sent yet")
        # with the keys: the handle keeps the focus while it moves
        handle = "[...document.querySelectorAll('.o_fv_route_stop')][4].querySelector('{}')"
        tab.js(handle.format(".o_fv_handle") + ".focus()")
        self.press(tab, "ArrowUp")
        mine = [order[1], order[2], order[3], order[4], order[0]]
        self.wait_order(tab, mine)
        self.press(tab, "ArrowUp")
        mine = [order[1], order[2], order[4], order[3], order[0]]
        self.wait_order(tab, mine)
        tab.see(".o_fv_said", "number 3")
        tab.wait(f"{WAITING}.then((all) => all.length === 3)", "all of it on the disk")
        tab.reload()
        tab.see(".o_fv_route_stop")
        self.wait_order(tab, mine)
        tab.offline(False)
        settled(tab)
        office, pinned = self.places()
        self.assertEqual(office, mine)
        self.assertEqual(pinned, {order[0], order[4]}, "what was moved keeps its place")
        tab.gone(".o_fv_route", "Your own order")
        tab.see(".o_fv_way", "km")
        # the rest goes round what is pinned
        tab.tap("button[name=optimise]", "Re-optimise the rest")
        tab.wait("document.querySelector('button[name=optimise]').disabled === false", "the answer")
        settled(tab)
        office, pinned = self.places()
        self.assertEqual((office[2], office[4]), (mine[2], mine[4]))
        self.wait_order(tab, office)
        tab.tap("button[name=let_go]")
        tab.gone("button[name=let_go]")
        settled(tab)
        self.assertEqual(self.places()[1], set())
        kinds = [event["kind"] for event in self.town.events(self.user)]
        self.assertEqual(
            kinds,
            ["route.optimise", *["route.order"] * 3, "route.optimise", "route.order"],
        )

    def test_what_does_not_fit_is_named_and_taken_in(self):
        # two of five at most, whatever hour it is
        self.start_from(visit_minutes=600)
        self.any_order()
        tab = self.connected().tab
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_left_out", "Does not fit into the day")
        settled(tab)
        self.assertGreaterEqual(tab.js(f"({LEFT_OUT}).length"), 2)
        tab.tap("button[name=route]")
        tab.see("button[name=take_in]")
        tab.see(".o_fa_heading", "Cannot all be done, left out")
        before = tab.js(LEFT_OUT)
        self.assertGreaterEqual(len(before), 3)
        tab.tap("button[name=take_in]")
        tab.wait(f"({LEFT_OUT}).length === {len(before) - 1}", "one of them on the route")
        settled(tab)
        tab.see(".o_fv_late", "too late")
        domain = [("user_id", "=", self.user), ("route_note", "=", "unfit")]
        self.assertEqual(self.town.admin.count("field.visit", domain), len(before) - 1)

    def test_refused_wish_says_why_and_waits_for_nobody(self):
        tab = self.connected().tab
        visits = self.town.admin.search("field.visit", [("user_id", "=", self.user)])
        settled(tab)
        tab.offline()
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_route", "as soon as there is a network")
        self.town.admin.write("field.visit", visits, plan_date="2020-01-06")
        tab.offline(False)
        tab.wait(f"{TROUBLE}.then((all) => all.length)", "the refusal", seconds=60)
        self.assertIn("no planned visit", tab.js(f"{TROUBLE}.then(([one]) => one.message)"))
        tab.gone(".o_fv_route", "as soon as there is a network")

    def test_line_of_the_route_on_the_map(self):
        self.start_from()
        self.any_order()
        tab = self.connected().tab
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_way", "km")
        tab.tap(".o_fa_tabs [data-tab=map]")
        tab.see(".o_field_map_marker")
        labels = "[...document.querySelectorAll('.o_field_map_marker')].map((e) => e.innerText)"
        tab.wait(f"['1', '2', '5'].every((one) => {labels}.includes(one))", "numbered stops")
        lines = f"{LAYER}.then(({{ lines: [line], markers }}) => [line.points, markers[0].title])"
        points, title = tab.js(lines)
        self.assertEqual(len(points), 6, "from where the day begins to the last stop")
        self.assertAlmostEqual(points[0][0], PIN[0] - 500 * METRE, 4)
        self.assertEqual(title, "Start")


class TestAnotherDay(RouteCase):
    def test_visit_moves_to_another_day_without_a_network(self):
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        tab.tap(".o_fv_stop", "Happy Mart")
        tab.tap("button[name=call_off]")
        self.set_day(tab, "2020-01-06")
        tab.see(".o_fa_sheet", "too far ahead")
        self.assertTrue(tab.js("document.querySelector('button[name=cancel_reason]').disabled"))
        day = (today() + timedelta(days=4)).isoformat()
        self.set_day(tab, day)
        self.look(tab, "move-visit")
        reason = tab.js("document.querySelector('button[name=cancel_reason]').innerText")
        tab.tap("button[name=cancel_reason]")
        tab.gone(".o_fa_sheet")
        tab.gone(".o_fv_stop", "Happy Mart")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["visit.move"])
        domain = [("user_id", "=", self.user), ("partner_id", "=", self.shops[2])]
        names = ("state", "plan_date", "moved_from", "move_reason_id")
        visit = self.town.admin.row("field.visit", domain, names)
        self.assertEqual((visit["state"], visit["plan_date"]), ("planned", day))
        self.assertEqual(visit["moved_from"], today().isoformat())
        chosen = [("id", "=", visit["move_reason_id"])]
        name = self.town.admin.row("field.visit.reason", chosen, ["name"])["name"]
        self.assertEqual(name, reason)

    def set_day(self, tab, day):
        """As the phone's own calendar does it."""
        tab.see("input[name=move_date]")
        tab.js(
            f"""(() => {{
                const input = document.querySelector("input[name=move_date]");
                input.value = {day!r};
                input.dispatchEvent(new Event("input", {{ bubbles: true }}));
            }})()"""
        )


class TestRouteScreens(RouteCase):
    def test_in_english(self):
        self.walk("en_US")

    def test_in_chinese(self):
        self.names = CHINESE_NAMES
        self.walk("zh_CN")

    def walk(self, lang):
        self.lang = lang
        self.town.admin.write("res.users", [self.user], lang=lang)
        self.start_from(visit_minutes=60)
        self.any_order()
        tab = self.phone((PIN[0] - 5000 * METRE, PIN[1], 8)).tab
        connect(tab, self.login)
        settled(tab)
        self.look(tab, "route-none")
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_way")
        settled(tab)
        self.look(tab, "route-today")
        tab.tap("button[name=route]")
        tab.see(".o_fv_route_stop")
        self.look(tab, "route")
        tab.tap("button[name=pin]")
        tab.see("button[name=let_go]")
        settled(tab)
        closed = self.town.admin.search("field.visit", [("user_id", "=", self.user)])[-1]
        self.town.admin.write("field.visit", [closed], plan_minutes=1440)
        tab.tap("button[name=optimise]")
        tab.see(".o_fv_left_out")
        settled(tab)
        self.look(tab, "route-left-out")
        tab.js("fieldApp.router.replace('map')")
        tab.see(".o_field_map_marker")
        self.look(tab, "route-map")
        tab.js("fieldApp.router.replace('today')")
        tab.see(".o_fv_left_out")
        tab.js("document.querySelector('.o_fv_left_out').scrollIntoView()")
        self.look(tab, "route-today-left-out")
