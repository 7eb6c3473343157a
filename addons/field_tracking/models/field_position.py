import io
from datetime import date, datetime, timedelta
from operator import attrgetter

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools import copy_rows

SOURCES = [
    ("query", "Traccar Client 8 and older, OsmAnd"),
    ("json", "Traccar Client 9"),
    ("form", "Traccar Client 10"),
    ("app", "Field app"),
    ("owntracks", "OwnTracks"),
    ("overland", "Overland"),
    ("forward", "Traccar server"),
    ("import", "Import"),
]
NETWORKS = [("w", "Wi-Fi"), ("m", "Mobile data"), ("o", "Offline")]
MONTHS_AHEAD = 3
DAY_S = 86400
#: A batch of so many is copied as if all of it were new, which takes half the time; when it is not,
#: it is stored once more with an eye on what is there.
BATCH = 50
#: Words that every row would repeat; others are stored as they are. ``_table_query`` reads them.
ACTIVITY_CODES = {
    "still": "=s",
    "on_foot": "=f",
    "walking": "=w",
    "running": "=r",
    "on_bicycle": "=b",
    "in_vehicle": "=v",
    "unknown": "=u",
}
#: Places are stored in so many parts of a degree (1 cm).
DEGREE = 10_000_000
# Serialises the creation of a month; any constant that nobody else uses.
PARTITION_LOCK = 7_419_001

_COLUMNS = (
    ("ts", "bigint"),
    ("lat", "int4"),
    ("lng", "int4"),
    ("accuracy", "float4"),
    ("altitude", "float4"),
    ("speed", "float4"),
    ("course", "float4"),
    ("battery", "float4"),
    ("charging", "bool"),
    ("mock", "bool"),
    ("activity", "varchar"),
    ("event", "varchar"),
    ("network", "varchar"),
)


class FieldPosition(models.Model):
    """Raw fixes as they came, units normalised; never changed, dropped by the month.

    The table is partitioned by month and keyed by (device, second): no surrogate id, no audit
    columns. Places are kept as whole numbers of 1e-7 degrees, which is as exact as they come, and
    the moment of arrival as seconds after the position's own: a year of a company is gigabytes.
    ``_table_query`` gives the ORM an id made of both, so that views, rules and exports work, and
    keeps the registry from looking for an ordinary table.
    """

    _name = "field.position"
    _description = "Raw position"
    _inherit = ["field.access.mixin"]
    _auto = False
    _log_access = False
    _order = "ts desc, device_id"
    _table_query = """
        SELECT (device_id::bigint << 32) | extract(epoch FROM ts)::bigint AS id,
               device_id, user_id, company_id, ts, lat / 1e7::float8 AS lat,
               lng / 1e7::float8 AS lng, accuracy, altitude, speed, course, battery, charging,
               mock, CASE activity WHEN '=s' THEN 'still' WHEN '=f' THEN 'on_foot'
                   WHEN '=w' THEN 'walking' WHEN '=r' THEN 'running' WHEN '=b' THEN 'on_bicycle'
                   WHEN '=v' THEN 'in_vehicle' WHEN '=u' THEN 'unknown' ELSE activity
               END AS activity,
               event, network, source, ts + lag_s * interval '1 s' AS received_at
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
    network = fields.Selection(NETWORKS, readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    received_at = fields.Datetime("Received", readonly=True)

    def init(self):
        """Create the parent table and the months around now; runs on every upgrade."""
        cr = self.env.cr
        if tools.sql.column_exists(cr, self._table, "received_at"):
            cr.execute(_TO_WHOLE_NUMBERS)
        # Wide columns first: nothing is lost to alignment.
        cr.execute(
            """
            CREATE TABLE IF NOT EXISTS field_position (
                ts timestamp NOT NULL,
                device_id integer NOT NULL,
                user_id integer NOT NULL,
                company_id integer NOT NULL,
                lat integer NOT NULL,
                lng integer NOT NULL,
                lag_s integer NOT NULL,
                accuracy float4,
                altitude float4,
                speed float4,
                course float4,
                battery float4,
                charging boolean,
                mock boolean,
                network varchar,
                source varchar,
                activity varchar,
                event varchar,
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

    def _log_opening(self):
        """Thousands of positions are one opening of the person's track."""
        self.env["field.access.log"]._log(self.sudo().user_id, "track")

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
        moments = {fix.ts for fix in fixes}
        self._ensure_months({_month_of(day * DAY_S) for day in {ts // DAY_S for ts in moments}})
        now = fields.Datetime.now()
        params = self._insert_params(device, fixes, max(moments), now)
        is_plain = len(moments) == len(fixes)
        if is_plain and len(fixes) >= BATCH and self._copy(fixes, moments, params, source):
            return len(fixes)
        values = _as_rows(fixes)
        if not is_plain:
            values = SQL(
                "SELECT DISTINCT ON (ts) * FROM (%s) AS new"
                " ORDER BY ts, accuracy, lat, lng, speed, course",
                values,
            )
        self.env.cr.execute(SQL(_INSERT, **params, epoch=_epoch(now), source=source, values=values))
        [(added,)] = self.env.cr.fetchall()
        if added < len(moments):
            self._improve(device, fixes, values, now)
        return added

    @api.model
    def _copy(self, fixes, moments, params, source):
        """Whether all of these were new, and are stored now; else nothing is done."""
        same = {f"{name}_id": params[name] for name in ("device", "user", "company")}
        epoch = _epoch(params["now"])
        rows = copy_rows.pack(fixes, {**same, "source": source}, epoch, ACTIVITY_CODES)
        if rows is None:
            return False
        cr = self.env.cr
        # A savepoint by hand: its statements travel with ours.
        cr.execute("SET LOCAL lock_timeout = '3s'; SAVEPOINT field_batch")
        try:
            cr.copy_expert(_COPY, io.BytesIO(rows))
        except UniqueViolation:  # phones send again what they were not thanked for
            cr.execute("ROLLBACK TO SAVEPOINT field_batch")
            return False
        low, high = _moment(min(moments)), _moment(max(moments))
        cr.execute(SQL(_BATCH, **params, low=low, high=high))
        return True

    @api.model
    def _insert_params(self, device, fixes, newest, now):
        last = min([fix for fix in fixes if fix.ts == newest], key=_preference)
        owner = {"user": device.user_id.id, "company": device.company_id.id}
        values = (
            *(owner["user"], owner["company"], device.id, now),
            *(_moment(last.ts), last.lat, last.lon, last.accuracy, last.speed),
            *(last.course, last.battery, last.charging, last.activity),
        )
        upsert = SQL(_LAST, SQL(", ").join(SQL("%s", value) for value in values))
        return {**owner, "device": device.id, "now": now, "upsert": upsert}

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


_COPY = f"COPY field_position ({', '.join(copy_rows.COLUMNS)}) FROM STDIN (FORMAT binary)"
_LAST = """
    INSERT INTO field_position_last AS l (user_id, company_id, device_id, received_at,
           ts, lat, lng, accuracy, speed, course, battery, charging, activity)
    VALUES (%s)
    ON CONFLICT (user_id) DO UPDATE
       SET (company_id, device_id, received_at, ts, lat, lng, accuracy, speed, course,
            battery, charging, activity)
         = (excluded.company_id, excluded.device_id, excluded.received_at, excluded.ts,
            excluded.lat, excluded.lng, excluded.accuracy, excluded.speed, excluded.course,
            excluded.battery, excluded.charging, excluded.activity)
     WHERE excluded.ts > l.ts
"""
# Never wait longer for a lock than the phone waits for its answer; in one round trip.
_INSERT = """
    SET LOCAL lock_timeout = '3s';
    WITH added AS (
        INSERT INTO field_position (device_id, user_id, company_id, lag_s, source, ts,
               lat, lng, accuracy, altitude, speed, course, battery, charging, mock, activity,
               event, network)
        SELECT %(device)s, %(user)s, %(company)s, %(epoch)s - ts, %(source)s,
               to_timestamp(ts) AT TIME ZONE 'UTC', lat, lng, accuracy, altitude, speed, course,
               battery, charging, mock, activity, event, network
          FROM (%(values)s) AS new
        ON CONFLICT DO NOTHING
        RETURNING ts),
    mark AS (
        INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
        SELECT %(user)s, %(company)s, %(now)s, min(ts), max(ts) FROM added HAVING count(*) > 0),
    last AS (%(upsert)s)
    SELECT count(*) FROM added
"""
# The same behind a batch that was copied.
_BATCH = """
    RELEASE SAVEPOINT field_batch;
    WITH mark AS (
        INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
        VALUES (%(user)s, %(company)s, %(now)s, %(low)s, %(high)s))
    %(upsert)s
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


def _preference(fix):
    """Of two fixes of one second: as the database orders them, see :meth:`_store`."""
    values = (fix.accuracy, fix.speed, fix.course)
    accuracy, speed, course = ((value is None, value or 0) for value in values)
    return accuracy, fix.lat, fix.lon, speed, course


def _epoch(moment):
    return round((moment - datetime(1970, 1, 1)).total_seconds())


def _as_rows(fixes):
    """A SELECT of these fixes, columns as in :data:`_COLUMNS`.

    What all of them say alike, such as the network of a batch, is sent once instead of as an array.
    """
    arrays, names, columns = [], [], []
    for name, kind in _COLUMNS:
        said = () if name in ("ts", "lat", "lng") else set(map(attrgetter(name), fixes))
        if len(said) == 1:
            value = said.pop()
            value = ACTIVITY_CODES.get(value, value) if name == "activity" else value
            # nosemgrep: field-sql-from-text (both are names written in this file)
            columns.append(SQL(f"%s::{kind} AS {name}", value))  # pylint: disable=sql-injection
            continue
        arrays.append(_array_literal(fixes, name, kind))
        names.append(SQL.identifier(name))
        columns.append(names[-1])
    comma = SQL(", ")
    return SQL(
        "SELECT %s FROM unnest(%s) AS new (%s)",
        *(comma.join(columns), comma.join(arrays), comma.join(names)),
    )


def _array_literal(fixes, name, kind):
    """One column as a text array: a third of the cost of psycopg2's ARRAY[…] expressions."""
    text = "{" + _array_items(name, kind, fixes) + "}"
    # nosemgrep: field-sql-from-text (`kind` is a type name written in this file)
    return SQL(f"%s::{kind}[]", text)  # pylint: disable=sql-injection


def _array_items(name, kind, fixes):
    if kind == "int4":
        degrees = attrgetter("lon" if name == "lng" else name)
        return ",".join([str(round(degrees(fix) * DEGREE)) for fix in fixes])
    values = list(map(attrgetter(name), fixes))
    if kind == "varchar":
        codes = ACTIVITY_CODES if name == "activity" else {}
        words = {value: _quoted(codes.get(value, value)) for value in set(values)}
        return ",".join([words[value] for value in values])
    # Python writes numbers and truth values as PostgreSQL reads them
    return str(values)[1:-1].replace("None", "NULL")


def _quoted(word):
    if word is None:
        return "NULL"
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# The table of an earlier build.
_TO_WHOLE_NUMBERS = """
    ALTER TABLE field_position ADD COLUMN lag_s integer;
    UPDATE field_position SET lag_s = extract(epoch FROM received_at - ts);
    ALTER TABLE field_position ALTER COLUMN lag_s SET NOT NULL;
    ALTER TABLE field_position
          DROP COLUMN received_at,
          ALTER COLUMN lat TYPE integer USING round(lat * 1e7)::int,
          ALTER COLUMN lng TYPE integer USING round(lng * 1e7)::int
"""
