"""What protects a phone that fell into the wrong hands, and what must not be lost by it."""

import json

import pytest

from .phone_case import VISIT, PhoneCase, connect_again
from .phone_town import check_in, check_out, do_steps, outbox, settled

pytestmark = pytest.mark.xdist_group("phone")

PIN, WRONG = "246802", "135791"

# What lies on the disk, past everything that would decrypt it.
RAW = """(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    const found = {};
    for (const name of names.filter((one) => one.startsWith("field-"))) {
        const db = await new Promise((done) => {
            indexedDB.open(name).onsuccess = (ev) => done(ev.target.result);
        });
        for (const store of db.objectStoreNames) {
            const all = db.transaction(store).objectStore(store).getAll();
            found[store] = await new Promise((done) => (all.onsuccess = () => done(all.result)));
        }
        db.close();
    }
    const text = new TextDecoder("latin1");
    return JSON.stringify(found, (key, value) =>
        value instanceof ArrayBuffer ? text.decode(value) : value
    );
})()"""


# The phone as an older app left it: no data key, everything readable.
AS_BEFORE = """(async () => {
    const { sealToken } = odoo.loader.modules.get("@field_base/app/core/vault");
    const { control, account } = fieldApp;
    const rows = {};
    for (const name of ["outbox", "docs", "blobs", "bytes"]) {
        rows[name] = await account.db.table(name).toArray();
    }
    fieldApp.close();
    account.db.close();
    const { lock, spare, ...one } = await control.accounts.get(account.device);
    await control.accounts.put({ ...one, token: await sealToken(control, account.token) });
    const raw = await new Promise((done) => {
        indexedDB.open(`field-${account.device}`).onsuccess = (ev) => done(ev.target.result);
    });
    const transaction = raw.transaction(Object.keys(rows), "readwrite");
    for (const [name, all] of Object.entries(rows)) {
        all.forEach((row) => transaction.objectStore(name).put(row));
    }
    await new Promise((done) => (transaction.oncomplete = done));
    raw.close();
})()"""
DONE_HERE = ("outbox", "sent", "blobs", "bytes", "docs", "recordings", "chunks", "fixes")
SECRETS = ("Golden Dragon", "金龙超市", "coolers", "31.23", "JFIF", "captured_at")


def enter(tab, pin):
    for digit in pin:
        tab.tap(".o_fa_keys button", digit)


def set_pin(tab, pin=PIN):
    tab.js("fieldApp.router.replace('me')")
    tab.tap("button[name=pin]")
    tab.type("input[name=pin]", pin)
    tab.tap("button[name=confirm]")
    tab.see(".o_fa_keys")


def account(tab):
    return tab.js("fieldApp.control.accounts.toArray().then(([one]) => one)")


def done_here(tab):
    """What lies on the disk of what was done on this phone, as text."""
    stores = json.loads(tab.js(RAW))
    return json.dumps({name: stores[name] for name in DONE_HERE}, ensure_ascii=False)


class TestWithoutPin(PhoneCase):
    def test_what_was_done_is_encrypted_and_an_older_phone_loses_nothing(self):
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        do_steps(tab)
        raw = done_here(tab)
        self.assertEqual([known for known in SECRETS if known in raw], [])
        tab.js(AS_BEFORE)
        raw = done_here(tab)
        self.assertEqual([known for known in SECRETS if known not in raw], [])
        tab.reload()
        tab.see(".o_fv_step", "Shelf")
        tab.wait("fieldApp.state.person.unsealed === undefined", "what is old to be encrypted")
        raw = done_here(tab)
        self.assertEqual([known for known in SECRETS if known in raw], [])
        check_out(tab)
        tab.reload()  # the key is found again
        tab.see(".o_fa_tabs")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(VISIT)
        mine = [("user_id", "=", self.user)]
        self.assertEqual(self.town.admin.count("field.blob", mine), 1)


class TestPin(PhoneCase):
    def test_everything_personal_is_encrypted_on_the_disk(self):
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        self.assertIn("Golden Dragon", tab.js(RAW))
        set_pin(tab)
        tab.offline()
        self.assertFalse("Golden Dragon" in tab.text() + tab.js(RAW))
        enter(tab, PIN)
        tab.tap("[data-tab=today]")
        tab.wait("fieldApp.state.person.unsealed === undefined", "what is old to be encrypted")
        tab.tap("button[name=continue]")
        do_steps(tab)
        check_out(tab)
        self.assertEqual([event["kind"] for event in outbox(tab)], VISIT)
        tab.wait("fieldApp.state.counts.events === 6", "the number of what waits, with a PIN too")
        raw = tab.js(RAW)
        for known in SECRETS:
            self.assertFalse(known in raw, known)
        self.assertEqual(len(json.loads(raw)["bytes"]), 1)
        tab.reload()  # and after a cold start it opens with the PIN only
        enter(tab, PIN)
        tab.see(".o_fa_tabs")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(VISIT)
        mine = [("user_id", "=", self.user)]
        self.assertEqual(self.town.admin.count("field.blob", mine), 1)

    def test_wrong_pins_wait_longer_and_never_lose_what_is_unsent(self):
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        set_pin(tab)
        tab.offline()
        for _n in range(3):
            enter(tab, WRONG)
            tab.wait("!document.querySelector('.o_fa_on')", "the answer")
        tab.see(".o_fa_problem", "Wait")
        self.assertTrue(tab.js("document.querySelector('.o_fa_keys button').disabled"))
        unlock = (
            "odoo.loader.modules.get('@field_base/app/core/lock').unlock(fieldApp, '%s')"
            ".then(({ left, wait }) => [left, wait])"
        )
        left, wait = tab.js(unlock % PIN)  # the right one does not open it either, now
        self.assertEqual(left, 5)
        self.assertGreater(wait, 0)
        waits = []
        for _n in range(5):
            tab.js(
                "fieldApp.control.accounts.toCollection().modify((one) => { one.lock.until = 0; })"
            )
            waits.append(tab.js(unlock % WRONG)[1])
        self.assertEqual(waits, [10, 20, 40, 80, 0])
        tab.see("[role=alert]", "Too many wrong PINs")
        kept = account(tab)
        self.assertEqual((kept["token"], kept["lock"]), (None, None))
        self.assertFalse("Golden Dragon" in tab.js(RAW))
        tab.offline(False)
        connect_again(tab, self.login)
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_pin_removed_opens_by_itself_and_still_reads_everything(self):
        tab = self.connected().tab
        tab.offline()
        check_in(tab)
        set_pin(tab)
        tab.offline()
        enter(tab, PIN)
        tab.tap("[data-tab=me]")
        tab.tap("button[name=pin]")
        tab.tap("button[name=remove_pin]")
        tab.see("button[name=end_day]")
        tab.tap("[data-tab=today]")
        tab.see("button[name=continue]", "Golden Dragon")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(VISIT[:2])


class TestServerCommands(PhoneCase):
    def test_wipe_erases_the_phone_and_ends_its_token(self):
        tab = self.connected().tab
        settled(tab)
        mine = [("user_id", "=", self.user)]
        (device,) = self.town.admin.search("field.device", mine)
        self.town.admin.call("field.device", "action_wipe", [device])
        tab.js("void fieldApp.sync.soon()")
        tab.see("input[name=login]")
        self.assertEqual(json.loads(tab.js(RAW)), {})
        self.assertEqual(tab.js("fieldApp.control.accounts.count()"), 0)
        row = self.town.admin.row("field.device", mine, ["wipe_state", "state"])
        self.assertEqual((row["wipe_state"], row["state"]), ("done", "revoked"))

    def test_too_old_an_app_keeps_everything_and_says_what_to_do(self):
        tab = self.connected().tab
        settled(tab)
        company = self.town.admin.search("res.company", [])
        self.town.admin.write("res.company", company, field_app_min_version="99.0")
        self.addCleanup(
            lambda: self.town.admin.write("res.company", company, field_app_min_version=False)
        )
        check_in(tab)
        tab.see(".o_fa_pill.o_fa_bad")
        tab.tap(".o_fa_pill")
        tab.see(".o_fa_note", "too old")
        self.assertEqual(len(outbox(tab)), 2)
        self.town.admin.write("res.company", company, field_app_min_version=False)
        settled(tab)
        self.assert_arrived(VISIT[:2])

    def test_token_is_renewed_and_kept(self):
        tab = self.connected().tab
        settled(tab)
        old = tab.js("fieldApp.account.token")
        self.town.sql(
            "UPDATE field_device SET token_issued_at = token_issued_at - interval '60 days'"
            " WHERE user_id = %s",
            self.user,
        )
        tab.js("void fieldApp.sync.soon()")
        tab.wait(f"fieldApp.account.token !== {json.dumps(old)}", "a new token")
        new = tab.js("fieldApp.account.token")
        tab.reload()
        tab.see("button[name=check_in]")
        self.assertEqual(tab.js("fieldApp.account.token"), new)
        check_in(tab)
        settled(tab)
        self.assert_arrived(VISIT[:2])


class TestPractice(PhoneCase):
    def test_practice_leaves_nothing_on_the_server_or_the_phone(self):
        tab = self.phone().tab
        before = self.counts()
        tab.go()
        tab.tap("button", "Practise first")
        tab.see("button[name=check_in]")
        check_in(tab)
        do_practice_steps(tab)
        check_out(tab)
        tab.tap("[data-tab=me]")
        tab.tap("button[name=leave]")
        tab.tap("button[name=confirm]")
        tab.see("input[name=login]")
        self.assertEqual(json.loads(tab.js(RAW)), {})
        self.assertEqual(self.counts(), before)

    def counts(self):
        models = ("field.device", "field.event", "field.blob", "field.visit", "field.workday")
        return [self.town.admin.count(model) for model in models]


def do_practice_steps(tab):
    tab.tap("[data-step=p1]")
    tab.tap("button[name=save_step]")
    tab.wait("document.querySelector('video').videoWidth", "the camera")
    tab.tap(".o_fa_shutter")
    tab.tap("button[name=camera_done]")
    tab.gone(".o_fa_camera")
