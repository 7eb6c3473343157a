from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: Nobody is alarmed about what is older: late data moves the times, not the people.
FRESH = timedelta(minutes=30)
KINDS = [("enter", "Came"), ("leave", "Left")]


class FieldZone(models.Model):
    _inherit = "field.zone"

    alert_on = fields.Selection(
        [
            ("none", "Nothing"),
            ("leave", "Somebody leaves"),
            ("enter", "Somebody comes"),
            ("both", "Somebody comes or leaves"),
        ],
        "Tell at once when",
        required=True,
        default="none",
        help="In the watched hours the person responsible gets a message as soon as the positions "
        "tell.",
    )

    def _alerts_on(self, kind):
        return self.alert_on in (kind, "both")


class FieldZoneAlert(models.Model):
    """Somebody came to a zone or left it, in the hours it is watched; told at once."""

    _name = "field.zone.alert"
    _description = "Zone alert"
    _inherit = ["field.scope.mixin", "field.access.mixin"]
    _order = "at desc, id desc"
    _log_access = False

    user_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(readonly=True)
    zone_id = fields.Many2one(
        "field.zone", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True, index=True)
    noticed_at = fields.Datetime("Told", readonly=True, help="Empty: it came to light too late.")
    seen_by_id = fields.Many2one("res.users", "Dealt with by", readonly=True, ondelete="set null")
    seen_at = fields.Datetime("Dealt with", readonly=True)

    _once = models.Constraint(
        "UNIQUE(user_id, zone_id, kind, at)", "An arrival or departure is told once."
    )

    @api.depends("user_id", "zone_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = alert._sentence()

    def _sentence(self):
        self.ensure_one()
        values = {"name": self.user_id.sudo().name, "zone": self.zone_id.sudo().name}
        if self.kind == "enter":
            return self.env._("%(name)s has come to %(zone)s", **values)
        return self.env._("%(name)s has left %(zone)s", **values)

    def action_seen(self):
        """Somebody has dealt with it."""
        self.check_access("read")
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Your team leader deals with this."))
        self.sudo().filtered(lambda alert: not alert.seen_at).write(
            {"seen_by_id": self.env.uid, "seen_at": fields.Datetime.now()}
        )
        return True

    def _tell(self):
        """A message that stays and, if the person is at the screen, one that pops up."""
        for alert in self:
            responsible = alert.zone_id.responsible_id
            told = alert.with_context(lang=responsible.lang)
            if not responsible or not told.with_user(responsible).has_access("read"):
                continue
            text = told._sentence()
            self.env["field.notice"]._notify(
                "zone_alert", responsible, text, text, record=alert, urgent=True
            )
            responsible._bus_send(
                "simple_notification", {"title": text, "message": "", "type": "warning"}
            )
            alert.noticed_at = fields.Datetime.now()


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    def _rebuild(self):
        """Comings and goings of the day so far are told as soon as the day knows them."""
        result = super()._rebuild()
        recent = fields.Date.today() - timedelta(days=1)
        for day in self.sudo():
            if day.date >= recent:
                day._alert_zones()
        return result

    def _alert_zones(self):
        """One alert for each arrival and departure; what late data moves is no second one."""
        Alert = self.env["field.zone.alert"]
        moments = list(self._get_zone_moments())
        if not moments:
            return Alert
        start, end = self._bounds()
        known = Alert.search(
            [("user_id", "=", self.user_id.id), ("at", ">=", start), ("at", "<", end)]
        )
        new = Alert.create(
            [
                {
                    "user_id": self.user_id.id,
                    "company_id": self.company_id.id,
                    "zone_id": zone.id,
                    "kind": kind,
                    "at": at,
                }
                for zone, kind, at in moments
                if not known.filtered(
                    lambda a, z=zone, k=kind, t=at: (
                        a.zone_id == z and a.kind == k and abs(a.at - t) < timedelta(minutes=5)
                    )
                )
            ]
        )
        new.filtered(lambda alert: alert.at >= fields.Datetime.now() - FRESH)._tell()
        return new

    def _get_zone_moments(self):
        """``(zone, kind, moment)`` of what the zones want to know, in their watched hours."""
        start, end = self._bounds()
        for presence in self.presence_ids:
            zone = presence.zone_id
            if not zone or presence.is_passing:
                continue
            watched = zone._get_watched_times(start, end, self.tz)
            came = ("enter", presence.start) if presence.start_after else None
            left = ("leave", presence.end) if presence.end_before else None
            for kind, at in filter(None, (came, left)):
                if zone._alerts_on(kind) and any(low <= at <= high for low, high in watched):
                    yield zone, kind, at


class FieldPositionLast(models.Model):
    _inherit = "field.position.last"

    @api.model
    def _prepare_needs(self):
        recent = fields.Datetime.now() - timedelta(days=1)
        domain = [("seen_at", "=", False), ("at", ">=", fields.Datetime.to_string(recent))]
        return [
            self._prepare_need("zones", "field.zone.alert", domain),
            *super()._prepare_needs(),
        ]
