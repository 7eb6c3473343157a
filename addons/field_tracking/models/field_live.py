"""Round the live map: plans, what needs somebody, the pulse that tells screens to look again."""

from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

CHANNEL = "field_tracking_live_%s"
#: Screens are told at most this often that something moved.
PULSE_S = 15
LOW_BATTERY = 0.2


class FieldPositionLast(models.Model):
    _inherit = "field.position.last"

    @api.model
    def get_live_context(self):
        """What the live map shows beside the people.

        :returns: dict of ``plans`` (``{user_id: {done, planned, now, next, is_on_way}}``,
            empty without visits), ``needs`` (list of ``{key, count, model?, domain?, user_ids?}``),
            ``zones`` and ``channel`` (of the bus)
        """
        return {
            "plans": self._get_plans(),
            "needs": self._get_needs(),
            "zones": self._get_live_zones(),
            "channel": CHANNEL % self.env.company.id,
        }

    # --- plans ---------------------------------------------------------------------------------

    @api.model
    def _get_plans(self):
        """Progress of each person's visits of today; soft look-up of field_visit."""
        if "field.visit" not in self.env:
            return {}
        Visit = self.env["field.visit"]
        if not Visit.has_access("read"):
            return {}
        today = fields.Date.context_today(self)
        domain = Domain("plan_date", "=", today) & Domain("state", "!=", "cancelled")
        visits = Visit.search_fetch(
            domain,
            ["user_id", "state", "partner_id", "plan_time", "on_way_at"],
            order="on_way_at, plan_time, id",
        )
        return {
            user.id: self._describe_plan(own) for user, own in visits.grouped("user_id").items()
        }

    @api.model
    def _describe_plan(self, visits):
        by_state = visits.grouped("state")
        none = visits.browse()
        now, ahead = by_state.get("in_progress", none)[:1], by_state.get("planned", none)[:1]
        return {
            "planned": len(visits),
            "done": len(by_state.get("done", none)),
            "now": now.partner_id.display_name or False,
            "next": ahead.partner_id.display_name or False,
            "is_on_way": bool(ahead.on_way_at),
        }

    # --- what needs somebody -------------------------------------------------------------------

    @api.model
    def _get_needs(self):
        """Hook: what waits for the leader, most urgent first; modules add theirs."""
        return [need for need in self._prepare_needs() if need["count"]]

    @api.model
    def _prepare_needs(self):
        silent = self._find_people_on_duty(silent=True)
        weak = self._find_people_on_duty(silent=False)
        needs = [
            {"key": "silent", "count": len(silent), "user_ids": silent},
            {"key": "battery", "count": len(weak), "user_ids": weak},
            self._prepare_need("questions", "field.flag", self._get_questions_domain()),
        ]
        if "field.visit" in self.env and self.env["field.visit"].has_access("read"):
            today = fields.Date.context_today(self)
            outside = Domain("plan_date", "=", today) & Domain("check_in_verdict", "=", "outside")
            needs.append(self._prepare_need("outside", "field.visit", outside))
        if self.env["field.pin.proposal"].has_access("read"):
            waiting = Domain("state", "=", "open")
            needs.append(self._prepare_need("pins", "field.pin.proposal", waiting))
        return needs

    @api.model
    def _prepare_need(self, key, model, domain):
        count = self.env[model].search_count(domain)
        return {"key": key, "count": count, "model": model, "domain": list(domain)}

    @api.model
    def _get_questions_domain(self):
        return Domain("state", "in", ("asked", "explained")) & Domain("user_id", "!=", self.env.uid)

    @api.model
    def _find_people_on_duty(self, silent):
        """People with an open workday whose phone is silent, or still heard but nearly empty."""
        now = fields.Datetime.now()
        heard = SQL(
            "GREATEST(COALESCE(d.last_contact, l.ts), l.ts) %s %s",
            SQL("<" if silent else ">="),
            now - timedelta(minutes=30),
        )
        weak = SQL("l.battery > 0 AND l.battery <= %s AND l.charging IS NOT TRUE", LOW_BATTERY)
        query = self._search([])
        rows = self.env.execute_query(
            SQL(
                """SELECT l.user_id FROM field_position_last l
                     JOIN field_workday w ON w.user_id = l.user_id AND w.state = 'open'
                     LEFT JOIN field_device d ON d.id = l.device_id
                    WHERE l.id IN %s AND %s AND %s""",
                query.subselect(),
                heard,
                SQL("TRUE") if silent else weak,
            )
        )
        return sorted({row[0] for row in rows})

    # --- zones ---------------------------------------------------------------------------------

    @api.model
    def _get_live_zones(self):
        Zone = self.env["field.zone"]
        if not Zone.has_access("read"):
            return []
        return [
            {
                "id": zone.id,
                "name": zone.name,
                "lat": zone.lat,
                "lng": zone.lng,
                "radius": zone.radius if zone.shape == "circle" else 0,
                "corners": zone.corners if zone.shape == "polygon" else False,
            }
            for zone in Zone.search([], limit=500)
        ]

    # --- pulse ---------------------------------------------------------------------------------

    @api.model
    def _pulse(self, company_id):
        """Tell the open live maps of a company that there is something new; they come and ask.

        Nobody's place is in the message: who sees whom is decided when a map asks.
        """
        self._pulse_once(company_id, int(fields.Datetime.now().timestamp()) // PULSE_S)

    @tools.ormcache("company_id", "_moment")
    def _pulse_once(self, company_id, _moment):
        """Once per worker and moment, whoever sends positions; a pulse that a rolled-back request
        took with it is made up for by the map's own poll."""
        self.env["bus.bus"]._sendone(CHANNEL % company_id, "field_tracking.live", {})


class FieldPosition(models.Model):
    _inherit = "field.position"

    @api.model
    def _store(self, device, fixes, source):
        added = super()._store(device, fixes, source)
        if added:
            self.env["field.position.last"]._pulse(device.company_id.id)
        return added


class FieldAccessLog(models.Model):
    _inherit = "field.access.log"

    @api.model
    def _check_reason(self, subject_users, kind, reason):
        if self.env["field.policy"]._has_reason_to_give():
            super()._check_reason(subject_users, kind, reason)

    @api.model
    def _log_live(self, rows, reason):
        """Note the opening of all these last positions; the same hour's are known by one count."""
        viewer = self.env.user
        others = [row for row in rows if row["user_id"] != viewer.id]
        if viewer._is_superuser() or not others:
            return
        text = (reason or "").strip()[:500]
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        query = SQL(
            """SELECT count(*) FROM field_access_log
                WHERE viewer_id = %s AND hour = %s AND kind = 'live' AND reason = %s
                  AND res_model = 'field.position.last' AND res_id = ANY(%s)""",
            viewer.id,
            hour,
            text,
            [row["id"] for row in others],
        )
        [(known,)] = self.env.execute_query(query)
        if known == len(others):
            return
        last = self.env["field.position.last"].sudo().browse([row["id"] for row in others])
        self._log(last.user_id, "live", reason, last)


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        return super()._build_bus_channel_list(self._keep_allowed(channels))

    def _keep_allowed(self, channels):
        """The pulse of the live map is for those who have a live map."""
        prefix = CHANNEL % ""
        user = self.env.user
        allowed = user.has_groups(
            "field_base.field_base_group_leader,field_base.field_base_group_auditor"
        )
        own = {CHANNEL % company.id for company in user.company_ids} if allowed else set()
        return [
            channel
            for channel in channels
            if not (isinstance(channel, str) and channel.startswith(prefix)) or channel in own
        ]
