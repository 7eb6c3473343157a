"""Pictures that were there before: of another visit, of another customer, of another person."""

from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import twins

_COLUMNS = ("id", "visit", "partner", "bits")
#: So many earlier pictures are looked at, the youngest; more would make each batch slow.
_MOST = 1_000_000
_CHUNK = 50_000


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    is_looked_at = fields.Boolean(readonly=True, copy=False)
    phash = fields.Char("Picture hash", readonly=True, copy=False)
    twin_id = fields.Many2one(
        "field.visit.photo",
        "Was there before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    twin_kind = fields.Selection(
        [("same", "The same picture"), ("like", "Much like another")],
        "Seen before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="An earlier picture of another visit, of any customer and person of the company, from "
        "the last half year.",
    )
    twin_distance = fields.Integer(
        "Bits that differ (of 64)", readonly=True, copy=False, aggregator="avg"
    )
    twin_visit_id = fields.Many2one(related="twin_id.visit_id", string="Visit of that picture")

    _to_look_at_idx = models.Index(
        "(id) WHERE attachment_id IS NOT NULL AND is_looked_at IS NOT TRUE"
    )
    _hashed_idx = models.Index("(company_id, id) WHERE phash IS NOT NULL")

    @api.model
    def _cron_look(self, batch=100):
        """Look at the photos that came: draw the watermark, hold them beside earlier ones."""
        domain = [("attachment_id", "!=", False), ("is_looked_at", "=", False)]
        while photos := self.search(domain, order="id", limit=batch).try_lock_for_update():
            photos._keep_stamped()
            photos._look_for_twins()
            photos.is_looked_at = True
            if not self.env["ir.cron"]._commit_progress(len(photos)):
                break

    def _look_for_twins(self):
        """Note which of these pictures (sudo) were there before, and what their numbers say."""
        states = self._take_hashes()
        for company, photos in self.filtered("phash").grouped("company_id").items():
            known = photos._read_known(company)
            for photo in photos:
                photo._note_twin(known)
        for photo in self:
            photo._note_doubt(states.get(photo.blob_uuid))

    def _take_hashes(self):
        """Give each picture its hash. :return: ``{uuid: what its camera number says}``"""
        Blob = self.env["field.blob"].sudo()
        blobs = Blob.search([("uuid", "in", self.mapped("blob_uuid"))])
        hashes = {blob.uuid: blob.phash for blob in blobs}
        for photo in self.filtered(lambda photo: not photo.is_signature):
            if photo.blob_uuid not in hashes:
                hashes[photo.blob_uuid] = Blob._picture_hash(photo.attachment_id.raw or b"")
            photo.phash = hashes[photo.blob_uuid]
        self.flush_recordset(["phash"])
        return {blob.uuid: blob.nonce_state for blob in blobs}

    def _read_known(self, company):
        """Arrays of the company's pictures that these could be, see `tools.twins.find`."""
        since = min(photo.taken_at or photo.create_date for photo in self)
        self.env.cr.execute(
            SQL(
                """SELECT id, visit_id, partner_id, ('x' || phash)::bit(64)::bigint
                     FROM field_visit_photo
                    WHERE company_id = %s AND phash IS NOT NULL AND taken_at >= %s AND id < %s
                    ORDER BY id DESC
                    LIMIT %s""",
                company.id,
                since - timedelta(days=twins.DAYS),
                max(self.ids),
                _MOST,
            )
        )
        parts = [np.empty((0, len(_COLUMNS)), dtype=np.int64)]
        while rows := self.env.cr.fetchmany(_CHUNK):
            parts.append(np.array(rows, dtype=np.int64))
        table = np.concatenate(parts)
        return {name: table[:, i].copy() for i, name in enumerate(_COLUMNS)}

    def _note_twin(self, known):
        own = {"id": self.id, "visit": self.visit_id.id, "partner": self.partner_id.id}
        found = twins.find(twins.signed(self.phash), own, known)
        if found:
            twin_id, distance, kind = found
            self.write({"twin_id": twin_id, "twin_distance": distance, "twin_kind": kind})

    def _note_doubt(self, nonce_state):
        if self.twin_kind == "same":
            self.visit_id._note_photo_doubt("same")
        elif nonce_state == "reused":
            self.visit_id._note_photo_doubt("reused")

    def action_open_twin(self):
        """Show the two pictures side by side."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_visit_photo_action"
        )
        action["domain"] = [("id", "in", (self | self.twin_id).ids)]
        return {**action, "context": {}}


class FieldVisit(models.Model):
    _inherit = "field.visit"

    photo_doubt = fields.Selection(
        [
            ("same", "A picture that was there before"),
            ("reused", "A camera number used twice"),
        ],
        "Doubt about a picture",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _note_photo_doubt(self, doubt):
        """The strongest doubt stays."""
        ranks = [key for key, _label in self._fields["photo_doubt"].selection]
        for visit in self:
            if not visit.photo_doubt or ranks.index(doubt) < ranks.index(visit.photo_doubt):
                visit._with_evidence().photo_doubt = doubt
