"""Faults of engines.md §2 as functions: the tests run a few of each, the bench as many as it asks.

Each takes a running :class:`FieldBaseServer` and ends with count and content equal on both sides.
"""

import concurrent.futures
import contextlib
import os
import threading
import time
from unittest import mock

from . import own_postgres
from .field_base_server import FieldBaseServer, both_sides_agree
from .phone_machine import NOON, picture

MODES = ("fast", "immediate")
PIECES = (b"{", b"}", b"[", b'"', b"\\", b"\x00", b"\xff", b"NaN", b"1e999", b"null", b"-", b"")
REFUSALS = (200, 400, 413, 415, 429)  # 200: each of its events was refused by itself


@contextlib.contextmanager
def server_of_its_own(name):
    """``(FieldBaseServer, OwnPostgres)`` that belong to nobody else; started."""
    server = FieldBaseServer(name)
    try:
        with own_postgres.own_postgres() as postgres:
            postgres.take(server.database)
            with mock.patch.dict(os.environ, postgres.variables()):
                try:
                    server.start()
                    yield server, postgres
                finally:
                    server.live.stop()
    finally:
        server.close()


def work(phone, events=25, photos=2, seed=0):
    """A piece of a working day, saved on the phone."""
    for number in range(events):
        phone.record("workday.open" if number == 3 else "contact.ping", NOON)
    for number in range(photos):
        phone.take_photo(picture(seed + number, (300, 200)))


def trickle(phone, size=7, seconds=120):
    """Send some at a time until nothing is left, with a breath after each failure.

    :return: the longest time without an answer, in seconds
    """
    end, heard, longest = time.monotonic() + seconds, time.monotonic(), 0
    while phone.outbox or phone.files:
        assert time.monotonic() < end, f"{len(phone.outbox)} events are still on the phone"
        before = len(phone.outbox) + len(phone.files)
        phone.attempt(size)
        phone.send_files()
        if len(phone.outbox) + len(phone.files) == before:
            time.sleep(0.1)
            continue
        longest = max(longest, time.monotonic() - heard)
        heard = time.monotonic()
    return longest


def identical_pairs(server, pairs):
    """Fault 5: the same request twice at the same moment; both get the same answer."""
    phone = server.phone()
    for _pair in range(pairs):
        work(phone, events=4, photos=0)
        batch, start = list(phone.outbox), threading.Barrier(2)

        def send(batch=batch, start=start):
            start.wait()
            return phone.post_sync(batch)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            one, other = [future.result() for future in (pool.submit(send), pool.submit(send))]
        assert (one.status, other.status) == (200, 200)
        assert one.json["results"] == other.json["results"]
        phone.drain()
    both_sides_agree(server, phone)


def kills(server, count, chance):
    """Fault 6: SIGKILL at a random moment of a batch; what is there is all of it or nothing."""
    phone, events = server.phone(), 80
    for _kill in range(count):
        work(phone, events=events, photos=1, seed=chance.randrange(100))
        sending = threading.Thread(target=phone.attempt)
        sending.start()
        sending.join(chance.random() * 0.3)
        server.live.kill()
        sending.join(60)
        server.start()
        rows = len(server.journal(phone))
        assert rows in (phone.seq - events, phone.seq), "a batch is taken whole or not"
        phone.drain()
    both_sides_agree(server, phone)


def restarts(server, postgres, count, phones=2):
    """Fault 7: PostgreSQL itself goes down and comes back while phones deliver.

    :param postgres: the OwnPostgres that has the server's database
    :return: the longest time a phone was without an answer, in seconds
    """
    crew = [server.phone() for _phone in range(phones)]
    for number, phone in enumerate(crew):
        work(phone, events=30 * count, photos=2 * count, seed=50 + number)
    with concurrent.futures.ThreadPoolExecutor(phones) as pool:
        sending = [pool.submit(trickle, phone, seconds=60 + 10 * count) for phone in crew]
        for number in range(count):
            postgres.restart(MODES[number % len(MODES)])
            time.sleep(0.3)
        longest = max(future.result() for future in sending)
    for phone in crew:
        assert phone.kept, "the phone had nothing to deliver while it happened"
        both_sides_agree(server, phone)
    return longest


def bodies(server, count, chance):
    """Fault 25 at `/sync`: damaged requests are refused and never cost a 500; nothing comes of them.

    :return: ``{status: how often}``
    """
    phone, seen = server.phone(), {}
    for number in range(count):
        if number % 100 == 0:
            work(phone, events=2, photos=0)
            phone.drain()
        answer = phone.post_damaged(chance, PIECES)
        seen[answer.status] = seen.get(answer.status, 0) + 1
        assert answer.status in REFUSALS, (answer.status, answer.body[:300])
    sent = [(event["uuid"], event["hash"]) for event in phone.kept]
    assert server.journal(phone, "applied") == sent
    return dict(sorted(seen.items()))
