from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.field_base.tools.times import local_date

KINDS = [
    ("lunch", "Lunch"),
    ("petrol", "Petrol"),
    ("charging", "Charging"),
    ("waiting", "Waiting for somebody"),
    ("private", "Private"),
    ("other", "Other"),
]


class FieldTrackLabel(models.Model):
    """What a part of the day was, in the words of the person himself, until the day is closed.

    A private part is more than a word: its positions are erased before anybody sees them.
    """

    _name = "field.track.label"
    _description = "Label of a part of the day"
    _order = "start, id"
    _rec_name = "kind"

    day_id = fields.Many2one("field.track.day", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(related="day_id.user_id", string="Person")
    company_id = fields.Many2one(related="day_id.company_id")
    kind = fields.Selection(KINDS, "Label", required=True, default="lunch")
    start = fields.Datetime("From", required=True)
    end = fields.Datetime("To", required=True)
    note = fields.Char()
    erased_count = fields.Integer("Erased positions", readonly=True, copy=False)

    @api.constrains("start", "end", "day_id")
    def _check_span(self):
        for label in self:
            low, high = label.day_id._bounds()
            if not low <= label.start < label.end <= high:
                raise ValidationError(
                    self.env._("A label begins before it ends, and lies within the day.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        labels = super().create(vals_list)
        labels._check_own()
        labels._cut_private()
        return labels

    def write(self, vals):
        self._check_own()
        if any(label.kind == "private" for label in self) and set(vals) - {"note", "erased_count"}:
            raise UserError(self.env._("A private part is gone for good: its label stays."))
        result = super().write(vals)
        if "kind" in vals or "start" in vals or "end" in vals:
            self._check_own()
            self._cut_private()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_private_or_closed(self):
        self._check_own()
        if not self.env.su and any(label.kind == "private" for label in self):
            raise UserError(self.env._("A private part is gone for good: its label stays."))

    def _check_own(self):
        """Only the person, only while the day is open, and private only where the policy lets."""
        if self.env.su:
            return
        for label in self:
            day = label.day_id.sudo()
            if day.user_id != self.env.user:
                raise AccessError(self.env._("Only the person labels parts of the own day."))
            policy = day._get_policy()
            today = local_date(fields.Datetime.now(), day.tz)
            if today > day.date + timedelta(days=policy.label_days):
                raise UserError(self.env._("The day is closed: it can no longer be labelled."))
            if label.kind == "private" and not policy.private_parts:
                raise UserError(self.env._("The policy allows no private parts."))

    def _cut_private(self):
        days = self.filtered(lambda label: label.kind == "private").day_id
        days.sudo()._rebuild()

    def _erase_positions(self):
        """Erase what lies in these private parts; what comes late goes at the next rebuild."""
        for label in self.sudo():
            who = label.day_id.user_id
            self.env.cr.execute(
                SQL(
                    """DELETE FROM field_position
                        WHERE device_id = ANY(ARRAY(SELECT id FROM field_device WHERE user_id = %s))
                          AND user_id = %s AND ts >= %s AND ts <= %s""",
                    *(who.id, who.id, label.start, label.end),
                )
            )
            gone = self.env.cr.rowcount
            last = [("user_id", "=", who.id), ("ts", ">=", label.start), ("ts", "<=", label.end)]
            self.env["field.position.last"].sudo().search(last).unlink()
            if gone:
                label.erased_count += gone


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    label_ids = fields.One2many("field.track.label", "day_id", "Labels")

    def _get_policy(self):
        """The policy that held for this person on this day.

        Making a day again asks several times: it says what it found in ``field_day_policy``.
        """
        self.ensure_one()
        day_id, policy_id = self.env.context.get("field_day_policy", (0, 0))
        if day_id == self.id:
            return self.env["field.policy"].sudo().browse(policy_id)
        company = self.company_id.sudo()
        company.fetch(["active"])  # else choosing the policy reads all columns of the company
        Policy = self.env["field.policy"].sudo().with_company(company)
        return Policy._get_for_users(self.user_id, self.date)[self.user_id.id]

    def _rebuild(self):
        private = self.sudo().label_ids.filtered(lambda label: label.kind == "private")
        private._erase_positions()
        return super()._rebuild()

    def _prepare_gap_vals(self, result):
        """A silence that is mostly a private part has its cause, and no other is looked for."""
        rows = super()._prepare_gap_vals(result)
        parts = [label for label in self.label_ids if label.kind == "private"]
        for row in rows:
            length = row["end"] - row["start"]
            covered = sum(
                (
                    max(min(row["end"], one.end) - max(row["start"], one.start), timedelta(0))
                    for one in parts
                ),
                timedelta(0),
            )
            if 2 * covered > length:
                row["cause"] = "private"
        return rows

    def action_label(self):
        """Say what a part of the own day was."""
        self.ensure_one()
        start, _end = self._bounds()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Label a part of the day"),
            "res_model": "field.track.label",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_day_id": self.id,
                "default_start": fields.Datetime.to_string(self.first_fix or start),
                "default_end": fields.Datetime.to_string(self.last_fix or start),
            },
        }
