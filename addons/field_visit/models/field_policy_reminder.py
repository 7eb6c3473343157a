from odoo import fields, models

from odoo.addons.field_base.tools.times import local_hour


class FieldPolicy(models.Model):
    """Reminders of visits, and what follows from a missed one."""

    _inherit = "field.policy"

    remind_evening = fields.Float(
        "Tell of tomorrow at", help="Local hour of the evening before; 0 for no reminder."
    )
    remind_before_min = fields.Integer(
        "Remind before a fixed time (min)", default=0, help="0 for no reminder."
    )
    missed_mode = fields.Selection(
        [
            ("drop", "Nothing"),
            ("ask", "The person is asked"),
            ("carry", "Planned again on the next working day"),
        ],
        "After a missed visit",
        required=True,
        default="drop",
    )
    missed_limit = fields.Integer(
        "Misses in a row that tell the leader", default=0, help="0 tells nobody."
    )

    _remind_range = models.Constraint(
        "CHECK(COALESCE(remind_evening, 0) BETWEEN 0 AND 23.99"
        " AND COALESCE(remind_before_min, 0) BETWEEN 0 AND 240"
        " AND COALESCE(missed_limit, 0) BETWEEN 0 AND 10)",
        "Hours of a day, up to 240 minutes before, up to 10 misses.",
    )

    def _is_evening(self, user, day, now):
        """Whether the person is to be told of tomorrow now, and has not been today."""
        self.ensure_one()
        if not self.remind_evening or user.sudo().field_evening_date == day:
            return False
        return now >= local_hour(day, self.remind_evening, user._field_tz())
