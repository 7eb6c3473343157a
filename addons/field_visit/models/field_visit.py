from datetime import timedelta, timezone
from uuid import uuid4
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from odoo.addons.field_base.tools.times import local_hour

VERDICTS = [
    ("inside", "Inside the fence"),
    ("maybe", "Probably inside"),
    ("outside", "Outside the fence"),
    ("unverifiable", "Cannot be verified"),
]
CHANNELS = [("on_site", "On site"), ("phone", "Phone"), ("video", "Video")]
# Written only by the methods that establish the fact (check-in, check-out, track comparison). What
# is worked out from them is guarded with them: see _get_guarded_fields.
EVIDENCE_FIELDS = frozenset(
    {
        "state",
        "uuid",
        "sop_version",
        "strict_order",
        "block_check_out",
        "policy_id",
        "policy_snapshot",
        "workday_id",
        "is_unplanned",
        "end_source",
    }
    | {f"check_in_{name}" for name in ("at", "lat", "lng", "accuracy", "fix_age", "distance_m")}
    | {f"check_in_{name}" for name in ("verdict", "radius_m", "reason", "exception", "source")}
    | {f"check_out_{name}" for name in ("at", "lat", "lng", "accuracy", "fix_age", "distance_m")}
    | {f"check_out_{name}" for name in ("verdict", "source")}
    | {
        "proof_missing",
        "steps_missing",
        "check_in_event_id",
        "check_out_event_id",
        "duration_min",
        "duration_device_min",
        "is_short",
        "lat",
        "lng",
    }
    | {"fence_now", "fence_now_m", "assumed_end_at", "assumed_end_source"}
    | {"min_minutes", "max_minutes", "is_productive", "pin_pending"}
    | {"truth_shown", "truth_due_at", "is_witnessed", "is_denied", "word_ids"}
    | {"face_review", "check_in_is_near", "photo_doubt", "second_look"}
    | {"check_in_fixes", "odd_facts", "odd_speed_kmh", "odd_repeat_days", "odd_clock_min"}
    | {"company_yes_ids", "company_no_ids"}
    | {"goal_state", "goal_count", "goal_reached_count"}
    | {"amount_received", "amount_promised"}
    | {"review_state", "reviewed_by_id", "reviewed_at", "review_note"}
    | {"on_way_at", "shown_state"}
    | {"presence_state", "presence_start", "presence_end", "presence_min", "presence_ref"}
    | {"moved_from", "move_reason_id", "reminded_at", "has_new_words"}
)
# Where a plan comes from: written by the methods that plan, too.
PLANNER_FIELDS = frozenset(
    {"source", "rule_id", "rule_period", "rule_number", "plan_touched"}
    | {"line_id", "line_day", "event_id", "carried_from_id"}
)
# What the evidence is about: frozen from the check-in on.
IDENTITY_FIELDS = frozenset(
    {"partner_id", "user_id", "company_id", "channel", "sop_id", "step_ids", "type_id", "goal_id"}
    | {"plan_date", "plan_time"}
)
# An object, not a value: no RPC context can carry it, so only this module opens the door.
_EVIDENCE = object()


class FieldVisit(models.Model):
    _name = "field.visit"
    _description = "Visit"
    _inherit = ["field.scope.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "plan_date desc, plan_time, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    uuid = fields.Char(
        "Visit ID", required=True, copy=False, readonly=True, default=lambda self: str(uuid4())
    )
    user_id = fields.Many2one(tracking=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, check_company=True, tracking=True
    )
    partner_address = fields.Char("Address", compute="_compute_partner_address")
    partner_phone = fields.Char("Phone", related="partner_id.phone")
    channel = fields.Selection(CHANNELS, required=True)
    plan_date = fields.Date(
        "Date", required=True, index=True, tracking=True, default=fields.Date.context_today
    )
    plan_time = fields.Float("Time", help="Local time of the representative; empty for any time.")
    is_unplanned = fields.Boolean("Unplanned", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("missed", "Missed"),
        ],
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default="planned",
        group_expand=True,
    )
    sop_id = fields.Many2one(
        "field.sop",
        "Standard procedure",
        compute="_compute_sop_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    sop_version = fields.Integer(
        "Version of the procedure", readonly=True, copy=False, aggregator=None
    )
    # as the procedure said at the check-in: a later change is for later visits
    strict_order = fields.Boolean("Fixed order", readonly=True, copy=False)
    block_check_out = fields.Boolean("Required steps before check-out", readonly=True, copy=False)
    step_ids = fields.One2many("field.visit.step", "visit_id", "Steps", copy=False)
    note = fields.Text(copy=False)
    cancel_reason = fields.Char("Reason of cancellation", copy=False)
    workday_id = fields.Many2one(
        "field.workday", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    policy_id = fields.Many2one(
        "field.policy",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The version of the policy that held at the check-in.",
    )

    policy_snapshot = fields.Json("Rules at the check-in", readonly=True, copy=False)

    check_in_at = fields.Datetime("Check-in", readonly=True, copy=False, index=True)
    check_in_lat = fields.Float("Check-in latitude", digits=(10, 7), readonly=True, copy=False)
    check_in_lng = fields.Float("Check-in longitude", digits=(10, 7), readonly=True, copy=False)
    check_in_accuracy = fields.Float("Check-in accuracy (m)", readonly=True, copy=False)
    check_in_fix_age = fields.Float("Check-in age of position (s)", readonly=True, copy=False)
    check_in_distance_m = fields.Float(
        "Check-in distance (m)", readonly=True, copy=False, aggregator="avg"
    )
    check_in_radius_m = fields.Integer(
        "Fence radius (m)", readonly=True, copy=False, aggregator=None
    )
    check_in_is_near = fields.Boolean(
        "Far for the fence",
        readonly=True,
        copy=False,
        help="Inside the fence, but further away than the warn radius: the pin may be wrong.",
    )
    check_in_verdict = fields.Selection(
        VERDICTS, "Check-in fence", readonly=True, copy=False, index="btree_not_null"
    )
    check_in_reason = fields.Char("Reason", readonly=True, copy=False)
    check_in_exception = fields.Boolean(
        "Exception",
        readonly=True,
        copy=False,
        help="The fence refused the check-in and the representative insisted, with a reason.",
    )
    check_in_source = fields.Selection(
        [("web", "Web client"), ("app", "Phone app")], "Check-in by", readonly=True, copy=False
    )
    check_in_event_id = fields.Many2one(
        "field.event", "Check-in event", readonly=True, copy=False, ondelete="set null"
    )

    check_out_at = fields.Datetime("Check-out", readonly=True, copy=False)
    check_out_lat = fields.Float("Check-out latitude", digits=(10, 7), readonly=True, copy=False)
    check_out_lng = fields.Float("Check-out longitude", digits=(10, 7), readonly=True, copy=False)
    check_out_accuracy = fields.Float("Check-out accuracy (m)", readonly=True, copy=False)
    check_out_fix_age = fields.Float("Check-out age of position (s)", readonly=True, copy=False)
    check_out_distance_m = fields.Float(
        "Check-out distance (m)", readonly=True, copy=False, aggregator="avg"
    )
    check_out_verdict = fields.Selection(VERDICTS, "Check-out fence", readonly=True, copy=False)
    check_out_source = fields.Selection(
        [("web", "Web client"), ("app", "Phone app")], "Check-out by", readonly=True, copy=False
    )
    check_out_event_id = fields.Many2one(
        "field.event", "Check-out event", readonly=True, copy=False, ondelete="set null"
    )
    end_source = fields.Selection(
        [
            ("user", "Representative"),
            ("fence", "Fence left"),
            ("next_visit", "Next check-in"),
            ("auto", "End of the day"),
            ("manager", "Leader"),
        ],
        "Ended by",
        readonly=True,
        copy=False,
    )
    duration_min = fields.Float(
        "Minutes", compute="_compute_duration", store=True, aggregator="avg", digits=(8, 1)
    )
    duration_device_min = fields.Float(
        "Minutes by the phone",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(8, 1),
        help="From check-in to check-out by a clock of the phone that nobody can set and that "
        "rests while the phone sleeps; 0 where the app was started again in between.",
    )
    is_short = fields.Boolean(
        "Short visit",
        store=True,
        help="Shorter than the policy asks for.",
    )

    presence_state = fields.Selection(
        [
            ("unknown", "No track"),
            ("verified", "Confirmed by the track"),
            ("partial", "Partly confirmed"),
            ("contradicted", "Elsewhere by the track"),
        ],
        "Presence",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        default="unknown",
        help="What the track of the day says about this visit.",
    )
    presence_start = fields.Datetime("There from", readonly=True, copy=False)
    presence_end = fields.Datetime("There until", readonly=True, copy=False)
    presence_min = fields.Float(
        "Confirmed minutes", readonly=True, copy=False, aggregator="avg", digits=(8, 1)
    )
    presence_ref = fields.Char("Stay", readonly=True, copy=False)

    lat = fields.Float("Latitude", digits=(10, 7), compute="_compute_lat_lng", store=True)
    lng = fields.Float("Longitude", digits=(10, 7), compute="_compute_lat_lng", store=True)
    start_at = fields.Datetime(
        "Start", compute="_compute_start_stop", inverse="_inverse_start_at", store=True, index=True
    )
    stop_at = fields.Datetime("End", compute="_compute_start_stop", store=True)

    _uuid_uniq = models.UniqueIndex("(uuid)", "This visit is already known.")
    _one_open_per_user = models.UniqueIndex(
        "(user_id) WHERE state = 'in_progress'",
        "A representative can be at one customer at a time. End the open visit first.",
    )
    _partner_date_idx = models.Index("(partner_id, plan_date DESC)")
    _user_date_idx = models.Index("(user_id, plan_date DESC)")
    _place_idx = models.Index("(lat, lng)")
    _check_out_after_check_in = models.Constraint(
        "CHECK(check_out_at IS NULL OR check_out_at >= check_in_at)",
        "A visit cannot end before it began.",
    )
    _started_has_check_in = models.Constraint(
        "CHECK(state NOT IN ('in_progress', 'done') OR check_in_at IS NOT NULL)",
        "A visit that took place has a check-in.",
    )
    _done_has_check_out = models.Constraint(
        "CHECK(state != 'done' OR check_out_at IS NOT NULL)", "A finished visit has a check-out."
    )
    _plan_time_of_day = models.Constraint(
        "CHECK(plan_time IS NULL OR (plan_time >= 0 AND plan_time < 24))",
        "The time of day lies between 0:00 and 23:59.",
    )

    @api.depends("partner_id.name", "plan_date")
    def _compute_name(self):
        for visit in self:
            parts = (visit.partner_id.name, visit.plan_date and visit.plan_date.isoformat())
            visit.name = " · ".join(part for part in parts if part)

    @api.depends("partner_id.contact_address", "partner_id.field_place_hint")
    def _compute_partner_address(self):
        """The customer's address in one line, without the name that stands above it."""
        for visit in self:
            partner = visit.partner_id
            lines = partner._display_address(without_company=True).splitlines()
            lines.insert(0, partner.field_place_hint or "")
            visit.partner_address = ", ".join(line.strip() for line in lines if line.strip())

    @api.depends("company_id")
    def _compute_sop_id(self):
        first = {}
        for visit in self:
            company = visit.company_id
            if visit.check_in_at or (
                visit.sop_id and visit.sop_id.company_id in (company, company.browse())
            ):
                visit.sop_id = visit.sop_id
                continue
            if company.id not in first:
                first[company.id] = self.env["field.sop"].search(
                    [("company_id", "in", (False, company.id))], limit=1
                )
            visit.sop_id = first[company.id]

    @api.depends("check_in_at", "check_out_at")
    def _compute_duration(self):
        for visit in self:
            if not (visit.check_in_at and visit.check_out_at):
                visit.duration_min = 0.0
                continue
            visit.duration_min = (visit.check_out_at - visit.check_in_at).total_seconds() / 60

    @api.depends(
        "partner_id.partner_latitude",
        "partner_id.partner_longitude",
        "check_in_lat",
        "check_in_lng",
    )
    def _compute_lat_lng(self):
        """Where the map shows the visit: at the customer, else where the check-in was.

        Frozen from the check-in on: moving a customer's pin does not move past visits.
        """
        for visit in self:
            if visit.check_in_at and (visit.lat or visit.lng):
                visit.lat, visit.lng = visit.lat, visit.lng
                continue
            position = visit.partner_id._field_position()
            visit.lat, visit.lng = position or (visit.check_in_lat, visit.check_in_lng)

    @api.depends("plan_date", "plan_time", "check_in_at", "check_out_at", "user_id")
    def _compute_start_stop(self):
        for visit in self:
            if visit.check_in_at:
                visit.start_at = visit.check_in_at
                visit.stop_at = visit.check_out_at or visit.check_in_at + timedelta(minutes=30)
                continue
            visit.start_at = visit._get_plan_start()
            visit.stop_at = visit.start_at and visit.start_at + timedelta(minutes=30)

    def _inverse_start_at(self):
        """Dragging a visit in the calendar plans it anew."""
        for visit in self:
            if visit.check_in_at:
                raise UserError(self.env._("A visit that took place cannot be moved."))
            zone = ZoneInfo(visit._get_tz())
            local = visit.start_at.replace(tzinfo=timezone.utc).astimezone(zone)
            visit.plan_date = local.date()
            visit.plan_time = local.hour + local.minute / 60

    def _get_tz(self):
        """Name of the time zone the visit's day is counted in: the representative's."""
        self.ensure_one()
        return self.user_id._field_tz()

    def _get_plan_start(self):
        """UTC moment of the plan; 9:00 when no time was given."""
        self.ensure_one()
        if not self.plan_date:
            return False
        return local_hour(self.plan_date, self.plan_time or 9.0, self._get_tz())

    # ---------------------------------------------------------------- evidence

    def _with_evidence(self):
        """Open the evidence fields to the caller; see EVIDENCE_FIELDS."""
        return self.with_context(field_visit_evidence=_EVIDENCE)

    def _may_write_evidence(self):
        return self.env.context.get("field_visit_evidence") is _EVIDENCE

    @api.model_create_multi
    def create(self, vals_list):
        if not self._may_write_evidence():
            for vals in vals_list:
                self._check_evidence_untouched(vals)
        # a plan of a hundred visits is no news: no follower, no message for each of them
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return super(FieldVisit, quiet).create(vals_list).with_env(self.env)

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """The day's plan is on the phone; an e-mail for each visit in it would be noise."""
        return []

    def write(self, vals):
        self.check_access("write")
        if not self._may_write_evidence():
            self._check_evidence_untouched(vals)
            if IDENTITY_FIELDS & vals.keys() and any(visit.check_in_at for visit in self):
                self._check_identity_untouched(vals)
        return super().write(vals)

    @api.model
    @ormcache()
    def _get_guarded_fields(self):
        """Evidence, and what is worked out from it: Odoo itself would store a computed verdict or
        score that somebody sends."""
        computed = {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly
        }
        return EVIDENCE_FIELDS | computed

    def _check_evidence_untouched(self, vals):
        guarded = self._get_guarded_fields()
        if not self._is_planner():
            guarded |= PLANNER_FIELDS
        touched = guarded & vals.keys()
        if touched:
            raise UserError(
                self.env._(
                    "%(fields)s cannot be typed in: use the buttons of the visit.",
                    fields=self._get_field_labels(touched),
                )
            )

    def _check_identity_untouched(self, vals):
        """Refuse a change of what the evidence is about; the same value again is no change."""
        for visit in self.filtered("check_in_at"):
            changed = [
                name
                for name in IDENTITY_FIELDS & vals.keys()
                if name == "step_ids" or visit._is_change(name, vals[name])
            ]
            # the steps' own answers travel through the form; their model guards them
            if changed == ["step_ids"] and all(
                command[0] == fields.Command.UPDATE for command in vals["step_ids"]
            ):
                continue
            if changed:
                raise UserError(
                    self.env._(
                        "%(fields)s cannot change any more: the visit to %(customer)s has begun.",
                        fields=self._get_field_labels(changed),
                        customer=visit.partner_id.display_name,
                    )
                )

    def _is_change(self, name, value):
        """A date may come as text."""
        field = self._fields[name]
        known, new = (field.convert_to_cache(one, self) for one in (self[name], value))
        return known != new

    def _get_field_labels(self, names):
        descriptions = self.fields_get(list(names), ["string"])
        return ", ".join(sorted(description["string"] for description in descriptions.values()))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(visit.check_in_at for visit in self):
            raise UserError(self.env._("A visit that took place is kept. Cancel it instead."))
