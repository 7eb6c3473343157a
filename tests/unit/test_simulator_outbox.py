"""The phone's outbox against a small server that misbehaves: everything arrives, exactly once."""

import asyncio
import contextlib
import hashlib
import json
import random
import time
from collections import Counter

import pytest

from simulator import day, outbox
from simulator.habits import HABITS
from simulator.http import Connection, NetworkError
from simulator.phone import Fix
from simulator.stats import Stats

DEVICE = "4be0643f-1d98-573b-97cd-ca98a65347dd"
TOKEN = "t" * 43


class FakeServer:
    """Speaks just enough of both protocols, and fails on purpose.

    :param faults: {name: chance}: ``refuse`` cuts before anything is done, ``deaf`` does it and
        cuts before the answer, ``busy`` answers 503, ``portal`` answers a page with 200
    """

    def __init__(self, faults=None, seed=1, needs=None):
        self.faults, self.rng = faults or {}, random.Random(seed)
        self.needs = needs or {}  # {kind: kind that must be there before, for the same visit}
        self.events, self.order, self.blobs = {}, [], {}
        self.positions, self.applied, self.hits = Counter(), Counter(), Counter()
        self.token = TOKEN

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_exc):
        self._server.close()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, EOFError):
            while await self._answer_one(reader, writer):
                pass
        writer.close()

    async def _answer_one(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rest = head.decode().split("\r\n")
        headers = dict(row.lower().split(": ", 1) for row in rest if row)
        body = await reader.readexactly(int(headers["content-length"]))
        fault = self._fault()
        self.hits[fault] += 1
        if fault == "refuse":
            return False
        if fault == "busy":
            return await self._write(writer, 503, b"{}")
        if fault == "portal":
            return await self._write(writer, 200, b"<html>Welcome to the Wi-Fi</html>")
        method, target, _version = line.split()
        status, answer = self._handle(method, target, headers, body)
        if fault == "deaf":
            return False
        return await self._write(writer, status, answer)

    def _fault(self):
        for name, chance in self.faults.items():
            if self.rng.random() < chance:
                return name
        return "none"

    async def _write(self, writer, status, body):
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        return True

    def _handle(self, method, target, headers, body):
        path, _mark, query = target.partition("?")
        if path.startswith("/field/track/"):
            if path != f"/field/track/{self.token}":
                return 401, b""
            self.positions[query.encode() + body] += 1
            return 200, b""
        if headers.get("authorization") != f"bearer {self.token}":
            return 401, b"{}"
        if method == "PUT":
            return 200, self._store(path.rpartition("/")[2], body)
        return 200, self._sync(json.loads(body))

    def _store(self, uuid, body):
        digest = hashlib.sha256(body).hexdigest()
        assert self.blobs.setdefault(uuid, digest) == digest
        return json.dumps({"sha256": digest}).encode()

    def _sync(self, message):
        known = [event["uuid"] for event in message["events"] if event["uuid"] in self.events]
        for event in message["events"]:
            stored = self.events.setdefault(event["uuid"], event)
            assert stored == event, "the same uuid with another body"
            if event["uuid"] not in known:
                self.order.append(event["uuid"])
        results = [self._result(event) for event in message["events"]]
        return json.dumps({"results": results, "duplicates": known}).encode()

    def _result(self, event):
        needed = self.needs.get(event["kind"])
        visit = event["payload"].get("visit_uuid")
        there = [e for e in self.events.values() if e["payload"].get("visit_uuid") == visit]
        if needed and not any(other["kind"] == needed for other in there):
            return {"uuid": event["uuid"], "state": "waiting", "hash": event["hash"]}
        self.applied[event["uuid"]] = 1
        return {"uuid": event["uuid"], "state": "applied", "hash": event["hash"]}


def make_outbox(url, form="form", token=TOKEN, lost=0.0, seed=3):
    stats, rng = Stats(), random.Random(seed)
    network = outbox.Network(url, rng, stats, lost)
    chain = outbox.Chain(DEVICE)
    return outbox.Outbox(network, chain, token, token, form, rng, stats)


def some_items(count=60):
    """A visit after the other, with a photo each, and a position each ten seconds."""
    items, start = [], 1_794_567_000
    for i in range(count // 3):
        visit = day.make_uuid("visit", i)
        for j, kind in enumerate(("visit.check_in", "visit.step_done", "visit.check_out")):
            at = start + i * 600 + j * 60
            payload = {"visit_uuid": visit, "position": {"lat": 31.2, "accuracy": 5.0 + j}}
            items.append(day.Event(at, day.make_uuid(visit, kind), kind, payload))
        items.append(day.Photo(start + i * 600 + 61, day.make_uuid(visit, "photo"), f"p{i}"))
    items += [Fix(start + 10 * i, 31.2, 121.4, 8.0, 5.0, 90.0, 3.0, 0.8) for i in range(count)]
    return items


async def deliver(box, items, seconds=60):
    """Put everything into the outbox and send until it is empty."""
    running = asyncio.create_task(box.run())
    for item in items:
        box.add(item)
    deadline = time.monotonic() + seconds
    while not box.is_empty and not running.done() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    if running.done():
        await running
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(outbox, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(outbox, "LONGEST_WAIT_S", 0.01)


def check_exactly_once(server, box, items):
    events = [item for item in items if isinstance(item, day.Event)]
    photos = [item for item in items if isinstance(item, day.Photo)]
    fixes = [item for item in items if isinstance(item, Fix)]
    assert box.is_empty
    assert set(server.events) == {event.uuid for event in events}
    assert sum(server.applied.values()) == len(events)
    assert set(server.blobs) == {photo.uuid for photo in photos}
    assert len(server.positions) == len(fixes)
    stats = box.stats
    assert (stats.events, stats.events_acknowledged) == (len(events), len(events))
    assert (stats.photos, stats.photos_acknowledged) == (len(photos), len(photos))
    assert (stats.fixes, stats.fixes_acknowledged) == (len(fixes), len(fixes))


async def run_against(faults, form="form", lost=0.0, needs=None, before=None, count=60):
    items = some_items(count)
    async with FakeServer(faults, needs=needs) as server:
        box = make_outbox(server.url, form, lost=lost)
        if before:
            before(box)
        await deliver(box, items)
    check_exactly_once(server, box, items)
    return server, box


@pytest.mark.parametrize("form", ["query", "json", "form"])
def test_all_is_delivered_over_a_good_network(form):
    server, box = asyncio.run(run_against({}, form))
    assert box.stats.failures == 0
    assert box.stats.repetitions == 0
    assert max(server.positions.values()) == 1


@pytest.mark.parametrize("fault", ["refuse", "deaf", "busy", "portal"])
def test_exactly_once_under_each_fault(fault):
    server, box = asyncio.run(run_against({fault: 0.4}))
    assert server.hits[fault] > 5
    assert box.stats.failures > 5


def test_exactly_once_under_all_faults_together():
    faults = {"refuse": 0.2, "deaf": 0.2, "busy": 0.1, "portal": 0.1}
    _server, box = asyncio.run(run_against(faults, lost=0.2))
    assert box.stats.answers_lost > 5
    assert box.stats.repetitions > 0


def test_a_deaf_network_makes_repetitions_not_doubles():
    server, box = asyncio.run(run_against({"deaf": 0.5}))
    assert box.stats.repetitions > 0
    assert max(server.positions.values()) > 1  # sent again, under the same second
    assert max(server.applied.values()) == 1


def test_a_backlog_in_the_wrong_order_is_settled():
    """The newer half first: what depends on the older half waits and is settled later."""
    needs = {"visit.step_done": "visit.check_in", "visit.check_out": "visit.check_in"}
    server, _box = asyncio.run(
        run_against({}, needs=needs, before=lambda box: box.expect_backlog())
    )
    sequence = [server.events[uuid]["seq"] for uuid in server.order]
    assert sequence != sorted(sequence)


def test_numbers_have_no_gap_and_hashes_are_a_chain():
    server, _box = asyncio.run(run_against({"deaf": 0.3}))
    events = sorted(server.events.values(), key=lambda event: event["seq"])
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    before = ""
    for event in events:
        assert event["prev_hash"] == before
        body = {k: event[k] for k in ("uuid", "seq", "kind", "captured_at", "payload")}
        before = outbox.link(DEVICE, body, before)
        assert event["hash"] == before


def test_nothing_leaves_while_the_network_is_gone():
    async def scenario():
        async with FakeServer() as server:
            box = make_outbox(server.url)
            box.network.go()
            running = asyncio.create_task(box.run())
            for item in some_items(9):
                box.add(item)
            await asyncio.sleep(0.1)
            assert not server.hits
            assert len(box.fixes) == 9
            box.network.come_back()
            while not box.is_empty:
                await asyncio.sleep(0.01)
            running.cancel()
        check_exactly_once(server, box, some_items(9))

    asyncio.run(scenario())


def test_an_event_stays_until_its_own_hash_is_acknowledged():
    async def scenario():
        async with FakeServer() as server:
            honest = server._result
            server._result = lambda event: {**honest(event), "hash": "0" * 64}
            box = make_outbox(server.url)
            await deliver(box, some_items(3), seconds=0.3)
            assert len(box.events) == 3
            server._result = honest
            await deliver(box, [])
            assert not box.events

    asyncio.run(scenario())


def test_a_revoked_token_ends_the_sending_and_loses_nothing():
    async def scenario():
        async with FakeServer() as server:
            box = make_outbox(server.url, token="w" * 43)
            with pytest.raises(outbox.NotConnected):
                await deliver(box, some_items(9))
            assert len(box.events) == 9
            assert len(box.fixes) == 9

    asyncio.run(scenario())


def test_a_whole_day_of_each_character_arrives():
    """The real plans, not made-up items, over a bad network."""

    async def scenario():
        from tests.unit.test_simulator_day import REPS, make_plan

        for person in REPS[:3]:
            plan = make_plan(person)
            items = [*plan.events, *plan.photos[:4], *plan.fixes[:150]]
            async with FakeServer({"refuse": 0.1, "deaf": 0.1}) as server:
                box = make_outbox(server.url, HABITS[person.habit].wire)
                await deliver(box, items)
            assert box.is_empty
            assert len(server.events) == len(plan.events)

    asyncio.run(scenario())


def test_a_dead_server_is_a_network_error():
    async def scenario():
        connection = Connection("http://127.0.0.1:9", timeout=2)
        with pytest.raises(NetworkError):
            await connection.request("GET", "/")

    asyncio.run(scenario())
