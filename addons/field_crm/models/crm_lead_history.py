from odoo import api, fields, models
from odoo.tools import SQL

WATCHED = {"stage_id", "type", "won_status"}
BEFORE = SQL(
    """id, type, stage_id, won_status, date_last_stage_update, expected_revenue, user_id, team_id,
       company_id, field_entered_on"""
)


class CrmLead(models.Model):
    """What a deal went through, from the lowest place where its stage can change in the ORM."""

    _inherit = "crm.lead"

    field_stage_history_ids = fields.One2many(
        "field.stage.history", "lead_id", "Stage history", readonly=True
    )
    field_entered_on = fields.Date(
        "In the pipeline since",
        compute="_compute_field_entered_on",
        store=True,
        copy=False,
        help="The day it became an opportunity: the cohort it is counted in.",
    )
    field_top_stage_id = fields.Many2one(
        "crm.stage",
        "Farthest stage",
        compute="_compute_field_top_stage_id",
        store=True,
        copy=False,
        ondelete="restrict",
        help="The farthest stage the deal was ever in.",
    )

    # The funnel of a million deals reads these two and never the wide rows of the leads.
    _field_funnel_idx = models.Index(
        "(field_entered_on, company_id) INCLUDE (field_top_stage_id, stage_id, won_status, user_id,"
        " team_id, expected_revenue, type, field_pool_id, lost_reason_id, field_product_line_id,"
        " field_lost_competitor_id)"
        " WHERE type = 'opportunity'"
    )

    @api.depends("type")
    def _compute_field_entered_on(self):
        today = self.env.cr.now().date()
        for lead in self:
            if lead.type == "opportunity":
                lead.field_entered_on = lead.field_entered_on or today
            else:
                lead.field_entered_on = lead.field_entered_on

    @api.depends("stage_id", "type")
    def _compute_field_top_stage_id(self):
        for lead in self:
            top, stage = lead.field_top_stage_id, lead.stage_id
            if lead.type != "opportunity" or (top and _place(top) >= _place(stage)):
                lead.field_top_stage_id = top
            else:
                lead.field_top_stage_id = stage

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._log_entries()
        return leads

    def write(self, vals):
        result = super().write(vals)
        # Each step is written down by itself, in the name of who made it.
        if "stage_id" in vals:
            self.flush_recordset(["stage_id", "won_status", "field_top_stage_id"])
        return result

    def _write_multi(self, vals_list):
        if not any(vals.keys() & WATCHED for vals in vals_list):
            return super()._write_multi(vals_list)
        changes = [
            (record_id, vals)
            for record_id, vals in zip(self._ids, vals_list, strict=True)
            if vals.keys() & WATCHED
        ]
        before = self._read_before([record_id for record_id, _vals in changes])
        result = super()._write_multi(vals_list)
        rows = []
        for record_id, vals in changes:
            if record_id in before:
                rows += self._prepare_history_rows(before[record_id], vals)
        self._insert_history(rows)
        return result

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @property
    def _logged_stages(self):
        """Stages of this transaction's new deals that are in the history, but perhaps not yet in
        the table of the leads: ``{lead id: stage id}``."""
        return self.env.cr.precommit.data.setdefault("field_crm.logged_stages", {})

    def _read_before(self, ids):
        # Straight from the table: in the middle of a flush, the cache holds the new values.
        self.env.cr.execute(SQL("SELECT %s FROM crm_lead WHERE id IN %s", BEFORE, tuple(ids)))
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    def _log_entries(self):
        """The first row of new deals; those a flush has already logged are left out."""
        rows, logged = [], self._logged_stages
        for lead in self.sudo():
            if lead.type == "opportunity" and lead.id not in logged:
                logged[lead.id] = lead.stage_id.id
                amount = lead.expected_revenue
                owner = (lead.user_id.id, lead.team_id.id, lead.company_id.id)
                rows.append((lead.id, "enter", None, lead.stage_id.id, None, amount, *owner, None))
        self._insert_history(rows)

    def _prepare_history_rows(self, old, vals):
        """The steps that one UPDATE of one lead means.

        :param dict old: columns before, see ``BEFORE``
        :param dict vals: the columns that change
        :return: list of ``(lead, event, from stage, stage, days, amount, user, team, company,
            entered on)``
        """
        new = {**old, **vals}
        if new["type"] != "opportunity":
            return []
        logged = self._logged_stages
        start = old["stage_id"] or logged.get(old["id"])
        end = new["stage_id"] or start
        owner = tuple(new[name] or None for name in ("user_id", "team_id", "company_id"))
        tail = (new["expected_revenue"], *owner, new["field_entered_on"])
        days = self._days_since(old["date_last_stage_update"])
        rows = []
        if old["type"] != "opportunity" or not start:
            rows.append((old["id"], "enter", None, end, None, *tail))
        elif start != end:
            rows.append((old["id"], self._get_step(start, end), start, end, days, *tail))
            days = 0.0
        if new["won_status"] == "lost" and old["won_status"] != "lost":
            rows.append((old["id"], "lost", end, end, days, *tail))
        elif old["won_status"] == "lost" and new["won_status"] == "pending":
            rows.append((old["id"], "reopen", end, end, None, *tail))
        if rows:
            logged[old["id"]] = end
        return rows

    def _get_step(self, start, end):
        Stage = self.env["crm.stage"].sudo()
        stage = Stage.browse(end)
        if stage.is_won:
            return "won"
        return "forward" if _place(stage) > _place(Stage.browse(start)) else "back"

    def _days_since(self, moment):
        if not moment:
            return None
        return max(0.0, (self.env.cr.now() - moment).total_seconds() / 86400)

    def _insert_history(self, rows):
        if not rows:
            return
        now, uid = self.env.cr.now(), self.env.uid
        today = now.date()
        values = [
            SQL("%s", (*row[:-1], row[-1] or today, now, uid)) for row in _without_false(rows)
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO field_stage_history (lead_id, event, from_stage_id, stage_id, days,
                       amount, user_id, team_id, company_id, entered_on, at, by_id)
                   VALUES %s""",
                SQL(", ").join(values),
            )
        )
        leads = self.browse([row[0] for row in rows])
        leads.invalidate_recordset(["field_stage_history_ids"], flush=False)

    def _merge_get_fields(self):
        # The merged deal is as old, and went as far, as the oldest and farthest of its parts.
        return [*super()._merge_get_fields(), "field_entered_on", "field_top_stage_id"]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "field_entered_on": lambda _name, leads: min(
                leads.filtered("field_entered_on").mapped("field_entered_on"), default=False
            ),
            "field_top_stage_id": lambda _name, leads: (
                max(leads.field_top_stage_id, key=_place, default=leads.field_top_stage_id).id
            ),
        }


def _place(stage):
    return stage.sequence, stage.id or 0


def _without_false(rows):
    return [tuple(None if value is False else value for value in row) for row in rows]
