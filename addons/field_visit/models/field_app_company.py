from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain

FIELDS = ("partner_id", "plan_date", "plan_time", "state", "check_in_at", "check_out_at")


class FieldApp(models.AbstractModel):
    """Visits of colleagues one comes along to: where one is expected, or was."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        joint = Collection(
            "field.visit",
            [
                ("companion_ids", "in", self.env.uid),
                ("state", "!=", "cancelled"),
                ("plan_date", ">=", "-7d"),
                ("plan_date", "<=", "+14d"),
            ],
            (*FIELDS, "companion_ids", "company_yes_ids", "company_no_ids"),
            order="plan_date desc, id desc",
            cap=100,
            rows=self._joint_visits,
        )
        return {"joint_visits": joint, **super()._collections()}

    @api.model
    def _joint_visits(self, visits):
        """Rows with the names of customer and colleague, and one's own word."""
        me, rows = self.env.user, []
        for visit in visits:
            row = {"id": visit.id, **{name: plain(visit[name]) for name in FIELDS[1:]}}
            row["partner_id"] = visit.partner_id.id
            row["partner_name"] = visit.partner_id.sudo().display_name
            row["person"] = visit.user_id.sudo().name
            known = visit.sudo()
            row["was_there"] = (
                True
                if me in known.company_yes_ids
                else False
                if me in known.company_no_ids
                else None
            )
            rows.append(row)
        return rows
