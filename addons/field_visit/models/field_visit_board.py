"""The planning board: people and days side by side, and what a move from one to another means."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .field_route_setup import DEFAULTS

#: People on one page of the board, customers beside it, customers planned at once.
PAGE, DUE, AT_ONCE = 25, 300, 200
_LIVE = ("planned", "in_progress", "done", "missed")
_MOST_DAYS = 14


class FieldVisit(models.Model):
    _inherit = "field.visit"

    @api.model
    def get_plan_board(self, start=None, days=7, offset=0):
        """Some days of those one plans for, and the customers who are due and not planned.

        :param str start: first day YYYY-MM-DD; the Monday of this week without one
        :param int days: 1 to 14
        :param int offset: people left out at the beginning; a page has 25
        :returns: dict of ``start``, ``today``, ``days`` (``["YYYY-MM-DD"]``), ``editable``,
            ``people_count``, ``people`` (``[{"id", "name", "days": {day: {"kind", "hours"}}}]``),
            ``visits`` (see :meth:`_prepare_board_card`) and ``due``
            (``[{"id", "name", "lat", "lng", "user_id", "grade", "state", "days"}]``)
        """
        today = fields.Date.context_today(self)
        first = fields.Date.to_date(start) or today - timedelta(days=today.weekday())
        dates = [first + timedelta(days=n) for n in range(max(1, min(days, _MOST_DAYS)))]
        domain = self._get_board_people_domain()
        Users = self.env["res.users"]
        people = Users.search(domain, order="name, id", limit=PAGE, offset=offset)
        return {
            "start": fields.Date.to_string(first),
            "today": fields.Date.to_string(today),
            "days": [fields.Date.to_string(date) for date in dates],
            "editable": self.has_access("write"),
            "people_count": Users.search_count(domain),
            "people": self._get_board_people(people, dates),
            "visits": self._get_board_visits(people, dates),
            "due": self._get_board_due(people, dates),
        }

    @api.model
    def _get_board_people_domain(self):
        """Whom the reader plans for: himself and those below him; administrators everybody."""
        user = self.env.user
        here = Domain("company_ids", "in", self.env.company.ids)
        rep = self.env.ref("field_base.field_base_group_rep")
        if user.has_groups("field_base.field_base_group_admin,field_base.field_base_group_auditor"):
            return here & Domain("all_group_ids", "in", rep.ids) & Domain("share", "=", False)
        below = Domain("field_leader_ids", "in", user.ids)
        if user.has_group("field_base.field_base_group_leader"):
            return here & (below | Domain("id", "=", user.id))
        return Domain("id", "=", user.id)

    @api.model
    def _get_board_people(self, people, dates):
        if not people:
            return []
        planned = self.env["field.policy"].sudo()._get_planned_days(people, dates)
        return [
            {
                "id": person.id,
                "name": person.name,
                "days": {
                    fields.Date.to_string(date): {
                        "kind": planned[person.id, date].kind,
                        "hours": round(planned[person.id, date].hours, 2),
                    }
                    for date in dates
                },
            }
            for person in people
        ]

    # ---------------------------------------------------------------- cards

    @api.model
    def _get_board_visits(self, people, dates):
        visits = self.search(
            Domain("user_id", "in", people.ids)
            & Domain("plan_date", ">=", dates[0])
            & Domain("plan_date", "<=", dates[-1])
            & Domain("state", "in", _LIVE),
            order="plan_date, id",
        ).sorted(lambda v: (v.plan_date, v.route_sequence or 999, v.plan_time or 24, v.id))
        closed = visits._get_closed_on_their_day()
        words = dict(self._fields["route_note"]._description_selection(self.env))
        near = visits._get_near_warnings()
        minutes = self._get_board_minutes(people)
        return [
            visit._prepare_board_card(
                minutes,
                self.env._("Receives nobody on this day")
                if visit in closed
                else words.get(visit.state == "planned" and visit.route_note)
                or near.get(visit.id, ""),
            )
            for visit in visits
        ]

    @api.model
    def _get_board_minutes(self, people):
        """``{user.id: usual minutes of a visit}``."""
        setups = self.env["field.route.setup"]._get_values(people, self.env.company)
        return {id_: values["visit_minutes"] for id_, values in setups.items()}

    def _get_closed_on_their_day(self):
        """Planned visits at customers who receive nobody on that weekday."""
        ahead = self.filtered(lambda visit: visit.state == "planned")
        open_on = self.env["field.visiting.hours"]._get_weekdays(
            [("id", "in", ahead.partner_id.ids)]
        )
        return ahead.filtered(
            lambda visit: (
                visit.plan_date.weekday()
                not in open_on.get(visit.partner_id.id, {visit.plan_date.weekday()})
            )
        )

    def _prepare_board_card(self, usual, warning):
        """``{"id", "user_id", "date", "name", "time", "minutes", "state", "can_move", "asks_why",
        "lat", "lng", "warning"}``; the warning is a sentence or empty."""
        self.ensure_one()
        minutes = self.plan_minutes or usual.get(self.user_id.id, DEFAULTS["visit_minutes"])
        return {
            "id": self.id,
            "user_id": self.user_id.id,
            "date": fields.Date.to_string(self.plan_date),
            "name": self.partner_id.sudo().display_name,
            "time": self._get_clock() if self.plan_time else "",
            "minutes": minutes,
            "state": self.shown_state,
            "can_move": self.state == "planned" and not self.check_in_at,
            "asks_why": self.asks_why,
            "lat": self.lat,
            "lng": self.lng,
            "warning": warning,
        }

    def _get_clock(self):
        """The planned time of day: ``9:05``."""
        minutes = round(60 * self.plan_time)
        return f"{minutes // 60}:{minutes % 60:02d}"

    @api.model
    def _get_board_due(self, people, dates):
        """Customers of these people who are overdue and have no visit in these days."""
        late = Domain("field_cadence_state", "in", ("overdue", "dormant"))
        never = Domain("field_cadence_state", "=", "never") & Domain("field_grade_id", "!=", False)
        planned = Domain("state", "in", ("planned", "in_progress"))
        planned &= Domain("plan_date", ">=", dates[0]) & Domain("plan_date", "<=", dates[-1])
        partners = self.env["res.partner"].search(
            Domain("user_id", "in", people.ids)
            & self.env["res.partner"]._field_visited_domain()
            & (late | never)
            & Domain("field_visit_ids", "not any", planned),
            order="field_grade_id, field_last_visit_date, id",
            limit=DUE,
        )
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "lat": partner.partner_latitude,
                "lng": partner.partner_longitude,
                "user_id": partner.user_id.id,
                "grade": partner.field_grade_id.name or "",
                "state": partner.field_cadence_state,
                "days": partner.field_days_unvisited,
            }
            for partner in partners
        ]

    # ---------------------------------------------------------------- moving

    def action_move(self, date, user_id=None):
        """Plan visits on another day, or for another person.

        :param str date: YYYY-MM-DD
        :param int user_id: the person; the same one without it
        :returns: what the new day says about it: list of sentences, empty when all is well
        :raises UserError: the visit has begun, the day is over, or the person is not one's own
        """
        date = fields.Date.to_date(date)
        self._check_can_move(date)
        for visit in self:
            values = {"plan_date": date}
            if user_id and user_id != visit.user_id.id:
                values["user_id"] = user_id
            if any(visit._fields[n].convert_to_write(visit[n], visit) != values[n] for n in values):
                visit.write(values)
        return self._get_plan_warnings()

    def _check_can_move(self, date):
        self.check_access("write")
        if not date:
            raise UserError(self.env._("Say on which day."))
        if any(visit.check_in_at or visit.state != "planned" for visit in self):
            raise UserError(self.env._("Only a visit that is still planned can be moved."))
        if date < fields.Date.context_today(self):
            raise UserError(self.env._("That day is over."))

    def write(self, vals):
        if vals.get("user_id"):
            self._check_new_person(vals["user_id"])
        return super().write(vals)

    @api.model
    def _check_new_person(self, user_id):
        """A visit goes to nobody the planner does not lead.

        :raises AccessError: somebody else's person
        """
        user = self.env.user
        if self.env.su or user_id == user.id or user.has_group("field_base.field_base_group_admin"):
            return
        if user_id not in user._field_subordinates().ids:
            person = self.env["res.users"].sudo().browse(user_id).exists()
            raise AccessError(self.env._("You do not lead %(names)s.", names=person.name))

    def _get_plan_warnings(self):
        """What speaks against the day of planned visits, in sentences, each once."""
        if not self:
            return []
        warnings = []
        closed = self._get_closed_on_their_day()
        days = (
            self.env["field.policy"]
            .sudo()
            ._get_planned_days(self.user_id, sorted(set(self.mapped("plan_date"))))
        )
        for visit in self:
            person, customer = visit.user_id.sudo().name, visit.partner_id.sudo().display_name
            if days[visit.user_id.id, visit.plan_date].kind != "work":
                warnings.append(self.env._("%(person)s does not work that day.", person=person))
            if visit in closed:
                warnings.append(
                    self.env._("%(customer)s receives nobody on that day.", customer=customer)
                )
        return list(dict.fromkeys(warnings + self._get_double_warnings()))

    def _get_double_warnings(self):
        """Customers whom somebody else, or the same person again, visits on the same day."""
        others = self.search(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("plan_date", "in", list(set(self.mapped("plan_date"))))
            & Domain("state", "in", _LIVE)
            & Domain("id", "not in", self.ids)
        )
        there = {(visit.partner_id.id, visit.plan_date): visit for visit in others}
        return [
            self.env._(
                "%(customer)s has another visit on that day, by %(person)s.",
                customer=visit.partner_id.sudo().display_name,
                person=there[visit.partner_id.id, visit.plan_date].user_id.sudo().name,
            )
            for visit in self
            if (visit.partner_id.id, visit.plan_date) in there
        ]

    @api.model
    def action_plan_customers(self, partner_ids, user_id, date):
        """Plan a visit at each of these customers on one day of one person.

        :param list partner_ids: at most 200
        :param str date: YYYY-MM-DD
        :returns: ``{"ids": visits made, "skipped": customers already planned there, "warnings"}``
        :raises UserError: too many at once, or the day is over
        :raises AccessError: somebody else's person
        """
        date = fields.Date.to_date(date)
        self.browse()._check_can_move(date)
        if len(partner_ids) > AT_ONCE:
            raise UserError(self.env._("Plan at most %(count)s visits at once.", count=AT_ONCE))
        self._check_new_person(user_id)
        partners = self.env["res.partner"].search([("id", "in", partner_ids)])
        there = self.search(
            Domain("partner_id", "in", partners.ids)
            & Domain("user_id", "=", user_id)
            & Domain("plan_date", "=", date)
            & Domain("state", "in", _LIVE)
        ).partner_id
        made = self.create(
            [
                {"partner_id": partner.id, "user_id": user_id, "plan_date": date}
                for partner in partners - there
            ]
        )
        return {"ids": made.ids, "skipped": len(there), "warnings": made._get_plan_warnings()}
