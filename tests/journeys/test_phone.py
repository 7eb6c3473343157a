"""The phone app in Chromium against a real server: a day's work, and what may go wrong with it."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from . import phone_town
from .phone_case import VISIT, PhoneCase, connect_again
from .phone_town import (
    FAR,
    check_in,
    check_out,
    connect,
    do_steps,
    long_day,
    outbox,
    settled,
    whole,
)

pytestmark = pytest.mark.xdist_group("phone")  # one server, one worker


class TestDay(PhoneCase):
    def test_two_taps_from_today_to_a_saved_check_in(self):
        tab = self.connected().tab
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        tab.js("window.taps = 0; addEventListener('click', () => window.taps++, true)")
        tab.tap("button[name=check_in]", "Golden Dragon")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fa_toast", "saved here")
        self.assertEqual(tab.js("window.taps"), 2)
        self.assertEqual([event["kind"] for event in outbox(tab)], VISIT[:2])
        tab.offline(False)
        settled(tab)
        self.assertEqual(self.visit()["check_in_verdict"], "inside")

    def test_day_is_the_persons_wherever_the_phone_is(self):
        """A phone in another country, where it is another day: the work of the person's day."""
        hour = datetime.now(ZoneInfo(phone_town.TIME_ZONE)).hour
        phone = self.phone()
        phone.tab.travel("Pacific/Honolulu" if hour < 18 else "Pacific/Kiritimati")
        tab = phone.tab
        connect(tab, self.login)
        check_in(tab)
        settled(tab)
        self.assertEqual(self.visit()["state"], "in_progress")
        self.assertNotEqual(
            tab.js("new Date().toDateString()"), phone_town.today().strftime("%a %b %d %Y")
        )
        tab.js("fieldApp.router.go('me')")
        tab.see("button[name=end_day]")

    def test_whole_visit_with_the_server_dead_from_a_cold_start(self):
        phone = self.connected()
        whole(phone.tab)
        self.town.server.kill()
        tab = phone.restart()
        tab.go()
        tab.see("button[name=check_in]")
        check_in(tab)
        do_steps(tab)
        tab = phone.restart()  # in the middle of the visit: the battery was empty
        tab.go()
        tab.tap("button[name=continue]")
        tab.see("[data-state=done]")
        check_out(tab)
        tab.see(".o_fa_pill", "saved here")
        self.assertEqual([event["kind"] for event in outbox(tab)], VISIT)
        (photo,) = tab.js("fieldApp.account.db.blobs.toArray()")
        self.town.server.start()
        settled(tab)
        self.assert_arrived(VISIT)
        self.assertEqual(self.visit()["state"], "done")
        blob = self.town.admin.row("field.blob", [("user_id", "=", self.user)], ["sha256", "uuid"])
        self.assertEqual((blob["sha256"], blob["uuid"]), (photo["sha256"], photo["uuid"]))
        tab.tap("[data-tab=map]")
        tab.see(".o_fa_main")

    def test_wrong_pin_is_reported_with_the_check_in(self):
        tab = self.connected(FAR).tab
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.tap(".o_fv_now")
        tab.tap("[data-reason=pin]")
        tab.see(".o_fa_soft", "asked to move the pin")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        settled(tab)
        self.assert_arrived([*VISIT[:2], "customer.pin"])
        proposal = self.town.admin.row(
            "field.pin.proposal",
            [("partner_id", "=", self.shops[0])],
            ["state", "moved_m", "reported_by_id"],
        )
        self.assertEqual((proposal["state"], proposal["reported_by_id"]), ("open", self.user))
        self.assertAlmostEqual(proposal["moved_m"], 6000, delta=20)

    def test_long_day_in_airplane_mode(self):
        """40 visits; with five photos each in `./field bench app`."""
        tab = self.connected().tab
        tab.offline()
        long_day(tab, self.shops[0], visits=40, photos=1)
        self.assertEqual(len(outbox(tab)), 121)
        self.assertEqual(tab.js("fieldApp.account.db.bytes.count()"), 40)
        tab.reload()
        tab.offline(False)
        kept = tab.js("fieldApp.account.db.blobs.toArray()")
        settled(tab)
        self.assert_arrived(
            [VISIT[0], *["visit.check_in", "visit.step_done", "visit.check_out"] * 40]
        )
        mine = [("user_id", "=", self.user)]
        there = self.town.admin.rows("field.blob", mine, ["uuid", "sha256", "state"])
        self.assertEqual(
            sorted((row["uuid"], row["sha256"], "complete") for row in kept),
            sorted((row["uuid"], row["sha256"], row["state"]) for row in there),
        )
        done = [*mine, ("state", "=", "done")]
        self.assertEqual(self.town.admin.count("field.visit", done), 40)


class TestTrouble(PhoneCase):
    def test_two_tabs_count_as_one(self):
        phone = self.connected()
        first, second = phone.tab, phone.open_tab()
        second.go()
        add = (
            "Promise.all([...Array(20)].map((_, i) =>"
            " fieldApp.account.outbox.add('contact.ping', {}))).then(() => true)"
        )
        first.offline()
        second.offline()
        first.send("Runtime.evaluate", expression=add)
        second.js(add)
        first.wait("fieldApp.state.counts.events === 40", "the other tab's events")
        first.offline(False)
        second.offline(False)
        second.js("void fieldApp.sync.soon()")
        settled(first)
        self.assert_arrived(["contact.ping"] * 40)

    def test_token_revoked_keeps_everything_until_connected_again(self):
        tab = self.connected().tab
        self.town.sql("UPDATE field_device SET token_hash = NULL WHERE user_id = %s", self.user)
        check_in(tab)
        tab.see(".o_fa_pill.o_fa_bad")
        self.assertEqual(len(outbox(tab)), 2)
        tab.tap(".o_fa_pill")
        tab.tap("button[name=reconnect]")
        tab.type("input[name=password]", phone_town.PASSWORD)
        tab.tap("button[name=confirm]")
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_wrong_clock_does_not_move_the_visit(self):
        phone = self.phone()
        phone.tab.send(
            "Page.addScriptToEvaluateOnNewDocument",
            source="""(() => {
                const now = Date.now.bind(Date), shift = 86400000;
                window.Date = new Proxy(Date, {
                    construct: (Real, args) => (args.length ? new Real(...args) : new Real(now() + shift)),
                    get: (Real, name) => (name === "now" ? () => now() + shift : Reflect.get(Real, name)),
                });
            })()""",
        )
        connect(phone.tab, self.login)
        check_in(phone.tab)
        settled(phone.tab)
        self.assert_arrived(VISIT[:2])
        happened = datetime.fromisoformat(self.visit()["check_in_at"]).replace(tzinfo=timezone.utc)
        self.assertLess(abs(datetime.now(timezone.utc) - happened), timedelta(minutes=2))

    def test_full_storage_is_said_and_saves_nothing_by_halves(self):
        tab = self.connected().tab
        tab.js(
            """window.realAdd = IDBObjectStore.prototype.add;
            IDBObjectStore.prototype.add = function () {
                throw new DOMException("full", "QuotaExceededError");
            };1"""
        )
        tab.tap("button[name=check_in]")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fa_toast.o_fa_bad")
        self.assertEqual(outbox(tab), [])
        self.assertEqual(tab.js("fieldApp.account.db.docs.count()"), 0)
        tab.js("IDBObjectStore.prototype.add = window.realAdd;1")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_no_photo_is_taken_that_could_not_be_kept(self):
        tab = self.connected().tab
        check_in(tab)
        tab.js("navigator.storage.estimate = async () => ({ usage: 96, quota: 100 });1")
        tab.tap("[data-step=shelf]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.see(".o_fa_toast.o_fa_bad")
        self.assertEqual(tab.js("fieldApp.account.db.bytes.count()"), 0)

    def test_refused_event_is_solved_by_the_rep(self):
        tab = self.connected(FAR).tab
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        tab.tap(".o_fv_now")
        tab.tap("[data-reason=elsewhere]")
        tab.tap("button[name=confirm_check_in]")
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        change = "UPDATE field_policy SET fence_mode = %s"  # a stricter version, while he was away
        self.town.sql(change, "hard")
        self.addCleanup(self.town.sql, change, "soft")
        tab.offline(False)
        tab.js("void fieldApp.sync.soon()")
        tab.wait("fieldApp.state.counts.trouble === 1", "the refusal")
        tab.js("fieldApp.router.go('outbox')")
        tab.tap(".o_fa_trouble", "Check-in")
        tab.type("textarea[name=answer]", "The owner met me at the warehouse")
        tab.tap("button[name=again]")
        settled(tab)
        self.assertEqual(tab.js("fieldApp.state.counts.trouble"), 0)
        states = {(e["kind"], e["state"]) for e in self.town.events(self.user)}
        self.assertIn(("visit.check_in", "rejected"), states)
        self.assertIn(("visit.step_done", "applied"), states)
        self.assertEqual(self.visit()["check_in_reason"], "The owner met me at the warehouse")

    def test_altered_photo_is_found_before_it_is_sent(self):
        tab = self.connected().tab
        check_in(tab)
        settled(tab)
        tab.offline()
        do_steps(tab)
        tab.js(
            """(async () => {
                const { db } = fieldApp.account;
                const [{ uuid, data }] = await db.bytes.toArray();
                new Uint8Array(data)[2000] ^= 1;
                await db.bytes.put({ uuid, data });
            })()"""
        )
        tab.offline(False)
        tab.js("void fieldApp.sync.soon()")
        tab.wait("fieldApp.state.counts.trouble === 1", "the alarm")
        self.assertEqual(self.town.admin.count("field.blob", [("user_id", "=", self.user)]), 0)

    def test_login_page_of_a_hotspot_is_not_the_server(self):
        tab = self.connected().tab
        tab.js(
            "window.realFetch = window.fetch;"
            "window.fetch = async () => new Response('<html>Free Wi-Fi</html>', {status: 200});1"
        )
        check_in(tab)
        tab.see(".o_fa_pill", "saved here")
        tab.js("window.fetch = window.realFetch;1")
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_answer_lost_after_the_server_had_worked(self):
        tab = self.connected().tab
        tab.js(
            """window.realFetch = window.fetch; window.lost = 0;
            window.fetch = async (...args) => {
                const answer = await window.realFetch(...args);
                if (String(args[0]).includes("/sync") && window.lost++ < 2) {
                    throw new TypeError("cut");
                }
                return answer;
            };1"""
        )
        check_in(tab)
        tab.wait("window.lost >= 3", "a third try", seconds=30)
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_crash_between_event_and_picture_leaves_neither(self):
        tab = self.connected().tab
        tab.js(
            """fieldApp.account.outbox.add("contact.ping", {}, {
                change: async (db) => { await db.docs.put({ key: "x", kind: "x" }); throw 1; },
            }).catch(() => 1)"""
        )
        left = tab.js("fieldApp.account.db.docs.count()"), outbox(tab)
        self.assertEqual(left, (0, []))
        check_in(tab)
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_next_person_sees_and_sends_nothing_of_the_first(self):
        phone = self.connected()
        tab = phone.tab
        tab.offline()
        check_in(tab)
        other = self.town.hire(f"{self.login}b")
        self.town.open_shops(other, ["Sun Store"])
        self.town.sql("UPDATE field_device SET token_hash = NULL WHERE user_id = %s", self.user)
        tab.offline(False)
        tab.js("fieldApp.setSetting('active', '')")
        connect(tab, f"{self.login}b")
        self.assertNotIn("Golden Dragon", tab.text())
        settled(tab)
        self.assertEqual(self.town.events(self.user) + self.town.events(other), [])
        tab.js("fieldApp.setSetting('active', '')")
        connect_again(tab, self.login)
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_server_restored_from_a_backup_gets_the_day_again(self):
        tab = self.connected().tab
        backup = phone_town.databases.clone(self.town.database, self.town.database + "_backup")
        self.addCleanup(phone_town.databases.drop, backup)
        check_in(tab)
        do_steps(tab)
        check_out(tab)
        settled(tab)
        self.assert_arrived(VISIT)
        self.town.server.kill()
        phone_town.databases.clone(backup, self.town.database)
        self.town.server.start()
        self.assertEqual(self.town.events(self.user), [])
        tab.js("void fieldApp.sync.soon()")
        tab.wait("fieldApp.account.db.blobs.where('status').equals('new').count()", "resending")
        settled(tab)
        self.assert_arrived(VISIT)
        self.assertEqual(self.visit()["state"], "done")
        self.assertEqual(self.town.admin.count("field.blob", [("user_id", "=", self.user)]), 1)

    def test_update_waits_for_the_person_and_loses_nothing(self):
        phone = self.connected()
        tab = phone.tab
        whole(tab)
        version = tab.js("JSON.parse(document.getElementById('field-config').textContent).version")
        asset = self.town.admin.create(
            "ir.asset",
            name="new version",
            bundle="field_base.assets_app",
            path="/field_base/static/src/map/palette.js",
        )
        self.addCleanup(self.town.admin.call, "ir.asset", "unlink", [asset])
        tab.offline()
        check_in(tab)
        tab.offline(False)
        tab.js("navigator.serviceWorker.getRegistration().then((one) => one.update())")
        tab.wait("fieldApp.state.update === true", "the new version", seconds=60)
        tab.js("fieldApp.router.replace('me')")
        tab.js("window.old = true")
        tab.tap("button[name=update]")
        tab.wait("!window.old && window.fieldApp?.state.phase === 'ready'", "the new version", 60)
        self.assertNotEqual(
            tab.js("JSON.parse(document.getElementById('field-config').textContent).version"),
            version,
        )
        settled(tab)
        self.assert_arrived(VISIT[:2])
