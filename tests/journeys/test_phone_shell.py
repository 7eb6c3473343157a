"""What the app says about itself and the phone it runs on, each on the phone that needs it."""

import json

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, settled
from .test_phone_lock import PIN, enter, set_pin

pytestmark = pytest.mark.xdist_group("phone")

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)
WECHAT = ANDROID + " MicroMessenger/8.0.50"

# EAN-13: which of the left digits are drawn in the second set, by the first digit of the code.
FIRST = [
    *("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB"),
    *("ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"),
]
LEFT = [
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
]

SILENT = """addEventListener("beforeinstallprompt", (ev) => {
    ev.preventDefault();
    ev.isTrusted && ev.stopImmediatePropagation();
}, true)"""

# A camera that looks at a sheet of paper with black bars on it.
CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext("2d");
    const draw = () => {
        context.fillStyle = "#fff";
        context.fillRect(0, 0, 640, 480);
        context.fillStyle = "#000";
        [...%s].forEach((bit, i) => bit === "1" && context.fillRect(130 + 4 * i, 120, 4, 240));
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream(10);
};"""


def bars(code):
    """The black and white bars of a number with its check digit, as ones and zeros."""
    flip = str.maketrans("01", "10")
    sets = FIRST[int(code[0])]
    left = [
        LEFT[int(digit)] if kind == "A" else LEFT[int(digit)].translate(flip)[::-1]
        for digit, kind in zip(code[1:7], sets, strict=True)
    ]
    right = [LEFT[int(digit)].translate(flip) for digit in code[7:]]
    return f"101{''.join(left)}01010{''.join(right)}101"


class TestShell(PhoneCase):
    def help(self, tab, agent=None):
        if agent:
            tab.send("Network.setUserAgentOverride", userAgent=agent)
            tab.reload()
        tab.js("fieldApp.router.replace('help')")
        tab.see("[data-help=install]")
        return tab.js("document.querySelector('[data-help=install]').innerText")

    def test_a_code_before_the_camera_finds_the_customer(self):
        code = "4006381333931"
        self.town.admin.write("res.partner", [self.shops[2]], ref=code)
        tab = self.connected().tab
        settled(tab)
        tab.js(CAMERA % json.dumps(bars(code)))
        tab.tap("[data-tab=customers]")
        tab.tap("button[name=scan]")
        tab.wait("fieldApp.router.state.name === 'customer'", "the page of the one it belongs to")
        tab.see(".o_fa_screen", "Happy Mart")

    def test_install_guide_of_each_phone(self):
        tab = self.connected().tab
        # this browser would offer it by itself, which iPhones do not
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=SILENT)
        self.assertIn("Share", self.help(tab, IPHONE))
        self.assertIn("Install app", self.help(tab, ANDROID))
        self.assertIn("chat app", self.help(tab, WECHAT))
        # where the phone asks by itself, one button does it
        tab.send("Network.setUserAgentOverride", userAgent=ANDROID)
        tab.reload()
        tab.js(
            "window.asked = 0; window.dispatchEvent(Object.assign("
            "new Event('beforeinstallprompt'), { prompt: async () => window.asked++ }))"
        )
        self.help(tab)
        tab.tap("[data-help=install] button")
        self.assertEqual(tab.js("window.asked"), 1)

    def test_permission_guide_tells_where_the_switch_is(self):
        phone = self.connected(place=None)
        tab = phone.tab
        self.help(tab, IPHONE)
        tab.see("[data-help=location] .o_fa_note", "Settings")
        self.help(tab, ANDROID)
        tab.see("[data-help=location] .o_fa_note", "lock beside the address")
        tab.see("[data-help=camera] .o_fa_ok")

    def test_language_theme_and_storage(self):
        tab = self.connected().tab
        tab.js("navigator.storage.estimate = async () => ({ usage: 85, quota: 100 });1")
        tab.tap("[data-tab=me]")
        tab.see(".o_fa_note.o_fa_warn", "running out of room")
        tab.tap("[data-theme-choice=sun]")
        tab.wait("document.documentElement.dataset.theme === 'sun'", "the theme")
        ground = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(tab.js(ground), "rgb(255, 255, 255)")
        self.assertEqual(tab.js("getComputedStyle(document.body).color"), "rgb(0, 0, 0)")
        tab.tap("[data-lang=zh_CN]")
        tab.see("[data-tab=me]", "我的")
        tab.reload()  # both stay
        tab.see("[data-tab=me]", "我的")
        self.assertEqual(tab.js("document.documentElement.dataset.theme"), "sun")
        self.assertEqual(tab.js("document.documentElement.lang"), "zh-CN")

    def test_nothing_is_cut_off_on_a_phone_on_its_side(self):
        tab = self.connected().tab
        tab.send(
            "Emulation.setDeviceMetricsOverride",
            width=844,
            height=390,
            deviceScaleFactor=2,
            mobile=True,
        )
        check_in(tab)
        self.assertEqual(tab.small_targets(), [])
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        view = "document.querySelector('.o_fa_view').getBoundingClientRect().height / innerHeight"
        self.assertGreater(tab.js(view), 0.9)
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see("textarea[name=note]")
        set_pin(tab)
        tab.picture("app-lock-landscape")
        outside = """[...document.querySelectorAll(".o_fa_lock h1, .o_fa_keys button")].filter((one) => {
            const { top, bottom } = one.getBoundingClientRect();
            return top < 0 || bottom > innerHeight;
        }).length"""
        self.assertEqual(tab.js(outside), 0)
        enter(tab, PIN)
        tab.see(".o_fa_tabs")
        self.assertFalse(tab.is_wider_than_the_screen())
