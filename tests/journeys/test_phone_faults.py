"""Faults between the phone's write and the server's answer that need a phone (engines.md §2)."""

import json

import pytest

from .phone_case import VISIT, PhoneCase
from .phone_town import check_in, check_out, do_steps, outbox, settled
from .test_phone_lock import RAW

pytestmark = pytest.mark.xdist_group("phone")

# Each write to the disk in turn is the last one before the tab is gone: its transaction ends there.
KILL = """(async () => {
    const visits = odoo.loader.modules.get("@field_visit/app/visits");
    const events = odoo.loader.modules.get("@field_visit/app/visit_events");
    const days = odoo.loader.modules.get("@field_base/app/core/workday");
    const { db } = fieldApp.account;
    fieldApp.sync.stop();
    const real = { add: IDBObjectStore.prototype.add, put: IDBObjectStore.prototype.put };
    let left = Infinity;
    for (const name of ["add", "put"]) {
        IDBObjectStore.prototype[name] = function (...args) {
            if (left-- <= 0) {
                // Not in the middle of a step of the database: a browser never does that either.
                queueMicrotask(() => this.transaction.abort());
                throw new DOMException("killed", "AbortError");
            }
            return real[name].apply(this, args);
        };
    }
    const picture = async () => JSON.stringify([
        await db.outbox.toArray(), await db.docs.toArray(), await db.meta.bulkGet(["seq", "head"]),
    ]);
    const [{ uuid }] = (await visits.visitsOfToday(db)).filter(({ state }) => state === "planned");
    const read = () => visits.visitOf(db, uuid);
    const stepOf = (visit, key) => visit.steps.find((step) => step.key === key);
    const works = [
        async () => events.checkIn(fieldApp, await read(), {}),
        async () => { const visit = await read();
            return events.stepDone(fieldApp, visit, stepOf(visit, "look"), { note: "a" }); },
        async () => { const visit = await read();
            return events.stepCannot(fieldApp, visit, stepOf(visit, "talk"), { reason: "b" }); },
        async () => events.checkOut(fieldApp, await read(), { note: "c" }),
        async () => days.closeDay(fieldApp),
    ];
    let kills = 0;
    const halves = [];
    for (const work of works) {
        for (let at = 0; ; at++) {
            const before = await picture();
            left = at;
            const died = await work().then(() => left >= 0, () => false) === false;
            left = Infinity;
            if (!died) {
                break;
            }
            kills++;
            if ((await picture()) !== before) {
                halves.push([kills, at]);
            }
        }
    }
    Object.assign(IDBObjectStore.prototype, real);
    return { kills, halves };
})()"""

# The phone's database as the first version of the app made it.
FIRST_VERSION = """(async () => {
    const name = fieldApp.account.db.name;
    const tables = ["meta", "outbox", "blobs", "bytes", "docs", "rows", "sent", "nonces"];
    const kept = {};
    for (const table of tables) {
        kept[table] = await fieldApp.account.db.table(table).toArray();
    }
    kept.outbox = kept.outbox.map(({ run, mono_ms, ...row }) => row);
    fieldApp.close();
    fieldApp.account.db.close();
    await Dexie.delete(name);
    const old = new Dexie(name);
    old.version(1).stores({
        meta: "key", outbox: "uuid, seq, status, entity", blobs: "uuid, status, entity, size",
        bytes: "uuid", docs: "key, kind", rows: "[collection+id], collection",
        sent: "uuid, at", nonces: "nonce",
    });
    await old.open();
    for (const table of tables) {
        await old.table(table).bulkPut(kept[table]);
    }
    old.close();
})()"""

TURN = """(() => {
    const now = Date.now.bind(Date), shift = 86400000;
    window.Date = new Proxy(Date, {
        construct: (Real, args) => (args.length ? new Real(...args) : new Real(now() + shift)),
        get: (Real, name) => (name === "now" ? () => now() + shift : Reflect.get(Real, name)),
    });
})()"""


class TestKilled(PhoneCase):
    def test_whatever_write_is_the_last_one_event_and_picture_go_together(self):
        """Fault 10, at every write of a visit."""
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        found = tab.js(KILL)
        self.assertEqual(found["halves"], [])
        self.assertGreater(found["kills"], 12)
        tab.offline(False)
        tab.reload()
        settled(tab)
        kinds = [*VISIT[:3], "visit.step_cannot", "visit.check_out", "workday.close"]
        events = self.town.events(self.user)
        self.assertEqual([event["kind"] for event in events], kinds)
        self.assertEqual([event["seq"] for event in events], list(range(len(kinds))))

    def test_clock_turned_in_the_middle_of_a_visit(self):
        """Fault 13: a day forward after the check-in; the length of the visit is what it was."""
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        tab.js(TURN)
        do_steps(tab)
        check_out(tab)
        tab.offline(False)
        settled(tab)
        self.assert_arrived(VISIT)
        names = ["state", "check_in_at", "check_out_at", "duration_min"]
        visit = self.town.admin.row("field.visit", [("uuid", "=", self.visit()["uuid"])], names)
        self.assertEqual((visit["state"], visit["duration_min"] < 5), ("done", True), visit)
        errors = self.town.admin.rows(
            "field.event", [("user_id", "=", self.user)], ["clock_error_s"], order="seq"
        )
        errors = [round(row["clock_error_s"] / 86400) for row in errors]
        self.assertEqual(errors, [0, 0, 1, 1, 1, 1])
        device = self.town.admin.row(
            "field.device", [("user_id", "=", self.user)], ["clock_set_at"]
        )
        self.assertTrue(device["clock_set_at"])


class TestMeanwhile(PhoneCase):
    """What the office does while the phone is away."""

    def away(self):
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        return tab

    def visit_id(self):
        domain = [("user_id", "=", self.user), ("partner_id", "=", self.shops[0])]
        return self.town.admin.search("field.visit", domain)

    def back(self, tab):
        tab.offline(False)
        tab.js("void fieldApp.sync.soon()")

    def test_other_fields_and_the_same_field_changed_by_the_leader(self):
        """Fault 17: what is of the leader stays his, what is of the rep stays hers."""
        tab = self.away()
        tab.tap("button[name=check_out]")
        tab.type("textarea[name=out_note]", "They want coolers")
        tab.tap("button[name=confirm_check_out]")
        self.town.admin.write(
            "field.visit", self.visit_id(), plan_time=15.5, note="Ask for coolers"
        )
        self.back(tab)
        settled(tab)
        (visit,) = self.town.admin.rows(
            "field.visit", [("id", "in", self.visit_id())], ["plan_time", "note", "state"]
        )
        self.assertEqual((visit["plan_time"], visit["state"]), (15.5, "done"))
        self.assertIn("They want coolers", visit["note"])
        self.assertIn("Ask for coolers", visit["note"])

    def test_visit_deleted_meanwhile_took_place_all_the_same(self):
        """Fault 18: the plan is gone, the work is not."""
        tab = self.away()
        self.town.admin.call("field.visit", "unlink", self.visit_id())
        self.back(tab)
        settled(tab)
        self.assert_took_place()

    def test_visit_given_to_somebody_else_meanwhile(self):
        """Fault 18: who was there keeps his work, who is to go keeps her plan."""
        tab = self.away()
        other = self.town.hire(f"{self.login}c")
        (plan,) = self.visit_id()
        self.town.admin.write("field.visit", [plan], user_id=other)
        self.back(tab)
        settled(tab)
        self.assert_took_place()
        (row,) = self.town.admin.rows("field.visit", [("id", "=", plan)], ["state", "user_id"])
        self.assertEqual((row["state"], row["user_id"]), ("planned", other))
        self.assertEqual(self.town.admin.rows("field.event", [("user_id", "=", other)], ["id"]), [])

    def assert_took_place(self):
        (visit,) = self.town.admin.rows(
            "field.visit",
            [("user_id", "=", self.user), ("partner_id", "=", self.shops[0])],
            ["state", "is_unplanned"],
        )
        self.assertEqual((visit["state"], visit["is_unplanned"]), ("in_progress", True))

    def test_customer_deleted_meanwhile_is_refused_and_kept(self):
        """Fault 18: the record is gone."""
        tab = self.away()
        self.town.admin.call("field.visit", "unlink", self.visit_id())
        self.town.admin.call("res.partner", "unlink", [self.shops[0]])
        self.assert_kept(tab, "not_found")

    def test_customer_given_to_another_company_meanwhile(self):
        """Fault 18: the right is gone."""
        tab = self.away()
        self.town.admin.call("field.visit", "unlink", self.visit_id())
        company = self.town.admin.create("res.company", name=f"Company of {self.login}")
        self.town.admin.write("res.partner", [self.shops[0]], company_id=company)
        self.assert_kept(tab, "forbidden", "not_found")

    def assert_kept(self, tab, *codes):
        """Refused with a reason, still on the phone, and the others have arrived."""
        self.back(tab)
        tab.wait("fieldApp.state.counts.trouble > 0", "the refusal")
        kept = {event["kind"]: event for event in outbox(tab)}
        self.assertEqual(kept["visit.check_in"]["status"], "rejected")
        self.assertIn(kept["visit.check_in"]["code"], codes)
        self.assertTrue(kept["visit.check_in"]["payload"]["visit_uuid"])
        tab.tap(".o_fa_pill")
        tab.see(".o_fa_trouble", "Check-in")
        states = {e["kind"]: e["state"] for e in self.town.events(self.user)}
        self.assertEqual(states, {"workday.open": "applied", "visit.check_in": "rejected"})


class TestOldApp(PhoneCase):
    def test_database_of_the_first_version_is_taken_over_with_its_outbox(self):
        """Faults 19 and 20: what an old app has written is delivered by the new one."""
        tab = self.connected().tab
        settled(tab)
        tab.offline()
        check_in(tab)
        do_steps(tab)
        tab.js(FIRST_VERSION)
        tab.offline(False)
        tab.reload()
        tab.see("[data-step=talk][data-state=done]")
        settled(tab)
        self.assert_arrived(VISIT[:5])
        self.assertEqual(self.town.admin.count("field.blob", [("user_id", "=", self.user)]), 1)
        self.assertEqual(json.loads(tab.js(RAW))["outbox"], [])
