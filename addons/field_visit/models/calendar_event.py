from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError


class CalendarEvent(models.Model):
    """An appointment at a customer is a visit with a fixed time, and the other way round."""

    _inherit = "calendar.event"

    field_partner_id = fields.Many2one(
        "res.partner",
        "Visit at",
        index="btree_not_null",
        help="The customer to be visited: the appointment stands in the visit plan too.",
    )
    field_visit_ids = fields.One2many("field.visit", "event_id", "Visits")

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not self.env.context.get("field_visit_event"):
            events.filtered("field_partner_id")._field_make_visits()
        return events

    def write(self, vals):
        result = super().write(vals)
        if self.env.context.get("field_visit_event"):
            return result
        if "field_partner_id" in vals:
            self._field_follow()
        elif {"start", "stop", "user_id", "active"} & vals.keys():
            # ordinary appointments cost nothing
            self.filtered("field_partner_id")._field_follow()
        return result

    def _field_make_visits(self):
        """Visits of events that have none yet, for who has the appointment."""
        Visit = self.env["field.visit"]
        for event in self.filtered(lambda e: e.user_id and not e.field_visit_ids and not e.allday):
            values = event._field_prepare_visit()
            Visit.sudo().with_context(field_visit_event=True)._with_planner().create(values)

    def _field_prepare_visit(self):
        self.ensure_one()
        return {
            "partner_id": self.field_partner_id.id,
            "user_id": self.user_id.id,
            "source": "appointment",
            "event_id": self.id,
            "company_id": self.user_id.sudo().company_id.id,
            **self._field_prepare_time(),
        }

    def _field_prepare_time(self):
        zone = ZoneInfo(self.user_id._field_tz())
        local = self.start.replace(tzinfo=timezone.utc).astimezone(zone)
        return {
            "plan_date": local.date(),
            "plan_time": local.hour + local.minute / 60,
            "plan_minutes": round((self.stop - self.start).total_seconds() / 60),
        }

    def _field_follow(self):
        """Carry a change of the appointment to its visit."""
        for event in self:
            visits = event.sudo().field_visit_ids.filtered(lambda v: v.state == "planned")
            quiet = visits.with_context(field_visit_event=True)._with_planner()
            if not event.active or not event.field_partner_id:
                quiet.unlink()
            elif visits:
                quiet.write(
                    {
                        **event._field_prepare_time(),
                        "partner_id": event.field_partner_id.id,
                        "user_id": event.user_id.id or visits.user_id[:1].id,
                    }
                )
            else:
                event._field_make_visits()

    @api.ondelete(at_uninstall=False)
    def _unlink_field_visits(self):
        """A deleted appointment takes its planned visit along."""
        if self.env.context.get("field_visit_event"):
            return
        visits = self.filtered("field_partner_id").sudo().field_visit_ids
        visits.filtered(lambda v: v.state == "planned").with_context(
            field_visit_event=True
        ).unlink()

    def action_field_open_visit(self):
        """Open the visit of the appointment."""
        self.ensure_one()
        visit = self.field_visit_ids[:1]
        if not visit:
            raise UserError(self.env._("This appointment is no visit."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "field.visit",
            "res_id": visit.id,
            "views": [(False, "form")],
        }
