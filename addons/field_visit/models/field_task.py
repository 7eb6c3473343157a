from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.priority import PRIORITIES
from ..tools.spread import spread
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.times import local_date


class FieldTask(models.Model):
    """A work package: what is to be done, with goal, guide and deadline, at one or many customers.

    ``user_id`` is who gives it out.
    """

    _name = "field.task"
    _description = "Work package"
    _inherit = ["field.scope.mixin", "mail.thread", "field.visit.mould.mixin"]
    _order = "deadline, id desc"

    name = fields.Char(required=True, tracking=True)
    user_id = fields.Many2one(string="Given out by")
    kind = fields.Selection(
        [
            ("visit", "Customer visit"),
            ("inspection", "Inspection"),
            ("promotion", "Promotion"),
            ("repair", "After-sales repair"),
            ("other", "Something else"),
        ],
        required=True,
        default="visit",
    )
    goal = fields.Char(tracking=True, help="What shall have been achieved.")
    instructions = fields.Html("Guide")
    attachment_ids = fields.Many2many("ir.attachment", string="Material", copy=False)
    date_from = fields.Date("From day", required=True, default=fields.Date.context_today)
    deadline = fields.Date(required=True, tracking=True)
    time_from = fields.Float("Not before")
    time_to = fields.Float("Not after")
    priority = fields.Selection(PRIORITIES, required=True, default="2")
    plan_minutes = fields.Integer("Expected minutes")
    sop_id = fields.Many2one("field.sop", "Standard procedure", check_company=True)
    needs_acceptance = fields.Boolean(
        "To be accepted", help="The work begins when the person has accepted it."
    )
    partner_ids = fields.Many2many("res.partner", string="Customers")
    assignee_id = fields.Many2one(
        "res.users",
        "Everything to",
        check_company=True,
        help="Empty gives each customer to who looks after him.",
    )
    department_id = fields.Many2one(
        "hr.department",
        "Team",
        check_company=True,
        help="Customers of the team's people go to them, the others to who has fewest. Without"
        " customers everybody in the team gets a piece.",
    )
    gap_step_id = fields.Many2one(
        "field.visit.step",
        "Gaps found at",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    work_ids = fields.One2many("field.task.work", "task_id", "Given out", copy=False)
    work_count = fields.Integer("Number of works", compute="_compute_progress")
    done_count = fields.Integer("Done", compute="_compute_progress")
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    waiting_count = fields.Integer("Not accepted yet", compute="_compute_progress")
    lost_count = fields.Integer("Refused or expired", compute="_compute_progress")

    _dates = models.Constraint(
        "CHECK(deadline >= date_from)", "The deadline comes after the first day."
    )
    _person_or_team = models.Constraint(
        "CHECK(assignee_id IS NULL OR department_id IS NULL)",
        "The work goes to one person or to a team, not to both.",
    )

    @api.depends("work_ids.state")
    def _compute_progress(self):
        for task in self:
            states = Counter(task.work_ids.mapped("state"))
            task.work_count = states.total()
            task.done_count = states["done"]
            task.waiting_count = states["new"]
            task.lost_count = states["refused"] + states["expired"]
            task.progress = 100 * task.done_count / task.work_count if task.work_count else 0.0

    def write(self, vals):
        """A new deadline moves what is planned."""
        result = super().write(vals)
        if "deadline" in vals:
            self.work_ids._move_visits()
        return result

    def action_give_out(self):
        """Give the work to its people: one piece for each customer, or one without a customer.

        Giving out again adds what is new and touches nothing that is there.

        :raises UserError: nobody looks after a customer
        """
        for task in self:
            task.check_access("write")
            wanted = task._get_people()
            values = [
                {
                    "task_id": task.id,
                    "company_id": task.company_id.id,
                    "partner_id": partner,
                    "user_id": user,
                }
                for partner, user in wanted
                if not task._is_given(partner, user)
            ]
            self.env["field.task.work"].create(values)._begin()
        return True

    def _is_given(self, partner, user):
        """A customer's piece stays with who has it, whoever looks after him by now; what one
        refuses another can get."""
        pieces = self.work_ids.filtered(lambda work: work.partner_id.id == partner)
        taken = pieces.filtered(lambda work: work.state != "refused")
        return user in pieces.user_id.ids or bool(partner and taken)

    def _get_people(self):
        """``[(partner id or False, user id)]``"""
        self.ensure_one()
        if self.department_id:
            return self._get_team_people()
        if not self.partner_ids:
            if not self.assignee_id:
                raise UserError(self.env._("Choose customers, or the person or team to do it."))
            return [(False, self.assignee_id.id)]
        nobody = self.partner_ids.filtered(lambda p: not (self.assignee_id or p.user_id))
        if nobody:
            raise UserError(
                self.env._(
                    "Nobody looks after %(customers)s: choose who does it.",
                    customers=", ".join(nobody[:5].mapped("display_name")),
                )
            )
        return [(p.id, (self.assignee_id or p.user_id).id) for p in self.partner_ids]

    def _get_team_people(self):
        """:raises UserError: nobody in the team uses the system"""
        given = {work.partner_id.id: work.user_id.id for work in self.work_ids}
        members = self._get_members().ids
        if not members:
            raise UserError(
                self.env._("Nobody in %(team)s has a user.", team=self.department_id.display_name)
            )
        if not self.partner_ids:
            return [(False, member) for member in members]
        owners = [(p.id, given.get(p.id) or p.user_id.id) for p in self.partner_ids]
        return spread(owners, members)

    def _get_members(self):
        """Who works in the team or in a part of it, by name."""
        Employee = self.env["hr.employee"].sudo().with_company(self.company_id)
        employees = Employee.search(
            [
                ("department_id", "child_of", self.department_id.id),
                ("user_id.active", "=", True),
                ("company_id", "=", self.company_id.id),
            ],
            order="name, id",
        )
        return employees.user_id

    @api.model
    def _cron_expire(self, batch=500):
        """What was not done by its deadline has expired; the day ends where the person is."""
        cron = self.env["ir.cron"]
        works = self.env["field.task.work"].search(
            [
                ("state", "in", ("new", "accepted", "in_progress")),
                ("is_expired", "=", False),  # what is in progress stays so until its visit ends
                ("deadline", "<=", fields.Date.today()),
            ]
        )
        over = works.filtered(lambda work: work.deadline < work._get_today())
        cron._commit_progress(remaining=len(over))
        for start in range(0, len(over), batch):
            part = over[start : start + batch]
            part._with_step().write({"is_expired": True})
            part.flush_recordset()
            if not cron._commit_progress(len(part)):
                break

    def action_open_works(self):
        """What was given out; with ``work_states`` in the context only those."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_task_work_action")
        domain = [("task_id", "=", self.id)]
        if states := self.env.context.get("work_states"):
            domain.append(("state", "in", states))
        return {**action, "domain": domain, "context": {}}


# An object, not a value: no RPC context can carry it.
_STEP = object()


class FieldTaskWork(models.Model):
    """The piece of a work package that one person does, mostly at one customer."""

    _name = "field.task.work"
    _description = "Work given out"
    _inherit = ["field.scope.mixin"]
    _order = "deadline, id"

    task_id = fields.Many2one(
        "field.task", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    user_id = fields.Many2one(readonly=True)
    deadline = fields.Date(related="task_id.deadline", store=True)
    goal = fields.Char(related="task_id.goal", related_sudo=True)
    instructions = fields.Html(related="task_id.instructions", related_sudo=True)
    visit_id = fields.Many2one(
        "field.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    accepted_at = fields.Datetime("Accepted on", readonly=True)
    accepted_version = fields.Integer(readonly=True)
    refuse_reason = fields.Char("Reason of refusal", readonly=True)
    done_at = fields.Datetime("Done on", readonly=True)
    is_expired = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("accepted", "Accepted"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _work_uniq = models.UniqueIndex(
        "(task_id, user_id, COALESCE(partner_id, 0))", "This work is already given out."
    )

    @api.depends("visit_id", "accepted_at", "refuse_reason", "done_at", "is_expired")
    def _compute_state(self):
        for work in self:
            visit = work.visit_id.sudo().state
            if work.done_at or visit == "done":
                work.state = "done"
            elif work.refuse_reason:
                work.state = "refused"
            elif visit == "in_progress":
                work.state = "in_progress"
            elif work.is_expired:
                work.state = "expired"
            else:
                work.state = "accepted" if work.accepted_at else "new"

    @api.depends("task_id", "partner_id")
    def _compute_display_name(self):
        for work in self:
            parts = (work.task_id.sudo().name, work.partner_id.display_name)
            work.display_name = " · ".join(part for part in parts if part)

    def _with_step(self):
        return self.sudo().with_context(field_task_step=_STEP)

    def write(self, vals):
        """Only the buttons change a work."""
        if self.env.context.get("field_task_step") is not _STEP and vals:
            raise UserError(self.env._("Use the buttons of the work."))
        return super().write(vals)

    def _begin(self):
        """What needs no acceptance is planned at once."""
        for work in self:
            if not work.task_id.needs_acceptance:
                work._do_accept()

    def action_accept(self):
        """Take the work on, or what has changed in it; its visit is planned.

        :raises UserError: when it does not wait to be accepted
        """
        self._check_own()
        for work in self:
            work._check_can_accept()
            work._do_accept()
        return True

    def _check_can_accept(self):
        """:raise FieldRejected: refused, done or expired"""
        why = {
            "refused": self.env._("You have refused this work."),
            "done": self.env._("This work is done already."),
            "expired": self.env._(
                "The deadline of this work was %(day)s. Ask who gave it out for a later one.",
                day=format_date(self.env, self.deadline),
            ),
        }
        if self.state in why:
            raise FieldRejected("work_closed", why[self.state])
        if self.state != "new" and not self.is_changed:
            message = self.env._("This work is not waiting to be accepted.")
            raise FieldRejected("work_accepted", message)

    def _do_accept(self, at=None):
        self.ensure_one()
        task = self.task_id.sudo()
        at = at or fields.Datetime.now()
        vals = {"accepted_at": at, "accepted_version": task.version}
        if self._is_in_time(at):
            vals["is_expired"] = False  # said in time, though the network was late
        self._with_step().write(vals)
        if self.partner_id and not self.visit_id:
            visit = self.env["field.visit"].sudo().with_company(self.company_id)
            self._with_step().visit_id = visit._with_planner().create(self._prepare_visit(task))

    def _get_today(self):
        return local_date(fields.Datetime.now(), self.user_id._field_tz())

    def _is_in_time(self, at):
        """Whether a moment lies before the deadline, where the person is."""
        return local_date(at, self.user_id._field_tz()) <= self.deadline

    def _prepare_visit(self, task):
        today = self._get_today()
        return {
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "company_id": task.company_id.id,
            "plan_date": max(today, task.date_from),
            "time_from": task.time_from,
            "time_to": task.time_to,
            "priority": task.priority,
            "plan_minutes": task.plan_minutes,
            "source": "task",
            "note": task.goal or task.name,
            **task._get_mould(),
        }

    def action_refuse(self, reason=None):
        """Say no, with the reason; who gave it out reads it.

        :raises UserError: without a reason, or when the work has begun
        """
        self._check_own()
        reason = (reason or self.env.context.get("reason") or "").strip()
        for work in self:
            if work.state not in ("new", "accepted"):
                message = self.env._("Work that has begun cannot be refused.")
                raise FieldRejected("work_begun", message)
            if not reason:
                message = self.env._("Say why in a few words.")
                raise FieldRejected("no_reason", message)
            work._with_step().refuse_reason = reason
            visit = work.visit_id.sudo().filtered(lambda v: v.state == "planned")
            visit.unlink()
            work.task_id.sudo().message_post(
                body=self.env._(
                    "%(name)s refuses %(work)s: %(reason)s",
                    name=work.user_id.sudo().name,
                    work=work.display_name,
                    reason=reason,
                )
            )
        return True

    def action_done(self):
        """The work without a visit is done.

        :raises UserError: work with a visit, or that nobody has accepted
        """
        self._check_own()
        for work in self:
            work._do_done()
        return True

    def _do_done(self, at=None):
        self.ensure_one()
        if self.visit_id:
            message = self.env._("This work is done with its visit.")
            raise FieldRejected("work_of_visit", message)
        if self.state not in ("accepted", "expired"):
            raise FieldRejected("work_not_accepted", self.env._("Accept the work first."))
        self._with_step().done_at = at or fields.Datetime.now()

    def _do_settle(self):
        """What it was for is done already: its visit, unless it has begun, is not needed."""
        now = fields.Datetime.now()
        for work in self.filtered(lambda work: work.state in ("new", "accepted")):
            visit = work.visit_id.sudo().filtered(lambda v: v.state == "planned")
            work._with_step().done_at = now
            visit.unlink()

    def _check_own(self):
        self.check_access("write")
        if not self.env.su and any(work.user_id != self.env.user for work in self):
            raise UserError(self.env._("Only the person himself answers for his work."))

    def _move_visits(self):
        """A new deadline moves planned visits that would come too late, and wakes what expired."""
        today = fields.Date.context_today(self)
        for work in self.filtered(lambda work: work.deadline >= today):
            if work.is_expired:
                work._with_step().is_expired = False
            visit = work.visit_id.sudo()
            if visit.state == "planned" and visit.plan_date > work.deadline:
                visit._with_planner().plan_date = work.deadline
