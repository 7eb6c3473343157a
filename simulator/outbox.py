"""What a phone keeps until the server has it: events, photos and positions.

Everything stays in the outbox until its acknowledgement has arrived, and is sent again until then.
The app sends its events in batches, oldest first, then the photos they name; the tracker app sends
one position after the other. Both meet the same network, which loses answers now and then and is
gone altogether for a while.
"""

import asyncio
import hashlib
import json
import time
from collections import deque
from datetime import datetime, timezone

from . import wire
from .files import file_of
from .http import Connection, NetworkError
from .tasks import until_first

BATCH = 100
FINAL = ("applied", "rejected", "conflict")
CUTS = ("visit.check_in", "workday.open")  # before these no visit is going on
SYNC = "/field/api/v1/sync"
BLOB = "/field/api/v1/blob/"
TRACK = "/field/track/"
FIRST_WAIT_S, LONGEST_WAIT_S = 0.3, 15.0


class NotConnected(Exception):
    """The server does not know the token (any more)."""


def stamp(at):
    """Seconds since 1970 as a phone writes a moment."""
    moment = datetime.fromtimestamp(at, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def canonical(value):
    """Canonical JSON (RFC 8785) of what phones of this kind send: no exotic numbers or keys."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def link(device, event, prev_hash):
    """Hash of an event in the chain of its device."""
    body = {**event, "device": device, "prev_hash": prev_hash}
    return hashlib.sha256(canonical(body).encode()).hexdigest()


class Chain:
    """Numbers the events of one device and links them by hash."""

    def __init__(self, device, seq=0, last_hash=""):
        self.device, self.seq, self.last_hash = device, seq, last_hash

    def envelope(self, event):
        """The event as it travels.

        :param event: day.Event
        """
        self.seq += 1
        body = {
            "uuid": event.uuid,
            "seq": self.seq,
            "kind": event.kind,
            "captured_at": stamp(event.at),
            "payload": event.payload,
        }
        before, self.last_hash = self.last_hash, link(self.device, body, self.last_hash)
        return {**body, "prev_hash": before, "hash": self.last_hash}


class Network:
    """The phone's way to the server: sometimes gone, sometimes deaf on the way back."""

    def __init__(self, url, rng, stats, lost_answers=0.02):
        self._url, self._rng, self._lost = url, rng, lost_answers
        self.stats = stats
        self._there = asyncio.Event()
        self._there.set()

    def connection(self):
        return Connection(self._url)

    def go(self):
        self._there.clear()

    def come_back(self):
        self._there.set()

    async def exchange(self, connection, method, path, body=b"", headers=None):
        """One request; waits while there is no network.

        :raises NetworkError: no answer, or one that says to come again
        """
        await self._there.wait()
        began = time.monotonic()
        answer = await connection.request(method, path, body, headers)
        self.stats.answered(time.monotonic() - began, answer.status)
        if answer.status in (401, 403):
            raise NotConnected(f"{answer.status} {answer.body[:200]!r}")
        if answer.status >= 500 or answer.status == 429:
            raise NetworkError(f"answer {answer.status}")
        if self._rng.random() < self._lost:
            self.stats.answers_lost += 1
            raise NetworkError("the answer was lost")
        return answer


class Outbox:
    """The queues of one phone and the two loops that empty them."""

    def __init__(self, network, chain, token, tracker_token, form, rng, stats):
        self.network, self.chain, self.stats = network, chain, stats
        self.events, self.photos, self.fixes = [], deque(), deque()
        self._token, self._tracker_token = token, tracker_token
        self._encode = wire.ENCODERS[form]
        self._rng = rng
        self._news = {"app": asyncio.Event(), "tracker": asyncio.Event()}
        self._backlog = False

    # ------------------------------------------------------------------ filling

    def add(self, item):
        """Keep an event, a photo or a fix. Saved first, sent later, always."""
        name = type(item).__name__
        if name == "Event":
            self.events.append(self.chain.envelope(item))
            self.stats.events += 1
        elif name == "Photo":
            self.photos.append(item)
            self.stats.photos += 1
        else:
            self.fixes.append(item)
            self.stats.fixes += 1
        self._news["tracker" if name == "Fix" else "app"].set()

    def expect_backlog(self):
        """The network was gone: what has piled up will not leave in the order it came."""
        self._backlog = True

    @property
    def size(self):
        """How much is not acknowledged."""
        return len(self.events) + len(self.photos) + len(self.fixes)

    @property
    def is_empty(self):
        return not self.size

    @property
    def waiting(self):
        """What is not acknowledged: uuids of events and photos, seconds of fixes."""
        uuids = {event["uuid"] for event in self.events} | {photo.uuid for photo in self.photos}
        return uuids | {fix.at for fix in self.fixes}

    # ------------------------------------------------------------------ emptying

    async def run(self):
        """Send for ever; cancel to stop.

        :raises NotConnected: the token does not work (any more)
        """
        for news in self._news.values():
            news.set()
        await until_first(
            self._loop("app", self._send_app), self._loop("tracker", self._send_tracker)
        )

    async def _loop(self, name, send):
        connection, wait = self.network.connection(), FIRST_WAIT_S
        try:
            while True:
                await self._news[name].wait()
                self._news[name].clear()
                try:
                    await send(connection)
                    wait = FIRST_WAIT_S
                except NetworkError:
                    self.stats.failures += 1
                    self._news[name].set()
                    await asyncio.sleep(wait * self._rng.uniform(0.7, 1.3))
                    wait = min(LONGEST_WAIT_S, wait * 2)
        finally:
            await connection.close()

    async def _send_app(self, connection):
        while self.events and await self._sync(connection, self._next_batch()):
            pass
        while self.photos:
            await self._put(connection, self.photos[0])
            self.photos.popleft()
            self.stats.photos_acknowledged += 1
        if self.events:
            raise NetworkError("some events wait for others")

    def _next_batch(self):
        """The oldest events; after a time without network once the visits of the newer half.

        The protocol wants the oldest first, so the cut never lies within a visit.
        """
        cut = self._cut() if self._backlog else None
        if cut is None:
            return self.events[:BATCH]
        self._backlog = False
        return self.events[cut:][:BATCH]

    def _cut(self):
        if not self.events or self.events[0]["kind"] not in CUTS:
            return None
        numbers = range(len(self.events) // 2, len(self.events))
        return next((n for n in numbers if n and self.events[n]["kind"] == "visit.check_in"), None)

    async def _sync(self, connection, batch):
        """Send a batch; final answers empty the outbox.

        :return: whether it is worth going on now: something was new to the server, or settled
        """
        body = {"device": self.chain.device, "sent_at": stamp(time.time()), "events": batch}
        answer = await self._post(connection, "POST", SYNC, json.dumps(body).encode())
        reply = json.loads(answer.body)
        known = reply.get("duplicates", ())
        self.stats.repetitions += len(known)
        done = set()
        for sent, result in zip(batch, reply["results"], strict=True):
            if result["state"] in FINAL and result.get("hash") == sent["hash"]:
                done.add(sent["uuid"])
                self.stats.settle(sent, result)
        self.events = [event for event in self.events if event["uuid"] not in done]
        return bool(done) or len(known) < len(batch)

    async def _put(self, connection, photo):
        content, kind = file_of(photo)
        digest = hashlib.sha256(content).hexdigest()
        headers = {"Content-Type": kind, "X-Content-SHA256": digest}
        answer = await self._post(connection, "PUT", BLOB + photo.uuid, content, headers)
        if json.loads(answer.body)["sha256"] != digest:
            raise NetworkError("the file arrived damaged")

    async def _post(self, connection, method, path, body, headers=None):
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        answer = await self.network.exchange(connection, method, path, body, headers)
        if answer.status != 200 or not answer.body.startswith(b"{"):
            raise NetworkError(f"{path}: answer {answer.status}")
        return answer

    async def _send_tracker(self, connection):
        if self._backlog and len(self.fixes) > 20:
            self._mix_up()
        while self.fixes:
            fix = self.fixes[0]
            query, body, content_type = self._encode(fix, self.chain.device[:8])
            headers = {"Content-Type": content_type} if content_type else {}
            answer = await self.network.exchange(
                connection, "POST", f"{TRACK}{self._tracker_token}{query}", body, headers
            )
            if answer.status != 200 or answer.body:  # a page of the hotel's Wi-Fi has a body
                raise NetworkError(f"tracker: answer {answer.status}")
            self.fixes.popleft()
            self.stats.fixes_acknowledged += 1

    def _mix_up(self):
        """Some apps resend from two queues: the order is lost, nothing else."""
        fixes = list(self.fixes)
        half = len(fixes) // 2
        self.fixes = deque(fixes[half:] + fixes[:half])
