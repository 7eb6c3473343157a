from datetime import date, datetime, timedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

SOURCES = [
    ("query", "Traccar Client 8 and older, OsmAnd"),
    ("json", "Traccar Client 9"),
    ("form", "Traccar Client 10"),
    ("app", "Field app"),
]
MONTHS_AHEAD = 3
# Serialises the creation of a month; any constant that nobody else uses.
PARTITION_LOCK = 7_419_001

_COLUMNS = (
    ("ts", "bigint"),
    ("lat", "float8"),
    ("lng", "float8"),
    ("accuracy", "float4"),
    ("altitude", "float4"),
    ("speed", "float4"),
    ("course", "float4"),
    ("battery", "float4"),
    ("charging", "bool"),
    ("mock", "bool"),
    ("activity", "varchar"),
    ("event", "varchar"),
)


class FieldPosition(models.Model):
    """Raw fixes as they came, units normalised; never changed, dropped by the month.

    The table is partitioned by month and keyed by (device, second): no surrogate id, no audit
    columns. ``_table_query`` gives the ORM an id made of both, so that views, rules and exports
    work, and keeps the registry from looking for an ordinary table.
    """

    _name = "field.position"
    _description = "Raw position"
    _auto = False
    _log_access = False
    _order = "ts desc, device_id"
    _table_query = """
        SELECT (device_id::bigint << 32) | extract(epoch FROM ts)::bigint AS id,
               device_id, user_id, company_id, ts, lat, lng, accuracy, altitude, speed, course,
               battery, charging, mock, activity, event, source, received_at
          FROM field_position"""

    device_id = fields.Many2one("field.device", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    ts = fields.Datetime("Time", readonly=True)
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True)
    accuracy = fields.Float("Accuracy (m)", digits=(8, 1), readonly=True)
    altitude = fields.Float("Altitude (m)", digits=(8, 1), readonly=True)
    speed = fields.Float("Speed (m/s)", digits=(6, 2), readonly=True)
    course = fields.Float("Course (°)", digits=(5, 1), readonly=True)
    battery = fields.Float(digits=(4, 3), readonly=True, aggregator="avg")
    charging = fields.Boolean(readonly=True)
    mock = fields.Boolean("Mock location", readonly=True)
    activity = fields.Char(readonly=True)
    event = fields.Char(readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    received_at = fields.Datetime("Received", readonly=True)

    def init(self):
        """Create the parent table and the months around now; runs on every upgrade."""
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS field_position (
                device_id integer NOT NULL,
                user_id integer NOT NULL,
                ts timestamp NOT NULL,
                received_at timestamp NOT NULL,
                lat float8 NOT NULL,
                lng float8 NOT NULL,
                company_id integer NOT NULL,
                accuracy float4,
                altitude float4,
                speed float4,
                course float4,
                battery float4,
                charging boolean,
                mock boolean,
                activity varchar,
                event varchar,
                source varchar,
                PRIMARY KEY (device_id, ts)
            ) PARTITION BY RANGE (ts)"""
        )
        self._ensure_months_ahead()

    def _as_query(self, ordered=True):
        """Look records up through the primary key; the composed id has no index."""
        query = super()._as_query(ordered)
        if self.ids:
            device = SQL.identifier(self._table, "device_id")
            moment = SQL.identifier(self._table, "ts")
            low, high = min(i & 0xFFFFFFFF for i in self.ids), max(i & 0xFFFFFFFF for i in self.ids)
            query.add_where(SQL("%s IN %s", device, tuple({i >> 32 for i in self.ids})))
            query.add_where(
                SQL(
                    "%s BETWEEN %s AND %s",
                    moment,
                    _moment(low),
                    _moment(high),
                )
            )
        return query

    # --- months --------------------------------------------------------------------------------
    @api.model
    @tools.ormcache()
    def _existing_months(self):
        """First days of the months that have a partition (cached in every worker)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname FROM pg_inherits i
                     JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = 'field_position'::regclass"""
            )
        )
        return frozenset(
            date(int(name[-7:-3]), int(name[-2:]), 1)
            for (name,) in rows
            if name.startswith("field_position_2")
        )

    @api.model
    def _ensure_months_ahead(self, ahead=MONTHS_AHEAD):
        today = fields.Date.today()
        self._ensure_months(_month(today.replace(day=1), offset) for offset in range(-1, ahead + 1))

    @api.model
    def _ensure_months(self, months):
        """Create what is missing of these months (first days).

        The new table is filled in beside and attached, because CREATE … PARTITION OF would lock
        the parent against everybody who is storing positions at that moment.
        """
        missing = sorted(set(months) - self._existing_months())
        if not missing:
            return
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITION_LOCK])
        self.env.registry.clear_cache()
        for month in sorted(set(missing) - self._existing_months()):
            name = SQL.identifier(f"field_position_{month:%Y_%m}")
            after = _month(month, 1)
            cr.execute(SQL("CREATE TABLE %s (LIKE field_position INCLUDING ALL)", name))
            cr.execute(
                SQL(
                    "ALTER TABLE field_position ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)",
                    name,
                    str(month),
                    str(after),
                )
            )
        self.env.registry.clear_cache()

    @api.model
    def _cron_months_ahead(self):
        """Daily: the partition of a month is there long before its first position."""
        self._ensure_months_ahead()

    # --- writing -------------------------------------------------------------------------------
    @api.model
    def _store(self, device, fixes, source):
        """Store fixes of one device and mark the days they belong to for a rebuild.

        One statement also moves the person's last position (only forward) and leaves the mark.
        A second one runs only if some fixes met an already stored second: of two different fixes
        of the same second the more accurate one wins, whichever came first, so that the day does
        not depend on the order of arrival.

        :param device: field.device (one)
        :param fixes: list of tools.parse.Fix, any order
        :returns: number of new rows
        """
        if not fixes:
            return 0
        self._ensure_months({_month_of(fix.ts) for fix in fixes})
        now = fields.Datetime.now()
        values = SQL(
            "SELECT DISTINCT ON (ts) * FROM unnest(%s) AS new (%s)"
            " ORDER BY ts, accuracy, lat, lng, speed, course",
            SQL(", ").join(_array_literal(fixes, name, kind) for name, kind in _COLUMNS),
            SQL(", ").join(SQL.identifier(name) for name, _kind in _COLUMNS),
        )
        owner = (device.id, device.user_id.id, device.company_id.id, now, source)
        self.env.cr.execute(SQL(_INSERT, *self._insert_params(values, owner)))
        [(seconds, added)] = self.env.cr.fetchall()
        if added < seconds:
            self._improve(device, fixes, values, now)
        return added

    @api.model
    def _insert_params(self, values, owner):
        device_id, user_id, company_id, now, source = owner
        return (
            values,
            *(device_id, user_id, company_id, now, source),
            *(user_id, company_id, now),
            *(user_id, company_id, device_id, now),
        )

    @api.model
    def _improve(self, device, fixes, values, now):
        low, high = min(fix.ts for fix in fixes), max(fix.ts for fix in fixes)
        self.env.cr.execute(
            SQL(
                _IMPROVE,
                values,
                device.id,
                _moment(low),
                _moment(high),
                *(device.user_id.id, device.company_id.id, now),
            )
        )


# Never wait longer for a lock than the phone waits for its answer; in one round trip.
_INSERT = """
    SET LOCAL lock_timeout = '3s';
    WITH new AS (%s),
    added AS (
        INSERT INTO field_position (device_id, user_id, company_id, received_at, source, ts,
               lat, lng, accuracy, altitude, speed, course, battery, charging, mock, activity,
               event)
        SELECT %s, %s, %s, %s, %s, to_timestamp(ts) AT TIME ZONE 'UTC',
               lat, lng, accuracy, altitude, speed, course, battery, charging, mock, activity, event
          FROM new
        ON CONFLICT DO NOTHING
        RETURNING ts),
    mark AS (
        INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
        SELECT %s, %s, %s, min(ts), max(ts) FROM added HAVING count(*) > 0),
    last AS (
        INSERT INTO field_position_last AS l (user_id, company_id, device_id, received_at,
               ts, lat, lng, accuracy, speed, course, battery, charging, activity)
        SELECT %s, %s, %s, %s, to_timestamp(ts) AT TIME ZONE 'UTC',
               lat, lng, accuracy, speed, course, battery, charging, activity
          FROM new ORDER BY new.ts DESC LIMIT 1
        ON CONFLICT (user_id) DO UPDATE
           SET (company_id, device_id, received_at, ts, lat, lng, accuracy, speed, course,
                battery, charging, activity)
             = (excluded.company_id, excluded.device_id, excluded.received_at, excluded.ts,
                excluded.lat, excluded.lng, excluded.accuracy, excluded.speed, excluded.course,
                excluded.battery, excluded.charging, excluded.activity)
         WHERE excluded.ts > l.ts)
    SELECT (SELECT count(*) FROM new), (SELECT count(*) FROM added)
"""

_IMPROVE = """
    WITH new AS (%s),
    better AS (
        UPDATE field_position p
           SET lat = n.lat, lng = n.lng, accuracy = n.accuracy, altitude = n.altitude,
               speed = n.speed, course = n.course
          FROM new n
         WHERE p.device_id = %s AND p.ts = to_timestamp(n.ts) AT TIME ZONE 'UTC'
           AND p.ts BETWEEN %s AND %s
           AND (COALESCE(n.accuracy, 'inf'), n.lat, n.lng,
                COALESCE(n.speed, 'inf'), COALESCE(n.course, 'inf'))
             < (COALESCE(p.accuracy, 'inf'), p.lat, p.lng,
                COALESCE(p.speed, 'inf'), COALESCE(p.course, 'inf'))
        RETURNING p.ts)
    INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
    SELECT %s, %s, %s, min(ts), max(ts) FROM better HAVING count(*) > 0
"""


def _month(first, offset):
    """The first day of the month ``offset`` months later."""
    number = first.year * 12 + first.month - 1 + offset
    return date(number // 12, number % 12 + 1, 1)


def _moment(ts):
    """Naive UTC of seconds since 1970."""
    return datetime(1970, 1, 1) + timedelta(seconds=ts)


def _month_of(ts):
    return _moment(ts).date().replace(day=1)


def _array_literal(fixes, name, kind):
    """One column as a text array: a third of the cost of psycopg2's ARRAY[…] expressions."""
    attribute = "lon" if name == "lng" else name
    items = (getattr(fix, attribute) for fix in fixes)
    text = "{" + ",".join(_array_item(item) for item in items) + "}"
    # nosemgrep: field-sql-from-text (`kind` is a type name written in this file)
    return SQL(f"%s::{kind}[]", text)  # pylint: disable=sql-injection


def _array_item(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
