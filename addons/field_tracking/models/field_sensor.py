from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 400


class FieldSensor(models.Model):
    """A thing on the spot that measures: bound to a customer, told apart by its code."""

    _name = "field.sensor"
    _description = "Sensor"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    code = fields.Char(required=True, copy=False, help="What its messages call it.")
    device_id = fields.Many2one(
        "field.device",
        "Sender",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'sensor')]",
        help="Whose address its messages come in on; one sender may speak for many sensors.",
    )
    company_id = fields.Many2one(related="device_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, check_company=True
    )
    asset = fields.Char(help="What it watches: the freezer beside the till, No. 4711.")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        check_company=True,
        help="Gets the task when a limit is passed.",
    )
    limit_ids = fields.One2many("field.sensor.limit", "sensor_id", "Limits", copy=True)
    value_ids = fields.One2many("field.sensor.value", "sensor_id", "Values")
    last_at = fields.Datetime("Last value at", readonly=True, copy=False)
    is_alarm = fields.Boolean("Alarm", compute="_compute_is_alarm", search="_search_is_alarm")

    _code_uniq = models.Constraint(
        "UNIQUE(device_id, code)", "This sender already has a sensor with this code."
    )

    @api.depends("limit_ids.alarm_at")
    def _compute_is_alarm(self):
        for sensor in self:
            sensor.is_alarm = any(sensor.limit_ids.mapped("alarm_at"))

    def _search_is_alarm(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("limit_ids.alarm_at", "!=" if True in value else "=", False)]

    @api.model
    def _receive(self, device, readings):
        """Store what a sender said; the same reading again changes nothing.

        :param device: field.device of the kind sensor
        :param readings: list of tools.sensors.Reading
        :returns: codes nobody has registered here
        """
        codes = {reading.sensor for reading in readings}
        sensors = self.sudo().search([("device_id", "=", device.id), ("code", "in", list(codes))])
        by_code = {sensor.code: sensor for sensor in sensors}
        known = [reading for reading in readings if reading.sensor in by_code]
        if known:
            self._store(known, by_code)
            for sensor in sensors:
                sensor._judge([r for r in known if r.sensor == sensor.code])
        return sorted(codes - set(by_code))

    @api.model
    def _store(self, readings, by_code):
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, to_timestamp(%s) AT TIME ZONE 'UTC')",
                *(by_code[reading.sensor].id, reading.metric, reading.value, reading.ts),
            )
            for reading in readings
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO field_sensor_value (sensor_id, metric, value, ts) VALUES %s"
                " ON CONFLICT DO NOTHING",
                rows,
            )
        )

    def _judge(self, readings):
        """Compare new values with the limits, in the order of time; late ones are history."""
        self.ensure_one()
        last = self.last_at or datetime.min
        fresh = sorted((r for r in readings if _moment(r.ts) > last), key=lambda r: r.ts)
        for reading in fresh:
            limits = self.limit_ids.filtered(lambda limit, r=reading: limit.metric == r.metric)
            for limit in limits:
                limit._take(reading.value, _moment(reading.ts))
        if fresh:
            self.last_at = _moment(fresh[-1].ts)

    def action_values(self):
        """The values of these sensors as a curve."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_tracking.field_sensor_value_action"
        )
        return action | {"domain": [("sensor_id", "in", self.ids)]}


class FieldSensorLimit(models.Model):
    """Between what a metric should stay; passing it long enough makes a task."""

    _name = "field.sensor.limit"
    _description = "Limit of a sensor"
    _order = "sensor_id, metric, id"

    sensor_id = fields.Many2one("field.sensor", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sensor_id.company_id", store=True)
    metric = fields.Char(required=True, help="As in the messages: temperature, weight, door.")
    has_low = fields.Boolean("Not below")
    low = fields.Float("Lowest", digits=(16, 3))
    has_high = fields.Boolean("Not above")
    high = fields.Float("Highest", digits=(16, 3))
    minutes = fields.Integer(
        "For minutes", default=10, help="So long it must be out before a task is made."
    )
    summary = fields.Char("Task", translate=True, help="What is to be done then.")
    out_since = fields.Datetime("Out since", readonly=True, copy=False)
    alarm_at = fields.Datetime("Alarm at", readonly=True, copy=False)

    _minutes_range = models.Constraint(
        "CHECK(minutes BETWEEN 0 AND 10080)", "The time must be between 0 minutes and a week."
    )
    _one_side = models.Constraint(
        "CHECK((has_low OR has_high) AND NOT (has_low AND has_high AND low > high))",
        "Give a lowest or a highest value, the lowest below the highest.",
    )

    def _is_out(self, value):
        return (self.has_low and value < self.low) or (self.has_high and value > self.high)

    def _take(self, value, at):
        """One more value, in the order of time; the first one inside ends the alarm."""
        self.ensure_one()
        if not self._is_out(value):
            if self.out_since:
                self.write({"out_since": False, "alarm_at": False})
            return
        if not self.out_since:
            self.out_since = at
        if not self.alarm_at and at - self.out_since >= timedelta(minutes=self.minutes):
            self.alarm_at = at
            self._make_task(value, at)

    def _make_task(self, value, at):
        """A to-do on the customer, for the responsible, one for each alarm."""
        sensor = self.sensor_id
        summary = self.summary or self.env._("Look after %(sensor)s", sensor=sensor.name)
        sensor.partner_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.today(),
            summary=summary,
            note=self.env._(
                "%(sensor)s %(asset)s: %(metric)s is %(value)s since %(since)s (UTC).",
                sensor=sensor.name,
                asset=sensor.asset or "",
                metric=self.metric,
                value=f"{value:g}",
                since=self.out_since,
            ),
            user_id=sensor.user_id.id,
        )


class FieldSensorValue(models.Model):
    """What a sensor measured; plain rows, no log of their own."""

    _name = "field.sensor.value"
    _description = "Value of a sensor"
    _order = "ts desc, id desc"
    _log_access = False
    _rec_name = "metric"

    sensor_id = fields.Many2one(
        "field.sensor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    metric = fields.Char(required=True, readonly=True)
    value = fields.Float(required=True, readonly=True, digits=(16, 3), aggregator="avg")
    ts = fields.Datetime("Time", required=True, readonly=True)

    _once = models.UniqueIndex("(sensor_id, metric, ts)")

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.sudo().search([("ts", "<", limit)], limit=10000)
        old.unlink()
        return len(old), len(old) == 10000


def _moment(ts):
    return datetime(1970, 1, 1) + timedelta(seconds=ts)
