from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from ..tools.envelope import read_event
from ..tools.times import corrected


class FieldEvent(models.Model):
    """Taking a batch in: what is new is journaled and applied, what is known is answered again."""

    _inherit = "field.event"

    @api.model
    def _sync(self, device, events, sent_at=None, final=True, extra=None):
        """Take in a batch of events of one device and say of each what became of it.

        :param device: field.device, authenticated
        :param list events: as sent; anything may be wrong with each of them
        :param str sent_at: what the device's clock said when it sent the batch
        :param bool final: see :meth:`_apply`
        :param dict extra: the rest of the request: ``status``, ``acked``, ``rtt_ms``
        :returns: ``{"server_time", "results", "resolved", "duplicates"}``; results in the order of
            the events
        """
        now = fields.Datetime.now()
        device = device.sudo()
        envelopes = [read_event(device.uuid, event) for event in events]
        extra = extra or {}
        uuids = [e.uuid for e in envelopes if e.uuid]
        known = {event.uuid: event for event in self.sudo().search([("uuid", "in", uuids)])}
        fresh = {}
        for envelope in envelopes:
            if envelope.uuid and envelope.uuid not in known:
                fresh.setdefault(envelope.uuid, envelope)
        if fresh:
            device._check_reused(fresh.values())
        seq = max((e.seq for e in envelopes if e.uuid), default=0)
        device._note_contact(now, sent_at, seq, extra.get("rtt_ms"))
        in_order = sorted(fresh.values(), key=lambda e: e.seq)
        offsets = device._offsets_of(in_order, now, sent_at, extra)
        journal = self.sudo()._journal(device, in_order, now, offsets)
        resolved = journal.filtered(lambda event: event.state == "waiting")._apply(final)
        by_uuid = known | {event.uuid: event for event in journal}
        return {
            "server_time": now.isoformat(timespec="milliseconds") + "Z",
            "results": [self._answer(device, e, by_uuid.get(e.uuid)) for e in envelopes],
            "resolved": [event._result() for event in resolved],
            "duplicates": [e.uuid for e in envelopes if e.uuid in known],
            **self._side_answer(device, extra),
        }

    @api.model
    def _side_answer(self, device, extra):
        """What is said beside the events. Last, so that the numbers are those of afterwards."""
        if extra.get("status") is not None:
            device._note_status(extra["status"])
        answer = {"last_seq": device.last_seq, "commands": device._commands()}
        if extra.get("acked") is not None:
            answer |= device._compare(extra["acked"])
        return answer

    @api.model
    def _journal(self, device, envelopes, now, offsets):
        """Write the rows, oldest first, before anything is done with them.

        :param list offsets: error of the device's clock at each of them, ms
        """
        refused = self._refused_before(device, envelopes)
        rows = [
            {
                "uuid": e.uuid,
                "device_id": device.id,
                "user_id": device.user_id.id,
                "company_id": device.company_id.id,
                "seq": e.seq,
                "kind": e.kind or "?",
                "captured_at": e.captured_at and e.captured_at.replace(microsecond=0),
                "captured_text": e.captured_text,
                "received_at": now,
                "happened_at": self._happened_at(e, offset, now),
                "clock_error_s": round(-offset / 1000),
                "run": e.run,
                "mono_ms": e.mono_ms,
                "payload": e.payload_text,
                "body_hash": e.body_hash,
                "prev_hash": e.prev_hash,
                "hash": e.hash,
                "state": "rejected" if e.code else "waiting",
                "code": e.code,
                "message": e.message and self._text(e.message),
                **self._first_time(refused.get(e.again_of), e),
            }
            for e, offset in zip(envelopes, offsets, strict=True)
        ]
        try:
            return self.create(rows)
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request brings the same events") from exc

    @api.model
    def _refused_before(self, device, envelopes):
        """``{uuid: refused event}`` of those that are sent again: this person's, of this device."""
        names = [e.again_of for e in envelopes if e.again_of]
        if not names:
            return {}
        mine = Domain("device_id", "=", device.id) & Domain("user_id", "=", device.user_id.id)
        refused = Domain("uuid", "in", names) & Domain("state", "=", "rejected")
        return {event.uuid: event for event in self.search(mine & refused)}

    @api.model
    def _first_time(self, refused, envelope):
        """Columns that say when it happened, of what is sent again with more words: as it was said
        the first time, for that is when it happened."""
        if not refused or refused.kind != envelope.kind:
            return {}
        names = ("captured_at", "happened_at", "clock_error_s", "run", "mono_ms")
        return {name: refused[name] for name in names}

    @api.model
    def _happened_at(self, envelope, offset_ms, now):
        if not envelope.captured_at:
            return now
        moment = corrected(envelope.captured_at, offset_ms, now)
        return moment.replace(microsecond=0)

    @api.model
    def _answer(self, device, envelope, event):
        """The result of one event of the batch; for a known one the first answer again."""
        if event is None:
            return {
                "uuid": envelope.sent_uuid,
                "state": "rejected",
                "code": envelope.code,
                "message": self._text(envelope.message),
            }
        if event.user_id != device.user_id or event.body_hash != envelope.body_hash:
            return {
                "uuid": envelope.sent_uuid,
                "state": "rejected",
                "code": "hash_mismatch",
                "message": self.env._("Something else was already sent under this ID."),
            }
        return event._result()

    def _result(self):
        """What a device is told about this entry, today and whenever it asks again."""
        self.ensure_one()
        result = {"uuid": self.uuid, "state": self.state, "hash": self.hash or None}
        if self.res_model and self.res_id:
            result["ref"] = f"{self.res_model},{self.res_id}"
        for name in ("code", "message", "server"):
            if self[name]:
                result[name] = self[name]
        return result
