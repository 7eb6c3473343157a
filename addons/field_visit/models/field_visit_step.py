from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.proofs import PICTURED
from .field_sop import IF_STATES, STEP_KINDS
from .field_visit_photo import MAX_PHOTOS
from odoo.addons.field_base.tools.errors import FieldRejected

STEP_EVIDENCE_FIELDS = frozenset({"visit_id", "key", "kind", "state", "answered_at", "event_id"})
STEP_EVIDENCE_FIELDS |= {"required", "min_photos", "name", "instruction", "sequence", "photo_ids"}
STEP_EVIDENCE_FIELDS |= {"recording_ids", "form_version_id", "form_points", "form_most"}
STEP_EVIDENCE_FIELDS |= {"if_key", "if_state", "shelf_version_id", "shelf_score", "gap_count"}
STEP_EVIDENCE_FIELDS |= {"weight", "expected_min"}
STEP_EVIDENCE_FIELDS |= {"face_match", "face_distance", "face_limit", "face_model"}
ANSWER_FIELDS = frozenset({"note", "value", "reason", "answers", "lines"})
ANSWER_FIELDS |= {"cannot_reason_id", "amount_received", "amount_promised", "promised_on"}
# An object, not a value: no RPC context can carry it (see field_visit.py).
_EVIDENCE = object()


class FieldVisitStep(models.Model):
    _name = "field.visit.step"
    _description = "Step of a Visit"
    _order = "visit_id, sequence, id"

    visit_id = fields.Many2one("field.visit", required=True, index=True, ondelete="cascade")
    sop_step_id = fields.Many2one(
        "field.sop.step",
        "Template step",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True, translate=True)
    instruction = fields.Char(readonly=True, translate=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(STEP_KINDS, required=True, readonly=True)
    required = fields.Boolean(readonly=True)
    if_key = fields.Char("Required after the step", readonly=True)
    if_state = fields.Selection(IF_STATES, "Was", readonly=True)
    min_photos = fields.Integer("Photos needed", readonly=True)
    state = fields.Selection(
        [("todo", "Open"), ("done", "Done"), ("cannot", "Not possible")],
        required=True,
        readonly=True,
        default="todo",
    )
    answered_at = fields.Datetime("Answered", readonly=True)
    value = fields.Char("Answer")
    note = fields.Text()
    reason = fields.Char("Not possible: in words")
    cannot_reason_id = fields.Many2one(
        "field.visit.reason",
        "Not possible: reason",
        domain=[("usage", "=", "cannot")],
        index="btree_not_null",
        ondelete="restrict",
    )
    event_id = fields.Many2one("field.event", readonly=True, ondelete="set null")
    photo_ids = fields.One2many("field.visit.photo", "step_id", "Photos", readonly=True)
    photo_count = fields.Integer("Number of photos", compute="_compute_photo_count")
    photo_waiting = fields.Integer("Photos on the way", compute="_compute_photo_count")
    recording_ids = fields.One2many("field.visit.recording", "step_id", "Recordings", readonly=True)
    recording_count = fields.Integer("Number of recordings", compute="_compute_recording_count")
    is_mine = fields.Boolean("My visit", compute="_compute_can_answer")
    can_answer = fields.Boolean("Can be answered", compute="_compute_can_answer")

    _visit_key_uniq = models.UniqueIndex("(visit_id, key)", "A visit has each step once.")

    @api.depends("photo_ids.attachment_id")
    def _compute_photo_count(self):
        for step in self:
            step.photo_count = len(step.photo_ids)
            step.photo_waiting = len(step.photo_ids.filtered(lambda p: not p.attachment_id))

    @api.depends("recording_ids")
    def _compute_recording_count(self):
        for step in self:
            step.recording_count = len(step.recording_ids)

    def _field_evidence_subjects(self):
        """Whose photos these are, and what is noted as opened: the visit."""
        return self.visit_id

    @api.depends("state", "visit_id.state", "visit_id.user_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for step in self:
            step.is_mine = step.visit_id.user_id == self.env.user
            step.can_answer = step.is_mine and step.visit_id.state == "in_progress"

    # ---------------------------------------------------------------- evidence

    def _with_evidence(self):
        return self.with_context(field_visit_step_evidence=_EVIDENCE)

    def write(self, vals):
        self.check_access("write")
        if self.env.context.get("field_visit_step_evidence") is not _EVIDENCE:
            if STEP_EVIDENCE_FIELDS & vals.keys():
                raise UserError(self.env._("Answer the step with its buttons."))
            if ANSWER_FIELDS & vals.keys() and any(
                step.state != "todo" or not step.can_answer for step in self
            ):
                raise UserError(
                    self.env._("This answer is kept as it is. Open the step again to correct it.")
                )
        return super().write(vals)

    @api.model
    def _copy_from_procedure(self, visit):
        """Give ``visit`` its own copy of the procedure, so that a later change of the template
        leaves a visit that has begun as it is. All languages come along.

        Where the policy allows no recordings, nobody is asked for one."""
        template = visit.sop_id.sudo().step_ids._for_visit(visit)
        if not visit.policy_id.sudo().audio_allowed:
            template = template.filtered(lambda step: step.kind != "audio")
        if not template:
            return self.browse()
        steps = self.sudo()._with_evidence().create(template._prepare_copies(visit))
        steps.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE field_visit_step step
                      SET name = template.name, instruction = template.instruction
                     FROM field_sop_step template
                    WHERE template.id = step.sop_step_id AND step.id IN %s""",
                tuple(steps.ids),
            )
        )
        steps.invalidate_recordset(["name", "instruction"], flush=False)
        visit.invalidate_recordset(["step_ids"], flush=False)
        return steps.with_env(self.env)

    # ---------------------------------------------------------------- buttons

    def action_done(self):
        """Answer the steps: done, with the note, value and photos they carry.

        :raise FieldRejected: step_order, note_required, photos_missing, not_checked_in, forbidden
        """
        for step in self:
            step._do_done()
        return {"type": "ir.actions.act_window_close"}

    def action_cannot(self, reason=None):
        """Answer the step: not possible, for the reason given here or typed on the step.

        :raise FieldRejected: reason_required, step_order, not_checked_in, forbidden
        """
        for step in self:
            step._do_cannot(reason)
        return {"type": "ir.actions.act_window_close"}

    def action_reopen(self):
        """Take back a mistaken answer while the visit lasts; photos stay, and what was typed."""
        for step in self:
            step._do_reopen(fields.Datetime.now())
        return {"type": "ir.actions.act_window_close"}

    def _do_reopen(self, at):
        """:raise FieldRejected: not_checked_in, forbidden"""
        self.ensure_one()
        self._check_can_answer(at)
        empty = dict.fromkeys(("answered_at", "reason", "cannot_reason_id"), False)
        self._with_evidence().write({"state": "todo", **empty})
        self._retract()

    def _retract(self):
        """What was counted of the answer counts no more: rows, points, promises."""

    def _forget(self):
        """What is not possible has no answer: what was typed before goes, and what follows."""
        if self.value:
            self._with_evidence().value = False

    def action_open(self):
        """Show the step in a dialog, with room for note, photos and recordings."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("field_visit.field_visit_step_view_form").id, "form")],
            "target": "new",
        }

    def add_photo(self, data, name="photo.jpg"):
        """Keep a picture taken in the browser (base64). Marked as uploaded, not as live proof.

        :return: id of the photo
        :raise FieldRejected: bad_photo, camera_only, not_checked_in, forbidden
        """
        self.ensure_one()
        self._check_can_answer(fields.Datetime.now())
        self._check_camera_allows_upload()
        return self.env["field.visit.photo"]._create_upload(self, data, name).id

    def _check_camera_allows_upload(self):
        """:raise FieldRejected: camera_only"""
        if self.visit_id.policy_id.sudo().photo_camera_only:
            raise FieldRejected(
                "camera_only",
                self.env._("Your company takes photos from the camera of the field app only."),
            )

    # ---------------------------------------------------------------- rules

    def _check_can_answer(self, at):
        """Steps belong to a visit that lasts, or lasted at the moment ``at``.

        :raise FieldRejected: not_checked_in, forbidden
        """
        self.ensure_one()
        visit = self.visit_id
        visit._check_can_work()
        if visit.state == "in_progress":
            return
        if visit.state == "done" and visit._lasted_at(at):
            return
        raise FieldRejected("not_checked_in", self.env._("Steps are answered during the visit."))

    def _check_order(self):
        """:raise FieldRejected: step_order"""
        self.ensure_one()
        if not self.visit_id.strict_order:
            return
        before = [step for step in self.visit_id.step_ids if step._rank() < self._rank()]
        waiting = [step.name for step in before if step._is_due()]
        if waiting:
            raise FieldRejected(
                "step_order",
                self.env._(
                    "First comes: %(steps)s. The order of this procedure is fixed.",
                    steps=", ".join(waiting),
                ),
            )

    def _is_due(self):
        """Whether the step is required and not answered yet; some are only after the answer of
        an earlier one."""
        self.ensure_one()
        if not self.required or self.state != "todo":
            return False
        if not self.if_key:
            return True
        other = self.visit_id.step_ids.filtered(lambda step: step.key == self.if_key)
        if self.if_state == "gap":
            return other.state == "done" and other.gap_count > 0
        return other.state == self.if_state

    def _rank(self):
        return (self.sequence, self.id)

    def _do_done(
        self,
        blobs=(),
        value=None,
        note=None,
        at=None,
        event=None,
        recordings=None,
        answers=None,
        form_version=None,
        lines=None,
        shown=None,
        money=None,
    ):
        """Answer the step with what came along. The same answer again changes nothing.

        :param blobs: uuids of photos, which may arrive later
        :param answers: of a form, see field_visit_step_form.py; ``lines`` and ``shown`` are those
            of field_visit_step_lines.py, ``money`` of field_visit_step_money.py
        :param at: UTC moment, now by default
        :param dict recordings: as of ``field.visit.recording._read_payload``; they, too, may
            arrive later
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        self._check_can_answer(at)
        if self.state != "done":
            self._check_order()
        self._expect_files(blobs, recordings, at)
        if self.state == "done":
            return self
        note = ((self.note if note is None else note) or "").strip()
        self._check_content(note)
        self._with_evidence().write(
            {
                "state": "done",
                "answered_at": at,
                "note": note,
                "value": value if value is not None else self.value,
                "reason": False,
                "cannot_reason_id": False,
                "event_id": event and event.id,
            }
        )
        return self

    def _get_most_photos(self):
        return MAX_PHOTOS

    def _expect_files(self, blobs, recordings, at):
        """:raise FieldRejected: audio_off, photo_used"""
        if recordings and not self.visit_id.policy_id.sudo().audio_allowed:
            raise FieldRejected(
                "audio_off", self.env._("Your company does not allow recordings of talks.")
            )
        self.env["field.visit.photo"]._expect(self, blobs, at)
        self.env["field.visit.recording"]._expect(self, recordings, at)

    def _check_content(self, note):
        """:raise FieldRejected: note_required, photos_missing, signature_missing,
        recording_missing
        """
        if self.kind in ("note", "order") and not note:
            raise FieldRejected("note_required", self.env._("Write a few words first."))
        if self.kind == "signature" and not self.photo_ids:
            raise FieldRejected(
                "signature_missing", self.env._("%(step)s: nobody has signed.", step=self.name)
            )
        if self.kind in PICTURED and len(self.photo_ids) < max(1, self.min_photos):
            raise FieldRejected(
                "photos_missing",
                self.env._(
                    "%(step)s: %(have)s of %(need)s photos taken.",
                    step=self.name,
                    have=len(self.photo_ids),
                    need=self.min_photos,
                ),
            )

        if self.kind == "audio" and not self.recording_ids:
            raise FieldRejected(
                "recording_missing",
                self.env._("Talks are recorded in the field app on the phone."),
            )

    def _do_cannot(self, reason=None, at=None, event=None, reason_id=None, blobs=()):
        """In own words, for a chosen reason, or both; pictures may show why.

        :param reason_id: of field.visit.reason
        :param blobs: uuids of photos, which may arrive later
        :raise FieldRejected: reason_required, step_order, not_checked_in, forbidden
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        self._check_can_answer(at)
        if self.state == "done":
            raise FieldRejected("wrong_state", self.env._("This step is already done."))
        self._expect_files(blobs, None, at)
        if self.state == "cannot":
            return self
        chosen = self.visit_id._get_reason(reason_id, ("cannot",)) or self.cannot_reason_id
        reason = (reason or self.reason or chosen.name or "").strip()
        if not reason:
            raise FieldRejected(
                "reason_required", self.env._("Tell in a few words why it is not possible.")
            )
        self._check_order()
        self._forget()
        self._with_evidence().write(
            {
                "state": "cannot",
                "answered_at": at,
                "reason": reason,
                "cannot_reason_id": chosen.id,
                "event_id": event and event.id,
            }
        )
        return self

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visit(self):
        """Steps go with a visit that never began, and only with it."""
        if any(step.visit_id.check_in_at for step in self):
            raise UserError(self.env._("The steps of a visit that took place are kept."))

    def _get_report_answer(self):
        """What was answered, as plain text. Hook: kinds with more to say say it."""
        self.ensure_one()
        parts = [self.value, self.note, self.reason]
        if self.photo_count:
            parts.append(self.env._("%(count)s photos", count=self.photo_count))
        return "\n".join(filter(None, parts))
