from odoo import models

from odoo.addons.field_base.tools.data_part import DataPart


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "visits",
                "field.visit",
                (
                    *("plan_date", "partner_id", "state", "check_in_at", "check_out_at"),
                    "on_way_at",
                    *("check_in_lat", "check_in_lng", "check_in_accuracy", "check_in_distance_m"),
                    *("check_in_verdict", "check_in_reason", "check_out_lat", "check_out_lng"),
                    *("duration_min", "presence_state", "note", "verdict", "truth_score"),
                    *("explanation", "review_state", "review_note", "check_in_fixes"),
                    *("odd_speed_kmh", "odd_repeat_days", "odd_clock_min"),
                ),
                self.env._("Visits"),
                retention="retention_place_days",
            ),
            DataPart(
                "form_answers",
                "field.form.answer",
                ("answered_at", "partner_id", "question", "display"),
                self.env._("Answers in forms"),
            ),
            DataPart(
                "article_uses",
                "field.knowledge.use",
                ("used_at", "partner_id", "article_id", "version"),
                self.env._("Articles used in visits"),
            ),
            DataPart(
                "work_reports",
                "field.work.report",
                ("kind", "date_from", "done_count", "missed_count", "blockers", "tomorrow"),
                self.env._("Work reports"),
            ),
            DataPart(
                "second_looks",
                "field.second.look",
                ("visit_date", "state", "note", "decided_at"),
                self.env._("Second looks at own visits"),
                owner="rep_id",
            ),
            DataPart(
                "visit_habits",
                "field.visit.habit",
                ("kind", "date_from", "date_to", "visit_count", "sample", "explanation", "note"),
                self.env._("What stands out in visits"),
            ),
            DataPart(
                "visit_photos",
                "field.visit.photo",
                ("taken_at", "visit_id", "source", "attachment_id"),
                self.env._("Photos of visits"),
                retention="retention_photo_days",
            ),
            DataPart(
                "face_match",
                "field.face.enrolment",
                ("enrolled_at", "ended_at", "device_id", "face_model", "consent_id"),
                self.env._("Face match set up (no portrait, no numbers of it)"),
            ),
            DataPart(
                "face_proofs",
                "field.visit.step",
                ("answered_at", "visit_id", "face_match", "face_distance", "face_limit"),
                self.env._("Proofs by face match"),
                retention="retention_photo_days",
                owner="visit_id.user_id",
                extra=[("face_match", "!=", False)],
            ),
            DataPart(
                "visit_recordings",
                "field.visit.recording",
                ("taken_at", "visit_id", "seconds", "informed", "transcript", "attachment_id"),
                self.env._("Recordings of visits"),
                retention="retention_audio_days",
            ),
        ]
