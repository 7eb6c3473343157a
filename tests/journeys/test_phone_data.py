"""What the phone costs: megabytes of the day, a limit, and pictures no larger than the policy says."""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, do_steps, settled

pytestmark = pytest.mark.xdist_group("phone")

CELLULAR = "Object.defineProperty(navigator.connection, 'type', { value: 'cellular' })"
TRAFFIC = """odoo.loader.modules.get("@field_base/app/core/traffic")
    .readTraffic(fieldApp.account.db)"""
SIZE = """fieldApp.account.db.bytes.toArray()
    .then(([{ data }]) => createImageBitmap(new Blob([data])))
    .then(({ width, height }) => Math.max(width, height))"""
NOTE_TEXTS = """
    window.texts = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...all) {
        window.texts.push(text);
        return fillText.call(this, text, ...all);
    };
"""
# Light letters in the lowest eighth of a picture: how many pixels are nearly white.
WHITE = """(async (picture) => {
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const top = Math.round(height * 0.8);
    const { data } = context.getImageData(0, top, width, height - top);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
        count += Math.min(data[i], data[i + 1], data[i + 2]) > 235;
    }
    return count;
})"""
KEPT = (
    "fieldApp.account.db.bytes.toArray().then(([{ data }]) => createImageBitmap(new Blob([data])))"
)
SHOWN = "createImageBitmap(document.querySelector('.o_fa_thumbs img'))"
SAME_HASH = """(async () => {
    const [{ data }] = await fieldApp.account.db.bytes.toArray();
    const [blob] = await fieldApp.account.db.blobs.toArray();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return blob.sha256 === [...digest].map((x) => x.toString(16).padStart(2, "0")).join("");
})()"""
AN_HOUR_AHEAD = """(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3600e3;
    odoo.loader.modules.get("@field_base/app/core/clock").setClockOffset(-3600e3);
    const { location } = fieldApp;
    const take = location._take.bind(location);
    location._take = ({ coords, timestamp }) => take({ coords, timestamp: timestamp + 3600e3 });
    location.state.fix.at += 3600e3;
})()"""
TIMES = """(() => {
    const { formatTime } = odoo.loader.modules.get("@field_base/app/core/clock");
    return [3600e3, 3660e3].map((ago) => formatTime(new Date(Date.now() - ago)));
})()"""
WAITING = "fieldApp.account.db.blobs.where('status').equals('new').count()"


class TestData(PhoneCase):
    def policy(self, **rules):
        self.town.admin.create(
            "field.policy",
            name=self.login,
            user_id=self.user,
            effective_from="2020-01-01",
            state="active",
            **rules,
        )

    def test_the_megabytes_of_today_are_counted_and_limited(self):
        tab = self.connected().tab
        settled(tab)
        tab.wait(f"{TRAFFIC}.then((row) => row.down > 10000 && row.up > 1000)", "the count")
        tab.js(CELLULAR)
        tab.js("fieldApp.router.replace('me')")
        tab.tap("button[name=traffic]")
        tab.see("[data-limit='20']")
        tab.picture("app-data")
        tab.tap("[data-limit='20']")
        tab.tap("[aria-label=Close]")
        tab.js(
            "fieldApp.account.db.meta.get('traffic').then((row) => {"
            " row.value.mobile = 20 * 1024 * 1024; return fieldApp.account.db.meta.put(row); })"
        )
        tab.tap("[data-tab=today]")
        check_in(tab)
        do_steps(tab)
        tab.wait("!fieldApp.state.sending && !fieldApp.state.counts.events", "the visit to be sent")
        self.assertEqual(tab.js(WAITING), 1)  # the photo stays, the visit is with the office
        self.assertEqual(self.visit()["state"], "in_progress")
        tab.js("fieldApp.router.replace('outbox')")
        tab.see(".o_fa_note", "photos and recordings wait")
        tab.see(".o_fa_traffic", "MB to send")
        tab.picture("app-sending-limit")
        tab.js("fieldApp.setSetting('dataLimit', 0); fieldApp.account.dataLimit = 0")
        settled(tab)
        self.assertEqual(tab.js(WAITING), 0)

    def test_photos_are_as_large_and_as_marked_as_the_policy_says(self):
        self.policy(photo_long_edge=640, photo_watermark=False)
        tab = self.connected().tab
        settled(tab)
        tab.js(NOTE_TEXTS)
        tab.offline()
        check_in(tab)
        do_steps(tab)
        self.assertEqual(tab.js(SIZE), 640)
        self.assertEqual(tab.js("window.texts"), [])

    def test_the_rep_sees_the_watermark_and_the_picture_is_kept_as_it_was(self):
        tab = self.connected().tab
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(NOTE_TEXTS)
        tab.js(AN_HOUR_AHEAD)
        tab.offline()
        check_in(tab)
        tab.see("body", "· 0 min")
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.see(".o_fa_camera")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.wait("!!fieldApp.location.position()", "a position")
        tab.tap(".o_fa_shutter")
        tab.see(".o_fa_thumbs img")
        visit = tab.js("fieldApp.account.db.blobs.toArray().then(([blob]) => blob.entity)")
        moment, shop, _distance, place, who = tab.js("window.texts")
        # of the server, not of the phone
        self.assertTrue(any(time in moment for time in tab.js(TIMES)), moment)
        self.assertIn("Golden Dragon", shop)
        self.assertRegex(place, r"^31\.\d{5}, 121\.\d{5} ±\d+ m$")
        self.assertTrue(who.endswith(f"#{visit[-6:]}") and len(who) > 10, who)
        white = [tab.js(f"{one}.then({WHITE})") for one in (KEPT, SHOWN)]
        self.assertGreater(white[1], white[0] + 300)
        self.assertTrue(tab.js(SAME_HASH))

    def test_photo_of_a_step_that_is_not_answered_stays_whatever_the_office_sends(self):
        tab = self.connected().tab
        settled(tab)
        check_in(tab)
        tab.tap("[data-step=shelf]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.see(".o_fa_thumbs img")
        for _time in range(2):
            settled(tab)
            pulled = "db.meta.get('pulled_at').then(({ value }) => value)"
            before = tab.js(f"fieldApp.account.{pulled}")
            tab.js("void fieldApp.sync.soon()")
            tab.wait(f"fieldApp.account.{pulled}.then((at) => at > {before})", "an answer")
        tab.see(".o_fa_thumbs img")
        tab.reload()
        tab.tap("[data-step=shelf]")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=shelf][data-state=done]")
        settled(tab)
        steps = [("visit_id.user_id", "=", self.user), ("key", "=", "shelf")]
        self.assertEqual(
            self.town.admin.row("field.visit.step", steps, ["photo_count"])["photo_count"], 1
        )

    def test_who_stands_still_is_not_looked_at_closely(self):
        tab = self.connected().tab
        settled(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.tap("button[name=start_day]")
        tab.wait("fieldApp.location.users === 2", "the trail")
        tab.js("fieldApp.router.replace('outbox')")
        tab.wait("fieldApp.location.watchIsPrecise && fieldApp.location.users === 1", "a look")
        there = (31.2404, 121.4737, 8)
        tab.js(  # the phone came there ten minutes ago
            """fieldApp.location.listeners.forEach((one) => one(
                { lat: 31.2404, lng: 121.4737, accuracy: 8, at: Date.now() - 600000 }, {}))"""
        )
        tab.place(there)
        tab.wait("fieldApp.location.watchIsPrecise === false", "a spared battery")
        tab.place((31.2504, *there[1:]))
        tab.wait("fieldApp.location.watchIsPrecise", "a close look again")
