from collections import Counter
from datetime import timedelta
from itertools import product

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .field_frequency_generate import WAY_MINUTES
from .field_frequency_rule import WEEKDAY_FIELDS
from odoo.addons.field_base.tools.times import local_date

#: Weeks after which all cycles of one to four weeks begin anew together.
_ALL_CYCLES = 12


class FieldLine(models.Model):
    """Shops that are always visited together, in their order, in a cycle of one to four weeks."""

    _name = "field.line"
    _description = "Fixed line"
    _inherit = ["field.scope.mixin", "mail.thread", "field.visit.mould.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(tracking=True)
    deputy_id = fields.Many2one(
        "res.users",
        "Done for the time by",
        copy=False,
        tracking=True,
        index="btree_not_null",
        check_company=True,
        help="Goes while the person is away; a handover names him.",
    )
    deputy_from = fields.Date("For the time from", copy=False)
    deputy_to = fields.Date("For the time until", copy=False)
    cycle_weeks = fields.Integer("Weeks of the cycle", required=True, default=1)
    cycle_week = fields.Integer(
        "Week in the cycle", required=True, default=1, help="1 is the week of the first day."
    )
    on_mon = fields.Boolean("Monday")
    on_tue = fields.Boolean("Tuesday")
    on_wed = fields.Boolean("Wednesday")
    on_thu = fields.Boolean("Thursday")
    on_fri = fields.Boolean("Friday")
    on_sat = fields.Boolean("Saturday")
    on_sun = fields.Boolean("Sunday")
    date_from = fields.Date("Valid from", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Valid until")
    days_ahead = fields.Integer("Planned ahead (days)", required=True, default=14)
    stop_ids = fields.One2many("field.line.stop", "line_id", "Customers", copy=True)
    stop_count = fields.Integer("Number of customers", compute="_compute_load")
    minutes = fields.Integer("Minutes of a day", compute="_compute_load")
    room = fields.Integer(
        "Minutes there are",
        compute="_compute_load",
        help="A working day without lunch, and without the other lines of the person on the day "
        "that is fullest.",
    )
    is_over = fields.Boolean("Over capacity", compute="_compute_load", search="_search_is_over")

    _range = models.Constraint(
        "CHECK(cycle_weeks BETWEEN 1 AND 4 AND cycle_week BETWEEN 1 AND cycle_weeks"
        " AND days_ahead BETWEEN 1 AND 92 AND (date_to IS NULL OR date_to >= date_from))",
        "A cycle has one to four weeks, the line lies in one of them; it ends after it begins.",
    )

    @api.depends(
        *("stop_ids.minutes", "user_id", "cycle_weeks", "cycle_week", "date_from", "date_to"),
        *WEEKDAY_FIELDS,
    )
    def _compute_load(self):
        setups = {}
        others = self._get_lines_of_people()
        for company, lines in self.grouped("company_id").items():
            Setup = self.env["field.route.setup"]
            setups[company] = Setup._get_values(lines.user_id, company or self.env.company)
        for line in self:
            setup = setups[line.company_id].get(line.user_id.id)
            usual = setup["visit_minutes"] if setup else 0
            line.stop_count = len(line.stop_ids)
            line.minutes = line._get_minutes(usual)
            hours = setup["day_end"] - setup["day_start"] if setup else 0
            room = 60 * hours - setup["lunch_minutes"] if setup else 0
            line.room = room - line._get_minutes_beside(others.get(line.user_id, ()), usual)
            line.is_over = line.minutes > line.room

    def _get_minutes(self, usual):
        """What a day of the line takes, with the ways."""
        return sum((stop.minutes or usual) + WAY_MINUTES for stop in self.stop_ids)

    def _get_lines_of_people(self):
        """``{user: lines}`` of all the people of these lines, those that have ended left out."""
        today = fields.Date.context_today(self)
        live = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        lines = self.search(Domain("user_id", "in", self.user_id.ids) & live)
        return lines.grouped("user_id")

    def _get_minutes_beside(self, lines, usual):
        """What other lines of the person take on the fullest day of this one."""
        own, sums = self._get_slots(), Counter()
        for other in lines if own else ():
            if other != self._origin and self._overlaps(other):
                minutes = other._get_minutes(usual)
                sums.update(dict.fromkeys(own & other._get_slots(), minutes))
        return max(sums.values(), default=0)

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = self.search([("active", "=", True)]).filtered(
            "is_over"
        )  # a company has some hundred lines
        return [("id", "in" if True in value else "not in", over.ids)]

    # ---------------------------------------------------------------- days

    def _get_weekdays(self):
        self.ensure_one()
        return {n for n, name in enumerate(WEEKDAY_FIELDS) if self[name]}

    def _get_weeks(self):
        """Which weeks of the common cycle the line runs in."""
        self.ensure_one()
        start = (self.date_from.toordinal() - 1) // 7 + self.cycle_week - 1
        return {week for week in range(_ALL_CYCLES) if (week - start) % self.cycle_weeks == 0}

    def _get_slots(self):
        """The days of the common cycle on which the line runs."""
        return set(product(self._get_weeks(), self._get_weekdays())) if self.date_from else set()

    def _runs_on(self, day):
        """Whether the line is visited on a day, leave aside."""
        self.ensure_one()
        if day < self.date_from or (self.date_to and day > self.date_to):
            return False
        week = (day.toordinal() - 1) // 7
        return day.weekday() in self._get_weekdays() and week % _ALL_CYCLES in self._get_weeks()

    @api.constrains(
        *("stop_ids", "active", "cycle_weeks", "cycle_week", "date_from", "date_to"),
        *WEEKDAY_FIELDS,
    )
    def _check_no_double_running(self):
        """A customer is on several lines only on different days.

        :raises ValidationError: with the customer and both lines
        """
        for line in self.filtered("active"):
            if not line._get_weekdays():
                raise ValidationError(self.env._("Choose at least one day of the week."))
        stops = self.env["field.line.stop"].sudo()
        mine = self.filtered("active").stop_ids
        others = stops.search(
            [("partner_id", "in", mine.partner_id.ids), ("line_id.active", "=", True)]
        )
        for stop in mine:
            for other in others:
                if other.line_id == stop.line_id or other.partner_id != stop.partner_id:
                    continue
                if stop.line_id._meets(other.line_id):
                    raise ValidationError(
                        self.env._(
                            "%(customer)s would be visited on the same day by the lines %(one)s "
                            "and %(other)s.",
                            customer=stop.partner_id.display_name,
                            one=stop.line_id.name,
                            other=other.line_id.name,
                        )
                    )

    def _meets(self, other):
        """Whether two lines run on the same day now and then."""
        return self._overlaps(other) and bool(self._get_slots() & other._get_slots())

    def _overlaps(self, other):
        """Whether there are days on which both are valid."""
        return not (
            (self.date_to and self.date_to < other.date_from)
            or (other.date_to and other.date_to < self.date_from)
        )

    # ---------------------------------------------------------------- visits

    @api.model
    def _cron_generate(self):
        cron = self.env["ir.cron"]
        lines = self.search([("active", "in", (True, False))])
        cron._commit_progress(remaining=len(lines))
        for line in lines:
            line._do_generate()
            if not cron._commit_progress(1):
                break

    def action_generate(self):
        """Plan the visits of the next days, now; also done every night."""
        self.check_access("write")
        made, dropped = self._do_generate()
        text = self.env._(
            "%(made)s visits planned, %(dropped)s taken back.", made=made, dropped=dropped
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": "success"},
        }

    def _do_generate(self):
        """Make the visits of the coming days; drop untouched ones that no longer belong.

        :returns: ``(made, dropped)``
        """
        made = dropped = 0
        for line in self.sudo():
            today = local_date(fields.Datetime.now(), line.user_id._field_tz())
            days = line._get_days(today) if line.active else []
            stops = line.stop_ids.filtered(lambda stop: stop.life != "closed")
            known = (
                self.env["field.visit"]
                .sudo()
                .search([("line_id", "=", line.id), ("line_day", ">=", today)])
            )
            wanted = {(stop.partner_id.id, day): stop for day in days for stop in stops}
            gone = known.filtered(
                lambda v, line=line, wanted=wanted: (
                    v.state == "planned"
                    and not v.plan_touched
                    and (
                        (v.partner_id.id, v.line_day) not in wanted
                        or v.user_id != line._get_person(v.line_day)
                    )
                )
            )
            dropped += len(gone)
            kept = {(v.partner_id.id, v.line_day) for v in known - gone}
            gone.unlink()
            made += line._make_visits(
                [stop._prepare_visit(key[1]) for key, stop in wanted.items() if key not in kept]
            )
        return made, dropped

    def _get_days(self, today):
        """The days of the horizon on which the line runs and its person works."""
        days = [today + timedelta(days=n) for n in range(self.days_ahead)]
        days = [day for day in days if self._runs_on(day)]
        if not days:
            return []
        policy = self.env["field.policy"].with_company(self.company_id)
        planned = policy._get_planned_days(self.user_id | self.deputy_id, days)
        return [day for day in days if planned[self._get_person(day).id, day].spans]

    def _get_person(self, day):
        """Who goes on a day: the person of the line, or who stands in for him."""
        self.ensure_one()
        starts, ends = self.deputy_from or day, self.deputy_to or day
        return self.deputy_id if self.deputy_id and starts <= day <= ends else self.user_id

    def _make_visits(self, vals_list):
        """Not where somebody visits the customer on that day anyway."""
        Visit = self.env["field.visit"].sudo()
        there = Visit.search(
            [
                ("partner_id", "in", [vals["partner_id"] for vals in vals_list]),
                ("plan_date", "in", [vals["plan_date"] for vals in vals_list]),
                ("state", "in", ("planned", "in_progress", "done")),
            ]
        )
        taken = {(visit.partner_id.id, visit.plan_date) for visit in there}
        new = [v for v in vals_list if (v["partner_id"], v["plan_date"]) not in taken]
        Visit.with_company(self.company_id)._with_planner().create(new)
        return len(new)

    def action_open_visits(self):
        """The visits of the line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_visit_action")
        return {**action, "domain": [("line_id", "=", self.id)], "context": {}}


class FieldLineStop(models.Model):
    """A customer of a line, at his place in the order."""

    _name = "field.line.stop"
    _description = "Customer of a line"
    _order = "line_id, sequence, id"

    line_id = fields.Many2one("field.line", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    minutes = fields.Integer("Expected minutes")
    life = fields.Selection(
        related="partner_id.field_life", help="Who has closed is no longer visited on the line."
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(line_id, partner_id)", "A customer is on a line only once."
    )

    @api.constrains("line_id", "partner_id")
    def _check_no_double_running(self):
        """Also of customers put on a line without its form."""
        self.line_id._check_no_double_running()

    def _prepare_visit(self, day):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "user_id": self.line_id._get_person(day).id,
            "company_id": self.line_id.company_id.id,
            "plan_date": day,
            "plan_minutes": self.minutes,
            "route_sequence": self.sequence,
            "source": "line",
            "line_id": self.line_id.id,
            "line_day": day,
            **self.line_id._get_mould(),
        }
