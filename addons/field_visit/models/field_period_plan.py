from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Visits that a plan may move: machines made them and nobody has touched them since.
MOVABLE = ("rule", "period")


class FieldPeriodPlan(models.Model):
    """The visits of some weeks, spread over the days so that each day stays in one corner."""

    _name = "field.period.plan"
    _description = "Period plan"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Plan"))
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Planned by", required=True, index=True, default=lambda self: self.env.user
    )
    user_ids = fields.Many2many("res.users", string="People", required=True, check_company=True)
    date_from = fields.Date("First day", required=True, default=lambda self: self._next_monday())
    weeks = fields.Integer(required=True, default=4)
    date_to = fields.Date("Last day", compute="_compute_date_to", store=True)
    seconds = fields.Integer(
        "Seconds for each person", required=True, default=60, help="Longer finds shorter ways."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Waiting"),
            ("running", "Being worked out"),
            ("ready", "Proposal"),
            ("published", "Published"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    progress = fields.Integer(readonly=True, copy=False, aggregator=None)
    line_ids = fields.One2many("field.period.plan.line", "plan_id", "Visits", copy=False)
    person_ids = fields.One2many(
        "field.period.plan.person", "plan_id", "Before and after", copy=False
    )
    line_count = fields.Integer("Number of visits", compute="_compute_line_count")

    _range = models.Constraint(
        "CHECK(weeks BETWEEN 1 AND 12 AND seconds BETWEEN 1 AND 600)",
        "A plan covers 1 to 12 weeks and thinks for 1 to 600 seconds about each person.",
    )

    @api.model
    def _next_monday(self):
        today = fields.Date.context_today(self)
        return today + timedelta(days=7 - today.weekday())

    @api.depends("date_from", "weeks")
    def _compute_date_to(self):
        for plan in self:
            plan.date_to = plan.date_from and plan.date_from + timedelta(days=7 * plan.weeks - 1)

    def _compute_line_count(self):
        counts = dict(
            self.env["field.period.plan.line"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.line_count = counts.get(plan._origin, 0)

    def write(self, vals):
        """What was worked out for other people or other weeks is no proposal any more."""
        if not {"user_ids", "date_from", "weeks"} & vals.keys():
            return super().write(vals)
        before = {plan: (plan.user_ids, plan.date_from, plan.weeks) for plan in self}
        result = super().write(vals)
        for plan, (people, first, weeks) in before.items():
            if (people, first, weeks) != (plan.user_ids, plan.date_from, plan.weeks):
                plan._forget_proposal(people - plan.user_ids)
        return result

    def _forget_proposal(self, gone):
        """Without the lines of who is no longer planned for, and of days outside; what is locked on
        the others' days is for the next proposal."""
        self.ensure_one()
        if self.state == "published":
            return
        self.line_ids.filtered(
            lambda line: line.user_id in gone or not self.date_from <= line.date <= self.date_to
        ).unlink()
        self.sudo().person_ids.filtered(lambda person: person.user_id in gone).unlink()
        if self.state == "ready":
            self.state = "draft"

    # ---------------------------------------------------------------- steps

    def action_start(self):
        """Have the plan worked out in the background; what is locked stays.

        :raises UserError: without people, or when it is published already
        """
        for plan in self:
            plan.check_access("write")
            plan._check_people()
            if plan.state == "published":
                raise UserError(self.env._("This plan is published. Copy it to plan again."))
        self.write({"state": "queued", "progress": 0})
        self.env.ref("field_visit.ir_cron_period_plan")._trigger()
        return True

    def _check_people(self):
        """A leader plans for the people below him, also for whom a handover gave some of it."""
        self.ensure_one()
        if not self.user_ids:
            raise UserError(self.env._("Choose the people to plan for."))
        user = self.env.user
        if self.env.su or user.has_group("field_base.field_base_group_admin"):
            return
        strangers = self._get_people() - user - user._field_subordinates()
        if strangers:
            names = ", ".join(strangers.sudo().mapped("name"))
            raise UserError(self.env._("You do not lead %(names)s.", names=names))

    def _get_people(self):
        return self.user_ids | self.line_ids.user_id

    def action_stop(self):
        """Take the plan back from the queue, or end the thinking about it."""
        self.filtered(lambda plan: plan.state in ("queued", "running")).state = "draft"
        return True

    @api.model
    def _cron_solve(self):
        """Work out what waits, person by person; progress is visible meanwhile."""
        cron = self.env["ir.cron"]
        domain = [("state", "in", ("queued", "running"))]
        plans = self.search(domain, order="write_date, id")
        cron._commit_progress(remaining=len(plans))
        for plan in plans:
            if not plan.try_lock_for_update():
                continue
            plan._do_solve(lambda: bool(cron._commit_progress(0)))
            if not cron._commit_progress(1):
                break

    def _do_solve(self, commit=None):
        """Make the proposal, unless somebody stops it meanwhile.

        :param commit: called now and then to make progress visible; False ends the thinking early,
            with the best plan so far
        """
        self.ensure_one()
        self.state = "running"
        commit = commit or (lambda: True)
        people = self.user_ids.sorted("id")
        for number, user in enumerate(people):

            def tell(share, number=number):
                commit()  # only then one sees what others have written
                if not self._is_running():
                    return False
                self.progress = round(100 * (number + share) / len(people))
                return commit()

            self._solve_person(user, tell)
            commit()
            if not self._is_running():
                return
        self.write({"state": "ready", "progress": 100})

    def _is_running(self):
        self.flush_recordset()
        self.invalidate_recordset(["state"])
        return self.state == "running"

    # ---------------------------------------------------------------- publishing

    def action_publish(self):
        """Make the visits. What machines had planned in these weeks gives way, the rest stays.

        :raises UserError: there is no proposal
        """
        for plan in self:
            plan.check_access("write")
            plan._check_people()
            if plan.state != "ready":
                raise UserError(self.env._("Have the plan worked out first."))
            plan._do_publish()
        return True

    def _do_publish(self):
        """Move the visits there are to their new days, make what is missing, drop what is over.

        The days that have passed since the plan was worked out are left as they are, and so are the
        visits of customers for whom there was no room.
        """
        lines = self.line_ids.filtered(lambda line: not line.visit_id).sorted("date")
        ahead = lines.filtered(lambda line: line.date >= self._get_first_day(line.user_id))
        spare = self._get_spare()
        vals_list = []
        for line in ahead:
            waiting = spare.get((line.user_id, line.partner_id))
            if waiting:
                self._move(waiting.pop(0), line)
            else:
                vals_list.append(line._prepare_visit())
        self._drop(spare, (lines - ahead).partner_id)
        self.env["field.visit"].sudo()._with_planner().create(vals_list)
        self.state = "published"

    def _get_spare(self):
        """``{(person, customer): visits}`` that machines have planned for days to come."""
        movable = self._find_visits(
            Domain("source", "in", MOVABLE)
            & Domain("state", "=", "planned")
            & Domain("plan_touched", "=", False)
        )
        spare = {}
        for visit in movable.sorted("plan_date"):
            if visit.plan_date >= self._get_first_day(visit.user_id):
                spare.setdefault((visit.user_id, visit.partner_id), []).append(visit)
        return spare

    def _move(self, visit, line):
        """To the day of the plan, which people rely on from then on."""
        values = {"plan_date": line.date, "route_sequence": line.sequence, "source": "period"}
        changed = {name: value for name, value in values.items() if visit[name] != value}
        if changed:
            visit.sudo()._with_planner().write(changed)

    def _drop(self, spare, kept):
        """What nobody needs any more; who has a line by a handover keeps his own visits."""
        without_room = {
            person.user_id: person.left_partner_ids for person in self.sudo().person_ids
        }
        left = self.env["field.visit"].browse(
            visit.id
            for (user, partner), visits in spare.items()
            if user in self.user_ids and partner not in kept | without_room.get(user, kept)
            for visit in visits
        )
        left.sudo().unlink()

    def _find_visits(self, domain):
        """Live visits of the people in these weeks."""
        return (
            self.env["field.visit"]
            .sudo()
            .search(
                Domain("user_id", "in", self._get_people().ids)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("state", "in", ("planned", "in_progress", "done"))
                & Domain("plan_date", ">=", self.date_from)
                & Domain("plan_date", "<=", self.date_to)
                & domain
            )
        )

    def action_open_lines(self):
        """The visits of the plan as a calendar, a list and a map."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_period_plan_line_action"
        )
        action["domain"] = [("plan_id", "=", self.id)]
        action["context"] = {"initial_date": fields.Date.to_string(self.date_from)}
        return action


class FieldPeriodPlanPerson(models.Model):
    """What a plan changes for one person."""

    _name = "field.period.plan.person"
    _description = "Person of a period plan"
    _order = "plan_id, user_id"

    plan_id = fields.Many2one("field.period.plan", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Person", required=True, readonly=True)
    before_kind = fields.Selection(
        [("planned", "The visits planned so far"), ("balanced", "Evenly filled days")],
        "Compared with",
        readonly=True,
    )
    before_km = fields.Float("Before (km)", readonly=True, digits=(10, 0))
    km = fields.Float("After (km)", readonly=True, digits=(10, 0))
    before_hours = fields.Float("Before (h on the road)", readonly=True, digits=(10, 1))
    hours = fields.Float("After (h on the road)", readonly=True, digits=(10, 1))
    saved = fields.Float("Less way (%)", compute="_compute_saved")
    visits_asked = fields.Integer("Visits asked for", readonly=True)
    visits_planned = fields.Integer("Visits planned", readonly=True)
    coverage = fields.Float("Coverage (%)", compute="_compute_saved")
    left_out = fields.Text("Customers without room", readonly=True)
    left_partner_ids = fields.Many2many(
        "res.partner",
        "field_period_plan_left_out",
        string="Customers left out",
        readonly=True,
        help="Publishing leaves their visits as they are.",
    )

    _user_uniq = models.Constraint("UNIQUE(plan_id, user_id)", "A person is in a plan once.")

    @api.depends("before_km", "km", "visits_asked", "visits_planned")
    def _compute_saved(self):
        for person in self:
            saved = person.before_km - person.km
            person.saved = 100 * saved / person.before_km if person.before_km else 0.0
            asked = person.visits_asked
            person.coverage = 100 * person.visits_planned / asked if asked else 100.0


class FieldPeriodPlanLine(models.Model):
    """One visit of a plan: it may be dragged to another day, and locked there."""

    _name = "field.period.plan.line"
    _description = "Visit of a period plan"
    _order = "date, user_id, sequence, id"

    plan_id = fields.Many2one("field.period.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Person", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, index=True)
    sequence = fields.Integer(default=10)
    minutes = fields.Integer("Expected minutes", readonly=True)
    locked = fields.Boolean(help="Planning again leaves this visit on its day.")
    rule_id = fields.Many2one("field.frequency.rule", readonly=True, ondelete="set null")
    visit_id = fields.Many2one(
        "field.visit",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="A visit by hand: it was there before the plan and stays.",
    )
    lat = fields.Float("Latitude", related="partner_id.partner_latitude", store=True)
    lng = fields.Float("Longitude", related="partner_id.partner_longitude", store=True)

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.partner_id.display_name

    def write(self, vals):
        """Who drags a visit to another day wants it there.

        :raises UserError: for a visit by hand, beyond the weeks of the plan, or when the visits are
            made already
        """
        if {"date", "locked"} & vals.keys() and "published" in self.plan_id.mapped("state"):
            raise UserError(self.env._("This plan is published: move the visit itself."))
        if "date" in vals:
            day = fields.Date.to_date(vals["date"])
            for line in self:
                if line.visit_id:
                    raise UserError(
                        self.env._("This visit was planned by hand: move it where it stands.")
                    )
                if not line.plan_id.date_from <= day <= line.plan_id.date_to:
                    raise UserError(self.env._("That day does not belong to the plan."))
            vals = {"locked": True, **vals}
        people = {(line.plan_id, line.user_id) for line in self}
        result = super().write(vals)
        if "date" in vals:
            for plan, user in people:
                plan._measure_person(user)
        return result

    def action_lock(self):
        """Keep the visits on their days, or let them go again."""
        for line in self:
            line.locked = not line.locked
        return True

    def _prepare_visit(self):
        """As the rule would have planned it, where there is one."""
        self.ensure_one()
        rule = self.rule_id
        return {
            **({"priority": rule.priority, **rule._get_mould()} if rule else {}),
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "plan_date": self.date,
            "plan_minutes": self.minutes,
            "route_sequence": self.sequence,
            "source": "period",
        }

    @api.model
    def _replace(self, plan, user, vals_list):
        """The lines of one person, made anew."""
        self.search([("plan_id", "=", plan.id), ("user_id", "=", user.id)]).unlink()
        return self.create([{**vals, "plan_id": plan.id} for vals in vals_list])
