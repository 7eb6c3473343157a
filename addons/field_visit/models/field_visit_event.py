"""Visits of lines and work packages, and visits with a fixed time in Odoo's calendar."""

from datetime import timedelta

from odoo import api, fields, models

_USUAL_MINUTES = 30
#: What an appointment in the calendar is made of.
APPOINTED = frozenset({"plan_date", "plan_time", "plan_minutes", "user_id", "partner_id"})


class FieldVisit(models.Model):
    _inherit = "field.visit"

    line_id = fields.Many2one(
        "field.line", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    line_day = fields.Date(readonly=True, copy=False)
    event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _line_uniq = models.UniqueIndex(
        "(line_id, partner_id, line_day) WHERE line_id IS NOT NULL",
        "The line has already planned this visit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._sync_events()
        return visits

    def write(self, vals):
        result = super().write(vals)
        # a check-in or check-out changes no appointment
        if APPOINTED & vals.keys() or vals.get("state") in ("planned", "cancelled", "missed"):
            self._sync_events()
        if "state" in vals:
            self.filtered(lambda visit: visit.source == "task")._refresh_works()
        return result

    def _refresh_works(self):
        """Work packages follow their visits. Not by a dependency: that would be looked up at each
        check-in, also of the many visits that are nobody's work package."""
        Work = self.env["field.task.work"].sudo()
        Work.search([("visit_id", "in", self.ids)]).modified(["visit_id"])

    def unlink(self):
        events = self._with_own_events()._get_events()
        result = super().unlink()
        events.unlink()
        return result

    def _get_events(self):
        """The appointments to follow, as who may; none while they are the ones that lead."""
        if self.env.context.get("field_visit_event"):
            return self.env["calendar.event"]
        return self.event_id.sudo().with_context(
            field_visit_event=True, dont_notify=True, no_mail_to_attendees=True
        )

    def _with_own_events(self):
        """Those whose appointment is their own making: nobody else's guests or words are in it."""
        return self.filtered(lambda visit: visit.source != "appointment")

    def _sync_events(self):
        """A fixed time stands in the person's calendar; without one, or called off, it does not.

        What was missed had that time all the same, and an appointment that somebody made in the
        calendar is his to call off.
        """
        if self.env.context.get("field_visit_event"):
            return
        concerned = self.filtered(lambda v: v.plan_time or v.event_id)
        live = concerned.filtered(
            lambda v: v.plan_time and v.state in ("planned", "in_progress", "done")
        )
        over = (concerned - live).filtered(lambda v: v.state != "missed")
        over._with_own_events()._get_events().unlink()
        (over - over._with_own_events())._tell_in_event()
        planned = live.filtered(lambda v: v.state == "planned")
        planned.filtered(lambda v: not v.event_id)._make_events()
        for visit in planned.filtered("event_id"):
            visit._follow_event()

    def _tell_in_event(self):
        """Who made the appointment reads in it that its visit no longer takes place then."""
        for visit in self:
            if visit.state == "cancelled":
                said = self.env._("The visit of this appointment was called off.")
            else:
                said = self.env._(
                    "The visit of this appointment is now planned for %(day)s, without a time.",
                    day=visit.plan_date,
                )
            for event in visit._get_events():
                event.message_post(body=said, partner_ids=event.user_id.partner_id.ids)

    def _prepare_event(self):
        self.ensure_one()
        start = self._get_plan_start()
        return {
            "start": start,
            "stop": start + timedelta(minutes=self.plan_minutes or _USUAL_MINUTES),
            "user_id": self.user_id.id,
            "field_partner_id": self.partner_id.id,
        }

    def _make_events(self):
        Event = (
            self.env["calendar.event"]
            .sudo()
            .with_context(field_visit_event=True, dont_notify=True, no_mail_to_attendees=True)
        )
        events = Event.create(
            [
                {
                    "name": self.env._(
                        "Visit: %(customer)s", customer=visit.partner_id.display_name
                    ),
                    "location": visit.partner_address or False,
                    "partner_ids": [fields.Command.set(visit.user_id.sudo().partner_id.ids)],
                    **visit._prepare_event(),
                }
                for visit in self
            ]
        )
        for visit, event in zip(self, events, strict=True):
            quiet = visit.sudo().with_context(field_visit_event=True)
            quiet._with_planner().write({"event_id": event.id})

    def _follow_event(self):
        event = self._get_events()
        values = self._prepare_event()
        changed = {
            name: value
            for name, value in values.items()
            if event._fields[name].convert_to_write(event[name], event) != value
        }
        if changed:
            event.write(changed)
