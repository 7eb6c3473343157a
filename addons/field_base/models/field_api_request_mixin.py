"""Requests that write: taken in once, kept as they came."""

import hashlib
import json

from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate

from ..tools.errors import FieldRejected
from ..tools.row_schema import storable

_lt = LazyTranslate(__name__)

KEEP_DAYS = 365  # then the payload goes; what became of it stays
TAKEN = ("created", "updated", "valid", "known")
MESSAGES = {
    "not_an_object": _lt("A row is an object with named fields."),
    "unknown_field": _lt("There is no such field."),
    "not_text": _lt("This must be a text."),
    "too_long": _lt("This text is too long."),
    "not_an_address": _lt("This is no e-mail address."),
    "not_a_number": _lt("This must be a number."),
    "not_a_flag": _lt("This must be true or false."),
    "out_of_range": _lt("This number is out of range."),
    "not_a_country": _lt("This must be a country code of two letters."),
    "not_a_list": _lt("This must be a list of at most 20 texts."),
    "name_missing": _lt("A name must be given."),
    "lat_lng_together": _lt("Latitude and longitude go together."),
    "ambiguous": _lt("Several customers have this number."),
    "unknown_datum": _lt("This must be wgs84, gcj02 or bd09."),
    "unknown_person": _lt("Nobody has this login."),
    "unknown_country": _lt("This country is not known."),
}


class FieldApiRequestMixin(models.AbstractModel):
    """One request with its answer. The same idempotency key again gets the same answer again.

    Whoever inherits names the holder of the key, ``key_id``, many2one to a model with
    field.api.key.mixin, and declares ``_request_uniq`` (see there).
    """

    _name = "field.api.request.mixin"
    _description = "Request that is answered once"
    _order = "id desc"
    _rec_name = "idempotency_key"

    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    idempotency_key = fields.Char("Request", readonly=True, required=True)
    body_hash = fields.Char(readonly=True, required=True)
    payload = fields.Json("As Sent", readonly=True)
    payload_text = fields.Text("Content", compute="_compute_payload_text")
    answer = fields.Json(readonly=True)
    created_count = fields.Integer("Entered", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)

    @api.depends("payload")
    def _compute_payload_text(self):
        for request in self:
            request.payload_text = json.dumps(request.payload, indent=2, ensure_ascii=False)

    @api.autovacuum
    def _gc_payloads(self):
        if self._abstract:
            return
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = self.search([("create_date", "<", limit), ("payload", "!=", False)], limit=10000)
        old.write({"payload": False})

    @api.model
    def _open(self, holder, idempotency_key, content):
        """The row of this request. Of two at once one waits and then sees the other's answer.

        :param holder: whose key it is (sudo)
        :param content: what was sent, of JSON
        :raises FieldRejected: ``idempotency_key_missing``, ``idempotency_conflict``
        """
        idempotency_key = storable(idempotency_key or "")
        if not 0 < len(idempotency_key) <= 100:
            raise FieldRejected(
                "idempotency_key_missing",
                self.env._("The header Idempotency-Key is missing, or longer than 100."),
            )
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        self.env.cr.execute(
            SQL(
                """INSERT INTO %s (key_id, company_id, idempotency_key, body_hash,
                        create_uid, create_date, write_uid, write_date)
                   VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s,
                           now() AT TIME ZONE 'UTC')
                   ON CONFLICT (key_id, idempotency_key) DO NOTHING""",
                SQL.identifier(self._table),
                holder.id,
                holder.company_id.id,
                idempotency_key,
                digest,
                self.env.uid,
                self.env.uid,
            )
        )
        found = self.search([("key_id", "=", holder.id), ("idempotency_key", "=", idempotency_key)])
        if found.body_hash != digest:
            raise FieldRejected(
                "idempotency_conflict",
                self.env._("This Idempotency-Key was used for another request already."),
            )
        return found

    @api.model
    def _explain(self, errors):
        """:param list errors: ``[(field, code)]`` as of :func:`tools.row_schema.check`"""
        lang = self.env.lang or "en_US"
        return [
            {"field": name, "code": code, "message": MESSAGES[code]._translate(lang)}
            for name, code in errors
        ]

    def _settle(self, rows, results):
        """Keep what was sent and what became of it.

        :returns: as :meth:`_answer`
        """
        answer, accepted = self._answer(results)
        entered = sum(found["state"] in ("created", "updated") for found in results)
        self.write(
            {
                "payload": storable(rows),
                "answer": answer,
                "created_count": entered,
                "refused_count": len(rows) - entered,
            }
        )
        return answer, accepted

    @api.model
    def _answer(self, results, dry_run=False):
        """:returns: ``(answer, whether anything could be taken)``"""
        rows = storable([{"index": index, **found} for index, found in enumerate(results)])
        accepted = sum(found["state"] in TAKEN for found in results)
        return {"dry_run": dry_run, "accepted": accepted, "results": rows}, accepted > 0
