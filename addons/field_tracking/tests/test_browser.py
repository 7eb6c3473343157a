from odoo.tests import HttpCase, tagged

from .common import TrackCase

PLAYBACK = """
(async () => {
    const wait = async (what, test) => {
        for (let i = 0; i < 100; i++) {
            const found = test();
            if (found) { return found; }
            await new Promise((done) => setTimeout(done, 100));
        }
        throw new Error("waited in vain: " + what);
    };
    const $ = (selector) => document.querySelector(selector);
    const clock = () => $(".o_field_playback_clock strong").textContent;
    await wait("numbered stays on the map", () =>
        ["1", "2", "3"].every((number) =>
            [...document.querySelectorAll(".o_field_map_marker")].some((m) => m.textContent === number)));
    await wait("timeline", () => document.querySelectorAll(".o_field_playback_list .o_stay").length === 3);
    if (document.querySelectorAll(".o_field_playback_list .o_gap").length !== 1) { throw new Error("gap"); }
    if (clock() !== "09:00") { throw new Error("starts at " + clock()); }
    const box = $(".o_field_playback_map").getBoundingClientRect();
    if (box.height < 200 || box.width < 300) { throw new Error("map of " + box.width + "x" + box.height); }
    if (document.documentElement.scrollWidth > window.innerWidth) { throw new Error("wider than the screen"); }
    const person = () => $("[data-marker-id=person]").style.transform;
    const before = person();
    $(".o_field_playback_play").click();
    await wait("the person moves", () => person() !== before && clock() > "09:30");
    const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    press(" ");
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const stopped = clock();
    await new Promise((done) => setTimeout(done, 400));
    if (clock() !== stopped) { throw new Error("space does not pause"); }
    press("Home");
    await wait("home", () => clock() === "09:00");
    press("ArrowRight");
    await wait("one minute on", () => clock() === "09:01");
    press("ArrowDown");
    await wait("next item", () => $(".o_field_playback_list .o_trip.o_current"));
    document.querySelectorAll(".o_field_playback_list .o_stay button")[2].click();
    await wait("the third stay", () => document.querySelectorAll(".o_field_playback_list .o_stay")[2].classList.contains("o_current"));
    const slider = $(".o_field_playback_slider input");
    slider.value = slider.max;
    slider.dispatchEvent(new Event("input"));
    await wait("the end", () => clock() > "11:40");
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""

LIVE = """
(async () => {
    for (let i = 0; i < 100; i++) {
        const person = document.querySelector(".o_field_live_list .o_person");
        const group = document.querySelector(".o_field_map_cluster");
        const people = document.querySelectorAll(".o_field_map_with_initials, .o_field_map_arrow");
        if (person && group && people.length === 2) {
            person.click();
            await new Promise((done) => setTimeout(done, 300));
            if (!document.querySelector(".o_field_live_list .o_current")) { throw new Error("not selected"); }
            if (!/ago|just now/.test(person.textContent)) { throw new Error("no age: " + person.textContent); }
            console.log("test successful");
            return;
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error("nobody on the live map beside the groups of customers");
})().catch((error) => console.error(error.message));
"""


class BrowserCase(TrackCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)

    def play(self):
        self.browser_js("/odoo/field-playback", PLAYBACK, login="track_leader", timeout=120)

    def live(self):
        """Two people far apart, each among his customers: those are grouped, the people are not."""
        other, _token = self.new_device(self.stranger)
        self.store(self.workday_fixes()[:10], other)
        for person in (self.rep, self.stranger):
            last = self.env["field.position.last"].search([("user_id", "=", person.id)])
            shops = [
                {
                    "name": f"Shop {n}",
                    "partner_latitude": last.lat + n % 10 * 1e-4,
                    "partner_longitude": last.lng + n // 10 * 1e-4,
                }
                for n in range(50)
            ]
            self.env["res.partner"].create(shops)
        self.browser_js("/odoo/field-live", LIVE, login="track_director", timeout=120)


@tagged("post_install", "-at_install")
class TestBrowserDesktop(BrowserCase):
    browser_size = "1366x768"

    def test_playback(self):
        self.play()

    def test_live_map(self):
        self.live()


@tagged("post_install", "-at_install")
class TestBrowserPhone(BrowserCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_playback(self):
        self.play()

    def test_live_map(self):
        self.live()


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    def test_unit_tests(self):
        """The JavaScript of this module without a server."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=/%5E@field_tracking/",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
