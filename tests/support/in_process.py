"""The way of a request without the wire: the calls that the controllers make, in this transaction.

It answers in the form of HTTP so that a journey does not know which way its bytes travelled.
"""

import json

from odoo import fields
from odoo.tools.json import json_default

from .sync_client import BLOB, SYNC, Answer
from odoo.addons.field_tracking.tools.parse import parse

TRACK = "/field/track/"
ENROL = "/field/api/v1/enrol"


class InProcess:
    """A transport: `(method, path, headers, body) -> Answer`."""

    def __init__(self, env):
        self.env = env

    def __call__(self, _method, path, headers, body):
        path, _mark, query = path.partition("?")
        if path.startswith(TRACK):
            return self._track(path.removeprefix(TRACK), query, headers, body)
        if path == ENROL:
            return self._enrol(json.loads(body))
        token = headers["Authorization"].removeprefix("Bearer ")
        device = self.env["field.device"]._authenticate(token)
        if not device:
            return Answer(401, {}, b"")
        if path == SYNC:
            return self._sync(device, json.loads(body))
        return self._blob(device, path.removeprefix(BLOB), headers, body)

    def _track(self, token, query, headers, body):
        device = self.env["field.device"]._authenticate(token)
        if not device:
            return Answer(401, {}, b"")
        received = fields.Datetime.now().timestamp()
        device._receive(parse(headers.get("Content-Type", ""), query, body, received), len(body))
        return Answer(200, {}, b"")

    def _enrol(self, body):
        user = self.env["res.users"].search([("login", "=", body["login"])])
        device, token = self.env["field.device"]._enrol(user, body["device_uuid"], body["name"])
        return self._json({"token": token, "device": {"id": device.id, "uuid": device.uuid}})

    def _sync(self, device, body):
        journal = self.env["field.event"].with_user(device.user_id)
        return self._json(journal._sync(device, body["events"], body["sent_at"]))

    def _blob(self, device, uuid, headers, content):
        blobs = self.env["field.blob"].with_user(device.user_id)
        blob = blobs._store(
            device, uuid, content, headers["Content-Type"], headers["X-Content-SHA256"]
        )
        return self._json({"uuid": blob.uuid, "state": blob.state})

    def _json(self, values):
        self.env.flush_all()
        return Answer(200, {}, json.dumps(values, default=json_default).encode())
