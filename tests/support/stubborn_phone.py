"""A phone as the protocol wants it: keeps everything until it is acknowledged, and a while longer."""

import hashlib
import json
import uuid
from datetime import datetime, timezone

import requests

from . import sync_client
from .sync_client import BATCH, BLOB, FINAL, SYNC, Phone, stamp

PIECE = 16 * 1024
TRIES = 60


class StubbornPhone(Phone):
    """One device on a bad network.

    ``kept`` is what was acknowledged: it could be needed again if the server lost it.
    """

    def __init__(self, device, token, transport):
        super().__init__(device, token, transport)
        self.files, self.kept, self.kept_files = {}, [], {}
        self.piece = PIECE

    def take_photo(self, content):
        """Save a picture on the phone; an event that names it is recorded with it."""
        name = str(uuid.uuid4())
        self.files[name] = content
        return name

    # --- sending -------------------------------------------------------------------------------

    def attempt(self, size=BATCH):
        """One try to deliver some events; a network that fails changes nothing on the phone."""
        batch = self.outbox[:size]
        answer = self._ask(self._body(batch))
        if not answer:
            return False
        self._settle(batch, answer)
        return True

    def drain(self, tries=TRIES):
        """Try until nothing is left to send."""
        for _try in range(tries):
            if not self.outbox and not self.files:
                return
            if not self.outbox or self.attempt():
                self.send_files()
        raise AssertionError(f"not delivered: {len(self.outbox)} events, {len(self.files)} files")

    def _body(self, batch):
        body = {
            "device": self.device,
            "sent_at": stamp(datetime.now(timezone.utc).replace(tzinfo=None)),
            "events": batch,
            "status": {"outbox": {"count": len(self.outbox), "last_seq": self.seq}},
        }
        if self.kept:
            last = max(self.kept, key=lambda event: event["seq"])
            body["acked"] = {"seq": last["seq"], "hash": last["hash"]}
            if self.kept_files:
                body["acked"]["blob"] = list(self.kept_files)[-1]
        return body

    def _ask(self, body):
        try:
            raw = self.transport("POST", SYNC, self._headers(), json.dumps(body).encode())
            answer = raw.json if raw.status == 200 else None
        except (requests.RequestException, ValueError):
            return None
        return answer if isinstance(answer, dict) and "results" in answer else None

    def _settle(self, batch, answer):
        sent = {event["uuid"]: event for event in batch}
        for result in answer["results"]:
            event = sent[result["uuid"]]
            if result["state"] in FINAL and result["hash"] == event["hash"]:
                self.answers.setdefault(result["uuid"], result)
                self.kept.append(event)
        done = {event["uuid"] for event in self.kept}
        self.outbox = [event for event in self.outbox if event["uuid"] not in done]
        self.token = answer.get("token", self.token)
        if answer.get("restored"):
            self._send_again(answer["missing"])

    def _send_again(self, missing):
        """The server was restored from a backup: what it lost goes back into the outbox."""
        lost = [e for e in self.kept if any(a <= e["seq"] <= b for a, b in missing)]
        self.kept = [event for event in self.kept if event not in lost]
        self.outbox = sorted(lost + self.outbox, key=lambda event: event["seq"])
        self.files, self.kept_files = {**self.kept_files, **self.files}, {}

    def post_damaged(self, chance, pieces):
        """Send a request as bad as a broken program makes it; nothing of it may be kept.

        :param random.Random chance: what decides where it is damaged
        :param pieces: bytes to put in
        :return: the bare answer
        """
        event = {"uuid": str(uuid.UUID(int=chance.getrandbits(128))), "kind": "contact.ping"}
        event |= {"seq": chance.choice([-1, 2**70, "1", None]), "captured_at": "now"}
        body = bytearray(json.dumps({**self._body([]), "events": [event]}).encode())
        for _damage in range(chance.randint(1, 4)):
            start = chance.randrange(len(body))
            body[start : start + chance.randint(0, 9)] = chance.choice(pieces)
        return self.transport("POST", SYNC, self._headers(), bytes(body))

    # --- files ---------------------------------------------------------------------------------

    def send_files(self):
        """Send what is there in pieces, going on where the server says."""
        for name, content in list(self.files.items()):
            if self._send_file(name, content):
                self.kept_files[name] = self.files.pop(name)

    def _send_file(self, name, content):
        offset = self._offset(name)
        while offset is not None and offset < len(content):
            offset = self._send_piece(name, content, offset)
        return offset is not None

    def _offset(self, name):
        answer = self._blob("GET", name, b"", {})
        return answer and answer["offset"]

    def _send_piece(self, name, content, offset):
        piece = content[offset : offset + self.piece]
        span = f"bytes {offset}-{offset + len(piece) - 1}/{len(content)}"
        answer = self._blob("PUT", name, piece, {"Content-Range": span}, content)
        return answer and answer["offset"]

    def _blob(self, method, name, body, extra, content=b""):
        headers = {
            **self._headers("image/jpeg"),
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
            **extra,
        }
        try:
            raw = self.transport(method, BLOB + name, headers, body)
            answer = raw.json if raw.status == 200 else None
        except (requests.RequestException, ValueError):
            return None
        return answer if isinstance(answer, dict) and "offset" in answer else None


def through(url):
    """A transport that opens a connection for each request, as after a change of cells."""

    def send(method, path, headers, body):
        response = requests.request(
            method,
            url + path,
            headers={**headers, "Connection": "close"},
            data=body,
            timeout=60,
            allow_redirects=False,
        )
        return sync_client.from_response(response)

    return send
