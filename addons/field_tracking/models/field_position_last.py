from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: km/h is what people think in: above walking pace somebody is on the way.
MOVING_M_S = 5 / 3.6
FRESH = timedelta(minutes=10)
SILENT = timedelta(minutes=30)
#: More people than any map can show; the freshest come first.
MOST = 5000


class FieldPositionLast(models.Model):
    """Where each person was last: one small row for the live map, moved forward only."""

    _name = "field.position.last"
    _description = "Last position"
    _log_access = False
    _order = "ts desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    device_id = fields.Many2one("field.device", readonly=True, ondelete="set null")
    ts = fields.Datetime("Position at", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
    contact_at = fields.Datetime(
        "Last contact",
        related="device_id.last_contact",
        related_sudo=True,
        help="The phone was heard, with or without a position.",
    )
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True)
    accuracy = fields.Float("Accuracy (m)", digits=(8, 1), readonly=True)
    speed = fields.Float("Speed (m/s)", digits=(6, 2), readonly=True)
    course = fields.Float("Course (°)", digits=(5, 1), readonly=True)
    battery = fields.Float(digits=(4, 3), readonly=True, aggregator="avg")
    charging = fields.Boolean(readonly=True)
    activity = fields.Char(readonly=True)

    _user_uniq = models.Constraint("UNIQUE(user_id)", "There is one last position per person.")

    def init(self):
        # Room in every page: all updates stay in place (HOT), the table does not grow.
        self.env.cr.execute("ALTER TABLE field_position_last SET (fillfactor = 50)")

    @api.model
    def _touch(self, device, contact):
        """A heartbeat without a position: the phone is alive, nobody knows where.

        :param contact: tools.parse.Contact
        """
        self.env.cr.execute(
            SQL(
                """UPDATE field_position_last
                      SET battery = COALESCE(%s, battery), charging = COALESCE(%s, charging)
                    WHERE user_id = %s AND device_id = %s""",
                contact.battery,
                contact.charging,
                device.user_id.id,
                device.id,
            )
        )

    @api.model
    def get_live(self):
        """What the live map shows: everybody the caller may see, with state and age.

        Age is counted by the server: a leader's computer clock must not make dots look fresh.

        :returns: list of dict(id, user_id, name, lat, lng, accuracy, state, age_s, contact_s,
            speed_kmh, course, battery, charging, day_id)
        """
        rows = self.search([], limit=MOST)
        now = fields.Datetime.now()
        on_duty = self._open_workdays(rows.user_id)
        days = self.env["field.track.day"].search_fetch(
            [("user_id", "in", rows.user_id.ids), ("date", ">=", now.date() - timedelta(days=1))],
            ["user_id", "date"],
            order="date",
        )
        day_of = {day.user_id.id: day.id for day in days}
        return [row._live_row(now, on_duty, day_of) for row in rows]

    def _live_row(self, now, on_duty, day_of):
        age = now - self.ts
        contact = now - max(self.contact_at or self.ts, self.ts)
        return {
            "id": self.id,
            "user_id": self.user_id.id,
            "name": self.user_id.sudo().name,
            "lat": self.lat,
            "lng": self.lng,
            "accuracy": round(self.accuracy) or None,
            "state": self._live_state(age, contact, self.user_id.id in on_duty),
            "age_s": max(int(age.total_seconds()), 0),
            "contact_s": max(int(contact.total_seconds()), 0),
            "speed_kmh": round(self.speed * 3.6),
            "course": self.course,
            "battery": round(self.battery * 100) or None,
            "charging": self.charging,
            "day_id": day_of.get(self.user_id.id, False),
        }

    def _live_state(self, age, contact, on_duty):
        """moving · staying · silent · off (no open workday and nothing heard lately)"""
        if contact > SILENT:
            return "silent" if on_duty else "off"
        if age <= FRESH and self.speed > MOVING_M_S:
            return "moving"
        return "staying"

    @api.model
    def _open_workdays(self, users):
        workdays = self.env["field.workday"].sudo()
        domain = [("user_id", "in", users.ids), ("state", "=", "open")]
        return set(workdays.search_fetch(domain, ["user_id"]).user_id.ids)
