"""A running server with field_base alone, people to enrol, and what it has of them."""

import hashlib
import json
import tempfile
import uuid
from pathlib import Path

from . import databases, odoo_process
from .live_server import LiveServer
from .office import RpcDesk
from .stubborn_phone import StubbornPhone, through

PASSWORD = "rep-on-the-road"


class FieldBaseServer:
    """Started with :meth:`start`, gone after :meth:`close`."""

    def __init__(self, name):
        self.database = databases.clone(
            odoo_process.setting("FIELD_TEMPLATE_DB"), databases.PREFIX + name
        )
        odoo_process.run(
            "installing field_base",
            *("-d", self.database, "-i", "field_base", "--stop-after-init", "--no-http"),
            "--skip-auto-install",
        ).assert_clean()
        self._folder = tempfile.TemporaryDirectory()
        self.live = LiveServer(self.database, Path(self._folder.name) / "server.log")
        self._count = 0

    def start(self):
        self.live.start()
        self.admin = RpcDesk(self.live.url, "admin", "admin", self.database)

    def close(self):
        self.live.stop()
        databases.drop(self.database)
        self._folder.cleanup()

    @property
    def address(self):
        return odoo_process.HOST, self.live.port

    # --- people --------------------------------------------------------------------------------

    def phone(self, url=None):
        """A new person with a new phone, which sends through ``url``."""
        self._count += 1
        login = f"rep{self._count}.{uuid.uuid4().hex[:6]}"
        group = self.admin.row(
            "ir.model.data",
            [("module", "=", "field_base"), ("name", "=", "field_base_group_rep")],
            ["res_id"],
        )
        self.admin.create(
            "res.users",
            name=login,
            login=login,
            password=PASSWORD,
            group_ids=[(4, group["res_id"])],
        )
        device = str(uuid.uuid4())
        body = {"login": login, "password": PASSWORD, "device_uuid": device, "name": login}
        answer = self.live.http(
            "POST", "/field/api/v1/enrol", {"Content-Type": "application/json"}, _dump(body)
        )
        assert answer.status == 200, answer.body
        return StubbornPhone(device, answer.json["token"], through(url or self.live.url))

    # --- what is there -------------------------------------------------------------------------

    def sql(self, query, *values):
        with databases.cursor(self.database) as cr:
            cr.execute(query, values)
            return cr.fetchall() if cr.description else []

    def journal(self, phone, state="%"):
        """``[(uuid, hash)]`` of a phone's events, in its own order; all, or those of one state."""
        return self.sql(
            "SELECT e.uuid, e.hash FROM field_event e JOIN field_device d ON d.id = e.device_id"
            " WHERE d.uuid = %s AND e.state LIKE %s ORDER BY e.seq, e.id",
            phone.device,
            state,
        )

    def files(self, phone):
        """``{uuid: SHA-256 of the stored bytes}`` of a phone's uploads."""
        rows = self.sql(
            "SELECT b.uuid, a.store_fname, a.db_datas FROM field_blob b"
            " JOIN ir_attachment a ON a.id = b.attachment_id"
            " JOIN field_device d ON d.id = b.device_id WHERE d.uuid = %s",
            phone.device,
        )
        store = databases.filestore(self.database)
        return {
            name: hashlib.sha256(bytes(data) if data else (store / path).read_bytes()).hexdigest()
            for name, path, data in rows
        }


def _dump(body):
    return json.dumps(body).encode()


def both_sides_agree(server, phone):
    """Count and content on both sides are equal: nothing lost, nothing doubled."""
    sent = sorted(phone.kept, key=lambda event: event["seq"])
    assert server.journal(phone) == [(event["uuid"], event["hash"]) for event in sent]
    assert [event["seq"] for event in sent] == list(range(1, phone.seq + 1))
    files = {name: hashlib.sha256(c).hexdigest() for name, c in phone.kept_files.items()}
    assert server.files(phone) == files
    assert not phone.outbox and not phone.files
