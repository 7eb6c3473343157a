from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: km/h is what people think in: above walking pace somebody is on the way.
MOVING_M_S = 5 / 3.6
FRESH = timedelta(minutes=10)
SILENT = timedelta(minutes=30)
#: Under a policy of working time, older positions are not on the live map.
OLDEST = timedelta(days=1)
#: More people than any map can show; the freshest come first.
MOST = 5000


class FieldPositionLast(models.Model):
    """Where each person was last: one small row for the live map, moved forward only."""

    _name = "field.position.last"
    _description = "Last position"
    _inherit = ["field.access.mixin"]
    _log_access = False
    _order = "ts desc"
    _rec_name = "user_id"

    _access_kind = "live"

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
    def get_live(self, reason=None):
        """What the live map shows: everybody the caller may see, with state and age.

        Each person shown can read that he was looked at, by whom and why.

        Age is counted by the server: a leader's computer clock must not make dots look fresh.

        :returns: list of dict(id, user_id, name, lat, lng, accuracy, state, age_s, contact_s,
            speed_kmh, course, battery, charging, day_id)
        :raises FieldRejected: ``reason_required`` by the policy of somebody on it
        """
        query = self._search([], limit=MOST)
        locked = [c.id for c in self.env.companies if self._has_lock(c)]
        if locked:
            shown = self.browse(query).sudo()._in_working_time()
            query = shown._as_query(ordered=False)
        rows = self._select_live(query)
        users = self.env["res.users"].browse([row["user_id"] for row in rows])
        Log = self.env["field.access.log"]
        Log._check_reason(users, "live", reason)
        Log._log_live(rows, reason)
        return rows

    @api.model
    def _has_lock(self, company):
        return self.env["field.policy"]._has_working_time_lock(company.id)

    @api.model
    def _select_live(self, query):
        """The rows of the query with all that is shown beside them, in one statement."""
        if query.is_empty():
            return []
        now = fields.Datetime.now()
        self.env["field.device"].flush_model(["last_contact"])
        self.env["field.workday"].flush_model(["user_id", "state"])
        self.env["field.track.day"].flush_model(["user_id", "date"])
        self.env["res.partner"].flush_model(["name"])
        table = SQL.identifier(query.table)
        query.add_join(
            "LEFT JOIN", "device", "field_device", SQL("device.id = %s.device_id", table)
        )
        query.add_join("JOIN", "person", "res_users", SQL("person.id = %s.user_id", table))
        query.add_join("JOIN", "partner", "res_partner", SQL("partner.id = person.partner_id"))
        columns = SQL(
            _LIVE_COLUMNS,
            since=(now - timedelta(days=1)).date(),
            last=SQL.identifier(query.table),
        )
        return [_live_row(row, now) for row in self.env.execute_query(query.select(columns))]

    def _in_working_time(self):
        """Without positions from outside working time, where the person's policy asks that; there
        old ones go as well: the day they are from is over."""
        shown = self.browse()
        recent = fields.Datetime.now() - OLDEST
        for company in self.company_id:
            rows = self.filtered(lambda row, company=company: row.company_id == company)
            Policy = self.env["field.policy"].with_company(company)
            if Policy._has_working_time_lock(company.id):
                rows = rows.filtered(lambda row: row.ts >= recent)
                asked = {row.user_id.id: [(row.ts, row.ts)] for row in rows}
                kept = Policy._is_working_time(rows.user_id, asked)
                rows = rows.filtered(lambda row, kept=kept: all(kept[row.user_id.id]))
            shown |= rows
        return self & shown


_LIVE_COLUMNS = """
    %(last)s.id, %(last)s.user_id, partner.name, %(last)s.lat::float8, %(last)s.lng::float8,
    %(last)s.accuracy::float8, %(last)s.speed::float8, %(last)s.course::float8,
    %(last)s.battery::float8, %(last)s.charging, %(last)s.ts, device.last_contact,
    EXISTS (SELECT FROM field_workday w WHERE w.user_id = %(last)s.user_id AND w.state = 'open'),
    (SELECT d.id FROM field_track_day d
      WHERE d.user_id = %(last)s.user_id AND d.date >= %(since)s ORDER BY d.date DESC LIMIT 1),
    %(last)s.company_id
"""


def _live_row(row, now):
    (id_, user_id, name, lat, lng, accuracy, speed, course) = row[:8]
    (battery, charging, ts, contact_at, on_duty, day_id, company_id) = row[8:]
    age = max((now - ts).total_seconds(), 0)
    contact = max((now - max(contact_at or ts, ts)).total_seconds(), 0)
    speed = speed or 0.0
    return {
        "id": id_,
        "user_id": user_id,
        "company_id": company_id,
        "name": name,
        "lat": lat,
        "lng": lng,
        "accuracy": round(accuracy or 0) or None,
        "state": _live_state(age, contact, speed, on_duty),
        "age_s": int(age),
        "contact_s": int(contact),
        "speed_kmh": round(speed * 3.6),
        "course": course or 0.0,
        "battery": round((battery or 0) * 100) or None,
        "charging": bool(charging),
        "day_id": day_id or False,
    }


def _live_state(age, contact, speed, on_duty):
    """moving · staying · silent · off (no open workday and nothing heard lately)"""
    if contact > SILENT.total_seconds():
        return "silent" if on_duty else "off"
    if age <= FRESH.total_seconds() and speed > MOVING_M_S:
        return "moving"
    return "staying"
