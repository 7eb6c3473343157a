from odoo import api, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.collection import Collection, plain

VISIT_FIELDS = (
    "uuid",
    "partner_id",
    "contact_ids",
    "plan_date",
    "plan_time",
    "state",
    "on_way_at",
    "channel",
    "sop_id",
    "is_unplanned",
    "note",
    "check_in_at",
    "check_in_verdict",
    "check_in_distance_m",
    "check_out_at",
    "route_sequence",
    "route_at",
    "route_note",
    "route_pinned",
    "route_wait_min",
    "route_late_min",
    "plan_minutes",
    "priority",
    "type_id",
    "result_id",
    "reason_id",
    "goal_id",
    "goal_state",
    "verdict",
    "presence_state",
    "explanation",
    "strict_order",
    "block_check_out",
    "min_minutes",
)
STEP_FIELDS = (
    "key",
    "name",
    "instruction",
    "sequence",
    "kind",
    "required",
    "min_photos",
    "weight",
    "expected_min",
)
COPY_FIELDS = ("if_key", "if_state")
TEMPLATE_FIELDS = ("form_id", "required_when", "grade_ids", "channel_ids", "if_key", "if_state")
ANSWER_FIELDS = (
    *("state", "value", "note", "reason", "photo_count", "recording_count"),
    *("answers", "form_score", "shelf_score", "shelf_share", "gap_count", "lines"),
    *("amount_received", "amount_promised", "promised_on", "face_match"),
)


class FieldApp(models.AbstractModel):
    """What the phone knows of visits: a week back, two weeks ahead, and the procedures."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        visits = Collection(
            "field.visit",
            [
                ("user_id", "=", self.env.uid),
                "|",
                ("state", "=", "in_progress"),
                "&",
                ("plan_date", ">=", "-7d"),
                ("plan_date", "<=", "+14d"),
            ],
            VISIT_FIELDS,
            order="plan_date desc, id desc",
            cap=1000,
            rows=self._visits,
            watch={
                model: "visit_id"
                for model in (
                    "field.visit.step",
                    "field.visit.photo",
                    "field.visit.recording",
                    "field.knowledge.use",
                )
            },
        )
        sops = Collection(
            "field.sop",
            [("company_id", "in", (False, self.env.company.id))],
            ("name", "sequence", "strict_order", "block_check_out", "version"),
            order="sequence, id",
            cap=200,
            rows=self._sops,
            watch={"field.sop.step": "sop_id"},
        )
        return {
            "visits": visits,
            "sops": sops,
            **self._form_collections(),
            **super()._collections(),
        }

    @api.model
    def _customers_domain(self):
        """Also those somebody looks after beside the salesperson."""
        shared = Domain("field_co_owner_ids", "in", self.env.uid) & Domain(
            [("partner_share", "=", True), ("parent_id", "=", False)]
        )
        return Domain(super()._customers_domain()) | shared

    @api.model
    def _customer_fields(self):
        """The tax number tells a new customer from one who is there already; who is closed is not
        proposed to be closed."""
        return (*super()._customer_fields(), "vat", "field_life")

    @api.model
    def _visits(self, visits):
        """Rows with their steps, and the name of a customer who may not be on the phone."""
        steps = self._steps_by(
            visits.step_ids, "visit_id", (*STEP_FIELDS, *COPY_FIELDS, *ANSWER_FIELDS)
        )
        self._add_forms(visits, steps)
        truth = {visit.id: visit.truth_summary or None for visit in visits}
        until = {visit.id: plain(visit._get_proof_until()) for visit in visits}
        names = {visit.id: visit.partner_id.sudo().display_name for visit in visits}
        rows = []
        for values in visits.read(["id", *VISIT_FIELDS], load=None):
            row = {name: plain(value) for name, value in values.items()}
            row["partner_name"] = names[row["id"]]
            row["steps"] = steps.get(row["id"], [])
            row["truth"] = truth[row["id"]]
            row["proof_until"] = until[row["id"]]
            rows.append(row)
        return rows

    @api.model
    def _sops(self, sops):
        steps = self._steps_by(sops.step_ids, "sop_id", (*STEP_FIELDS, *TEMPLATE_FIELDS))
        names = ["id", "name", "sequence", "strict_order", "block_check_out"]
        return [
            {**{n: plain(v) for n, v in row.items()}, "steps": steps.get(row["id"], [])}
            for row in sops.read(names, load=None)
        ]

    @api.model
    def _steps_by(self, steps, parent, names):
        """``{id of the parent: [its steps, in order]}`` in one read."""
        found = {}
        for row in steps.read([parent, *names], load=None):
            owner = row.pop(parent)
            found.setdefault(owner, []).append({name: plain(row[name]) for name in names})
        return found
