import random
import uuid
from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.canonical import event_hash
from .common import FieldCase, make_event
from .test_event import handlers

NOW = datetime(2026, 11, 20, 10, 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 10:00:00")
class TestSync(FieldCase):
    def events(self, count=1, **kwargs):
        return [
            make_event(seq=i + 1, at=NOW - timedelta(minutes=count - i), **kwargs)
            for i in range(count)
        ]

    def rows(self, domain=()):
        return self.env["field.event"].search(
            [("device_id", "=", self.device.id), *domain], order="id"
        )

    def test_answer(self):
        [event] = self.events()
        answer = self.sync([event])
        self.assertEqual(answer["server_time"], "2026-11-20T10:00:00.000Z")
        self.assertEqual(
            answer["results"],
            [
                {
                    "uuid": event["uuid"],
                    "state": "applied",
                    "hash": event_hash(self.device.uuid, event, ""),
                    "ref": f"field.device,{self.device.id}",
                }
            ],
        )
        self.assertFalse(answer["resolved"] or answer["duplicates"])

    def test_same_batch_again_gives_the_same_answers(self):
        events = [*self.events(3), make_event("no.such_kind", 9), {"uuid": "x"}]
        first = self.sync(events)
        rows = self.rows().ids
        again = self.sync(events)
        self.assertEqual(again["results"], first["results"])
        self.assertEqual(again["duplicates"], [event["uuid"] for event in events[:4]])
        self.assertEqual(self.rows().ids, rows)

    def test_first_answer_stays_whatever_happened_in_between(self):
        closing = make_event("workday.close", 1, at=NOW - timedelta(hours=1))
        first = self.sync([closing])["results"]
        self.assertEqual(first[0]["code"], "no_open_day")
        self.sync([make_event("workday.open", 2, at=NOW - timedelta(hours=2))])
        self.assertEqual(self.sync([closing])["results"], first)

    def test_same_uuid_with_another_body(self):
        [event] = self.events()
        self.sync([event])
        before = self.rows().read()
        for change in ({"payload": {"x": 1}}, {"kind": "workday.open"}, {"seq": 5}):
            [result] = self.sync([{**event, **change}])["results"]
            self.assertEqual((result["state"], result["code"]), ("rejected", "hash_mismatch"))
        self.assertEqual(self.rows().read(), before)

    def test_sent_again_it_happened_when_it_was_refused(self):
        at, steady = NOW - timedelta(hours=9), {"run": "monday", "mono_ms": 5000.0}
        refused = make_event("workday.close", 1, at=at, **steady)
        self.sync([refused])
        more = {"payload": {"again_of": refused["uuid"].upper()}, "run": "later", "mono_ms": 7.0}
        for seq in (2, 3):  # the second one repeats the first repetition
            again = make_event("workday.close", seq, at=NOW, **more)
            self.sync([again])
            more = {"payload": {"again_of": again["uuid"]}}
        first, *others = self.rows()
        for row in others:
            self.assertEqual((row.happened_at, row.captured_at), (at, at))
            self.assertEqual((row.run, row.mono_ms), ("monday", 5000.0))
            self.assertEqual(row.captured_text, "2026-11-20T10:00:00.000Z", "what was hashed")
            self.assertGreater(row.received_at, first.happened_at)

    def test_only_what_was_refused_of_oneself_says_when_it_happened(self):
        at = NOW - timedelta(hours=9)
        taken = make_event("contact.ping", 1, at=at)
        other_kind = make_event("workday.close", 2, at=at)
        self.sync([taken, other_kind])
        colleague, second = self.make_device(self.senior), self.make_device(self.rep)
        theirs = [make_event("no.such", 1, at=at) for _device in (colleague, second)]
        for device, event in zip((colleague, second), theirs, strict=True):
            self.sync([event], device)
        self.assertEqual(
            {row["state"] for row in self.rows().read(["state"])}, {"applied", "rejected"}
        )
        cases = [("contact.ping", taken), ("contact.ping", other_kind)]
        cases += [("no.such", event) for event in theirs]
        cases += [("no.such", {"uuid": name}) for name in (str(uuid.uuid4()), 5, None, ["x"])]
        for seq, (kind, named) in enumerate(cases, 3):
            event = make_event(kind, seq, at=NOW, payload={"again_of": named["uuid"]})
            self.sync([event])
            row = self.rows([("uuid", "=", event["uuid"])])
            self.assertEqual(row.happened_at, NOW, (kind, named))

    def test_same_uuid_twice_in_one_batch(self):
        [event] = self.events()
        results = self.sync([event, event, {**event, "payload": {"x": 1}}])["results"]
        self.assertEqual([r["state"] for r in results], ["applied", "applied", "rejected"])
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[2]["code"], "hash_mismatch")
        self.assertEqual(len(self.rows()), 1)

    def test_somebody_elses_uuid_says_nothing_about_it(self):
        [event] = self.events()
        self.sync([event])
        other = self.make_device(self.other_rep)
        [result] = self.sync([event], device=other)["results"]
        self.assertEqual(result["code"], "hash_mismatch")
        self.assertNotIn("ref", result)
        self.assertFalse(self.env["field.event"].search([("device_id", "=", other.id)]))

    def test_a_new_phone_may_send_the_old_ones_events_again(self):
        events = self.events(2)
        first = self.sync(events)
        new_phone = self.make_device(self.rep)
        self.assertEqual(self.sync(events, device=new_phone)["results"], first["results"])

    def test_oldest_first_whatever_the_order(self):
        seen = []
        events = self.events(20, kind="test.x")
        random.Random(7).shuffle(events)
        with handlers(x=lambda event, payload: seen.append(event.seq)):
            results = self.sync(events)["results"]
        self.assertEqual(seen, list(range(1, 21)))
        self.assertEqual([r["uuid"] for r in results], [e["uuid"] for e in events])

    def test_poison_at_every_place(self):
        def handler(event, payload):
            if payload.get("poison"):
                event.env.cr.execute("SELECT 1 / 0")
            return event.device_id

        for place in range(5):
            events = self.events(5, kind="test.x")
            events[place]["payload"] = {"poison": True}
            logs = self.assertLogs("odoo.addons.field_base.models.field_event_apply", "ERROR")
            with self.subTest(place=place), handlers(x=handler), logs, mute_logger("odoo.sql_db"):
                states = [r["state"] for r in self.sync(events)["results"]]
                self.assertEqual(states.pop(place), "rejected")
                self.assertEqual(set(states), {"applied"})

    def test_malformed_events_reject_only_themselves(self):
        good = self.events(2)
        nan = make_event("workday.open", 3, payload={"position": {"lat": "NaN", "lng": 1}})
        broken = [None, 5, [], {}, {"uuid": "x"}, {"uuid": str(uuid.uuid4())}, nan]
        results = self.sync([good[0], *broken, good[1]])["results"]
        self.assertEqual(
            [r["state"] for r in results], ["applied"] + ["rejected"] * 7 + ["applied"]
        )
        self.assertEqual({r["code"] for r in results[1:7]}, {"bad_event"})
        self.assertEqual(results[7]["code"], "bad_position")
        self.assertTrue(all(r["message"] for r in results[1:8]))
        # what has an identity is kept as it was sent
        self.assertEqual(len(self.rows([("state", "=", "rejected")])), 2)

    def test_unknown_kind(self):
        [result] = self.sync([make_event("no.such_kind")])["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "unknown_kind"))
        self.assertIn("no.such_kind", result["message"])

    def test_kind_reaches_handlers_only(self):
        for kind in ("one.x", "x.__class__", "test..x", "Visit.Check", "workday", "_apply.one"):
            with self.subTest(kind=kind):
                [result] = self.sync([make_event(kind)])["results"]
                self.assertIn(result["code"], ("unknown_kind", "bad_event"))

    def test_workday_through_the_journal(self):
        place = {"lat": 31.23, "lng": 121.47, "accuracy": 8}
        opening = make_event("workday.open", 1, NOW - timedelta(hours=9), {"position": place})
        closing = make_event(
            "workday.close", 2, NOW - timedelta(minutes=5), {"position": place, "odometer": 55.5}
        )
        results = self.sync([closing, opening])["results"]
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)])
        self.assertEqual({r["ref"] for r in results}, {f"field.workday,{day.id}"})
        self.assertRecordValues(
            day,
            [
                {
                    "state": "closed",
                    "open_at": NOW - timedelta(hours=9),
                    "close_at": NOW - timedelta(minutes=5),
                    "close_lat": 31.23,
                    "odometer_close": 55.5,
                    "device_id": self.device.id,
                    "open_uuid": opening["uuid"],
                }
            ],
        )

    def test_wrong_payloads_are_told_by_field(self):
        for payload, code in (
            ({"position": {"lat": 91, "lng": 0}}, "bad_position"),
            ({"position": "here"}, "bad_payload"),
            ({"odometer": "12"}, "bad_payload"),
            ({"odometer": -1}, "bad_payload"),
        ):
            with self.subTest(payload=payload), self.assertNoLogs("odoo.addons", "ERROR"):
                events = [make_event("workday.open", at=NOW, payload=payload)]
                [result] = self.sync(events)["results"]
                self.assertEqual((result["state"], result["code"]), ("rejected", code))
        self.assertFalse(self.env["field.workday"].search([("user_id", "=", self.rep.id)]))

    def test_clock_that_was_turned_in_the_middle_of_a_visit(self):
        """A day forward between two events: each keeps its own moment, in several batches."""
        day = timedelta(days=1)
        self.sync([], sent_at=(NOW - timedelta(hours=2)).isoformat() + "Z")
        self.device.write({"clock_samples": [0], "clock_offset_ms": 0})
        events = []
        for seq, (minutes, turned) in enumerate(((-60, False), (-50, False), (-40, True))):
            at = NOW + timedelta(minutes=minutes) + (day if turned else timedelta())
            steady = {"run": "a", "mono_ms": (minutes + 100) * 60_000}
            events.append(make_event(seq=seq + 1, at=at) | steady)
        now = {"run": "a", "mono_ms": 100 * 60_000}
        for batch in (events[:1], events[1:]):
            env = self.env(user=self.rep, su=False)
            env["field.event"]._sync(
                self.device.with_env(env), batch, (NOW + day).isoformat() + "Z", extra=now
            )
        self.assertEqual(
            [(NOW - row.happened_at).total_seconds() / 60 for row in self.rows()], [60, 50, 40]
        )
        self.assertEqual(self.rows().mapped("clock_error_s"), [0, 0, 86400])
        self.assertEqual(self.device.clock_set_at, NOW)

    def test_clock(self):
        """Device ten minutes slow, device fast, captured in the future, no usable sent_at."""

        def happened(captured, sent_at):
            event = make_event(at=captured)
            self.sync([event], sent_at=sent_at and sent_at.isoformat() + "Z")
            return self.rows([("uuid", "=", event["uuid"])])

        slow = happened(NOW - timedelta(hours=1), NOW - timedelta(minutes=10))
        self.assertEqual(slow.happened_at, NOW - timedelta(minutes=50))
        self.assertEqual(slow.captured_at, NOW - timedelta(hours=1))
        self.assertEqual(self.device.clock_offset_ms, 600_000)
        unknown = happened(NOW - timedelta(hours=1), None)  # the last estimate stands
        self.assertEqual(unknown.happened_at, NOW - timedelta(minutes=50))
        fast = happened(NOW + timedelta(hours=1), NOW + timedelta(hours=2))
        self.assertEqual(fast.happened_at, NOW - timedelta(hours=1))
        exact = happened(NOW - timedelta(hours=1), NOW - timedelta(seconds=2))
        self.assertEqual(exact.happened_at, NOW - timedelta(hours=1))
        future = happened(NOW + timedelta(days=1), NOW)
        self.assertEqual(future.happened_at, NOW)
        absurd = happened(NOW, datetime(9000, 1, 1))
        self.assertLessEqual(absurd.happened_at, NOW)

    def test_contact_is_noted(self):
        self.sync(self.events(3))
        self.assertEqual((self.device.last_contact, self.device.last_seq), (NOW, 3))
        self.sync(self.events(1))
        self.assertEqual(self.device.last_seq, 3)

    def test_hash_chain(self):
        prev, events = "", self.events(5)
        for event in events:
            event["prev_hash"] = prev
            prev = event["hash"] = event_hash(self.device.uuid, event, prev)
        results = self.sync(events)["results"]
        self.assertEqual([r["hash"] for r in results], [e["hash"] for e in events])
        rows = self.rows()
        self.assertEqual(rows.mapped("prev_hash"), ["", *rows.mapped("hash")[:-1]])
        for row in rows:  # anybody can recompute it from the row alone
            found = event_hash(
                self.device.uuid,
                {
                    "uuid": row.uuid,
                    "seq": row.seq,
                    "kind": row.kind,
                    "captured_at": row.captured_text,
                    "payload": row._payload(),
                },
                row.prev_hash,
            )
            self.assertEqual(found, row.hash)

    def test_event_damaged_on_the_way_may_come_again(self):
        [event] = self.events()
        good = {**event, "hash": event_hash(self.device.uuid, event, "")}
        [result] = self.sync([{**good, "payload": {"flipped": True}}])["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "bad_hash"))
        self.assertEqual(self.sync([good])["results"][0]["state"], "applied")

    def test_queries_do_not_grow_with_the_batch(self):
        def count(size):
            events = self.events(size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sync(events)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        ten, hundred = count(10), count(100)
        # two per event are the savepoint: begin and release
        self.assertLessEqual(hundred - 200, ten - 20 + 2)
        self.assertLessEqual(hundred, 200 + 25)

    def test_repeating_a_batch_costs_a_constant(self):
        events = self.events(100)
        self.sync(events)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.sync(events)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 12)

    def test_empty_batch(self):
        self.assertEqual(self.sync([])["results"], [])
