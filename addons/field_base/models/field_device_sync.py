import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.clock import JUMP_MS, Moment, add_sample, count_before_set, estimate
from ..tools.envelope import read_steady
from ..tools.status import read_status
from ..tools.times import parse_instant

RENEW_AFTER = timedelta(days=30)
#: So long after a clock was found to be set, events from before it may still come in.
SET_AGO = timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1)
MISSING_RANGES = 20


class FieldDevice(models.Model):
    """What a phone and the server tell each other beside the events."""

    _inherit = "field.device"

    next_token_hash = fields.Char(copy=False, readonly=True, groups="base.group_system")
    status = fields.Json(copy=False, readonly=True)
    status_at = fields.Datetime("Status of", copy=False, readonly=True)
    clock_samples = fields.Json(copy=False, readonly=True)
    clock_before_ms = fields.Integer(
        copy=False, readonly=True, help="The clock's error before it was set last."
    )
    clock_set_at = fields.Datetime(
        "Clock was set",
        copy=False,
        readonly=True,
        help="When the device's clock was last found to be more than two minutes off from before.",
    )
    wipe_state = fields.Selection(
        [("requested", "Requested"), ("done", "Done")], "Wipe", copy=False, readonly=True
    )
    loss_note = fields.Char(
        "Lost",
        copy=False,
        readonly=True,
        help="The phone has lost what it had recorded but not delivered.",
    )
    loss_at = fields.Datetime("Loss noticed", copy=False, readonly=True)
    erased_seq = fields.Integer(
        "Erased up to", default=-1, copy=False, readonly=True, help="By the retention rule."
    )
    outbox_count = fields.Integer(
        "Not delivered", copy=False, readonly=True, help="Entries on the phone, as it said last."
    )

    _next_token_hash_uniq = models.UniqueIndex(
        "(next_token_hash) WHERE next_token_hash IS NOT NULL", "The token must be unique."
    )

    # --- token ---------------------------------------------------------------------------------

    def _renew_token(self, raw):
        """The token to use from now on, when the one that was sent is due.

        The new one follows from the old one, which the server does not keep: so a phone that never
        got the answer is told the same again, and nobody who reads the database can compute it.
        Both work until the new one is used for the first time.

        :param str raw: the token that came with this request
        :returns: the new token, or ``None``
        """
        self.ensure_one()
        device = self.sudo()
        digest = self._hash_token(raw)
        if digest == device.next_token_hash:
            device._accept_token(digest)
            return None
        if device.kind != "app" or not device.token_issued_at:
            return None
        if device.token_issued_at + RENEW_AFTER > fields.Datetime.now():
            return None
        mac = hmac.new(raw.encode(), b"field device token", hashlib.sha256).digest()
        renewed = base64.urlsafe_b64encode(mac).decode().rstrip("=")
        if device.next_token_hash != self._hash_token(renewed):
            device.next_token_hash = self._hash_token(renewed)
        return renewed

    def _accept_token(self, digest):
        self.write(
            {
                "token_hash": digest,
                "next_token_hash": False,
                "token_issued_at": fields.Datetime.now(),
            }
        )

    # --- contact -------------------------------------------------------------------------------

    def _clock_values(self, now, sent_at, rtt_ms):
        """Columns for one more look at the device's clock; none when it said nothing usable."""
        try:
            offset = (now - parse_instant(sent_at)).total_seconds() * 1000
        except ValueError:
            return {}
        samples, jumped = add_sample(self.clock_samples or [], offset, rtt_ms)
        values = {"clock_samples": samples, "clock_offset_ms": estimate(samples)}
        if jumped:
            values |= {"clock_set_at": now, "clock_before_ms": self.clock_offset_ms}
        return values

    def _offsets_of(self, envelopes, now, sent_at, extra):
        """The clock's error at each event, in order: what was captured before the clock was set had
        the error of before. Looked for as long as events from then may still come in.

        :param list envelopes: events of a batch, by number
        :returns: list of ms
        """
        offsets = [self.clock_offset_ms] * len(envelopes)
        set_by = self.clock_before_ms - self.clock_offset_ms
        recent = self.clock_set_at and now - self.clock_set_at < SET_AGO
        try:
            sending = Moment(_ms(parse_instant(sent_at)), *read_steady(extra))
        except ValueError:
            return offsets
        if not recent or abs(set_by) <= JUMP_MS:
            return offsets
        dated = [e for e in envelopes if e.captured_at]
        moments = [Moment(_ms(e.captured_at), e.run, e.mono_ms) for e in dated] + [sending]
        before = {e.uuid for e in dated[: count_before_set(moments, set_by)]}
        now_ms, before_ms = self.clock_offset_ms, self.clock_before_ms
        return [before_ms if e.uuid in before else now_ms for e in envelopes]

    def _note_status(self, raw):
        """Keep what the phone says of itself; see tools/status.py."""
        self.ensure_one()
        status = read_status(raw)
        if not status:
            return
        outbox = status.get("outbox", {})
        values = {
            "status": status,
            "status_at": fields.Datetime.now(),
            "outbox_count": min(outbox.get("count", 0), 2**31 - 1),
        }
        values |= {name: status[name] for name in ("app_version", "platform") if name in status}
        if status.get("wiped") and self.wipe_state:
            values |= {"wipe_state": "done", "state": "revoked", "token_hash": False}
            values |= {"next_token_hash": False}
        self.write(values)
        if "last_seq" in outbox and outbox["last_seq"] < self.last_seq:
            self._note_loss(outbox["last_seq"] + 1, self.last_seq)

    def _commands(self):
        """What the phone is told to do, in its language of commands."""
        return ["wipe"] if self.wipe_state == "requested" else []

    # --- what the two sides have ---------------------------------------------------------------

    def _note_loss(self, first, last):
        """The phone counts again what it had counted before: its storage was wiped.

        What it had delivered is here. What it had not is gone, and nobody should find that out
        from a missing commission.
        """
        self.ensure_one()
        note = self.env._(
            "The phone has lost its storage: it counts from %(first)s again, %(last)s had arrived.",
            first=first,
            last=last,
        )
        self.write({"loss_note": note, "loss_at": fields.Datetime.now()})

    def _check_reused(self, envelopes):
        """Notice a phone that counts anew: a number of its own that another event already has."""
        numbers = [e.seq for e in envelopes if e.hash and e.seq <= self.last_seq]
        if not numbers:
            return
        query = SQL(
            """SELECT min(seq) FROM field_event
                WHERE device_id = %s AND seq IN %s AND hash IS NOT NULL""",
            self.id,
            tuple(numbers),
        )
        self.env["field.event"].flush_model(["device_id", "seq", "hash"])
        first = self.env.execute_query(query)[0][0]
        if first is not None:
            self._note_loss(first, self.last_seq)

    def _compare(self, acked):
        """Whether the server still has what the phone knows it had: not so after it was restored
        from a backup. Then the phone, which keeps what it has sent for a while, sends it again.

        :param acked: ``{"seq", "hash", "blob"}`` of the last ones acknowledged, as sent
        :returns: ``{"restored": True, "missing": [[first, last], …]}`` or nothing
        """
        self.ensure_one()
        acked = acked if isinstance(acked, dict) else {}
        if self._has_acked(acked):
            return {}
        return {"restored": True, "missing": self._missing(acked.get("seq"))}

    def _has_acked(self, acked):
        digest, blob = acked.get("hash"), acked.get("blob")
        if isinstance(digest, str) and digest:
            domain = [("device_id", "=", self.id), ("hash", "=", digest)]
            if not self.env["field.event"].sudo().search_count(domain, limit=1):
                return False
        if isinstance(blob, str) and blob:
            domain = [("device_id", "=", self.id), ("uuid", "=", blob.lower())]
            return bool(self.env["field.blob"].sudo().search_count(domain, limit=1))
        return True

    @api.model
    def _as_seq(self, value):
        number = isinstance(value, int) and not isinstance(value, bool)
        return value if number and 0 <= value < 2**31 else 0

    def _missing(self, acked_seq):
        """Ranges of the device's numbers that are not in the journal, oldest first."""
        self.env["field.event"].flush_model(["device_id", "seq"])
        query = SQL(
            """SELECT seq + 1, following - 1
                 FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS following
                         FROM (SELECT DISTINCT seq FROM field_event WHERE device_id = %(device)s
                               UNION SELECT -1 UNION SELECT %(top)s) numbers) pairs
                WHERE following > seq + 1 ORDER BY seq DESC LIMIT %(limit)s""",
            device=self.id,
            top=self._as_seq(acked_seq) + 1,
            limit=MISSING_RANGES,
        )
        return [list(row) for row in reversed(self.env.execute_query(query))]

    def _note_erased(self, seq):
        self.erased_seq = max(self.erased_seq, seq)

    # --- buttons -------------------------------------------------------------------------------

    def action_wipe(self):
        """Ask the phone to erase what it holds as soon as it comes online; it is refused then."""
        self._check_can_manage()
        self.sudo().write({"wipe_state": "requested"})

    def action_cancel_wipe(self):
        """The phone was found again before it came online."""
        self._check_can_manage()
        self.sudo().filtered(lambda d: d.wipe_state == "requested").write({"wipe_state": False})


def _ms(moment):
    return (moment - EPOCH).total_seconds() * 1000
