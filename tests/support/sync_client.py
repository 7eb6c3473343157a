"""A phone that speaks sync protocol v1, written from the protocol and not from the product.

It numbers its events, chains them by hash, sends batches of at most a hundred, keeps what is not
acknowledged and sends it again. How the bytes travel is the business of a transport: any callable
`(method, path, headers, body) -> Answer`.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone

BATCH = 100
SYNC = "/field/api/v1/sync"
BLOB = "/field/api/v1/blob/"
FINAL = ("applied", "rejected", "conflict")


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are lower case."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def from_response(response):
    """An Answer of a `requests` response."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)


def stamp(moment):
    """A naive UTC datetime as a phone writes it."""
    return moment.isoformat(timespec="milliseconds") + "Z"


def canonical(value):
    """RFC 8785 for what these tests send: no exotic numbers, keys in ASCII."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def event_hash(device, event, prev_hash):
    """The link of the chain: SHA-256 over the event, its device and the link before."""
    linked = {**event, "device": device, "prev_hash": prev_hash}
    return hashlib.sha256(canonical(linked).encode()).hexdigest()


@dataclass
class Phone:
    """One device: its outbox and the answers it has got."""

    device: str
    token: str
    transport: object
    outbox: list = field(default_factory=list)
    sent: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    seq: int = 0
    last_hash: str = ""

    def record(self, kind, captured_at, payload=None):
        """Save an event on the phone, as the app does before anything is sent.

        :param datetime captured_at: naive UTC, of the phone's clock
        :return: the event
        """
        self.seq += 1
        event = {
            "uuid": str(uuid.uuid4()),
            "seq": self.seq,
            "kind": kind,
            "captured_at": stamp(captured_at),
            "payload": payload or {},
        }
        prev_hash, self.last_hash = self.last_hash, event_hash(self.device, event, self.last_hash)
        event = {**event, "prev_hash": prev_hash, "hash": self.last_hash}
        self.outbox.append(event)
        return event

    def flush(self):
        """Send what waits, oldest first; what got a final answer leaves the outbox.

        :return: the answers to all that was sent, in order
        """
        waiting, answers = self.outbox, []
        for first in range(0, len(waiting), BATCH):
            answers += self.deliver(waiting[first : first + BATCH])
        self.answers.update({answer["uuid"]: answer for answer in answers})
        known = {event["uuid"] for event in self.sent}
        self.sent += [event for event in waiting if event["uuid"] not in known]
        self.outbox = [e for e in waiting if self.answers[e["uuid"]]["state"] not in FINAL]
        return answers

    def deliver(self, events, sent_at=None):
        """One request with these events, whatever became of them before.

        :return: the results, in the order of the events
        """
        answer = self.post_sync(events, sent_at)
        if answer.status != 200:
            raise AssertionError(f"sync answered {answer.status}: {answer.body[:500]!r}")
        return answer.json["results"]

    def post_sync(self, events, sent_at=None):
        """The bare request; the caller looks at the answer."""
        now = sent_at or datetime.now(timezone.utc).replace(tzinfo=None)
        body = {"device": self.device, "sent_at": stamp(now), "events": events}
        return self.transport("POST", SYNC, self._headers(), json.dumps(body).encode())

    def put_blob(self, blob_uuid, content, mimetype="image/jpeg", sha256=None):
        """Upload a file under the uuid that an event has named."""
        headers = {
            **self._headers(mimetype),
            "X-Content-SHA256": sha256 or hashlib.sha256(content).hexdigest(),
        }
        return self.transport("PUT", BLOB + blob_uuid, headers, content)

    def _headers(self, content_type="application/json"):
        return {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
