"""From rules and customers to :mod:`..tools.periodic` and back, one person at a time."""

import math
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command, Domain

from ..tools import periodic
from .field_frequency_generate import LIVE_STATES
from odoo.addons.field_base.tools.times import local_date

# Rounds of search for each customer after which a small plan is as good as it gets.
_ROUNDS = 1000
_WEEKS_OF = {"week": 1, "fortnight": 2, "month": 4.345, "quarter": 13.04}


class FieldPeriodPlan(models.Model):
    _inherit = "field.period.plan"

    def _solve_person(self, user, tell):
        """Plan one person's weeks and keep the result as lines."""
        task = self._prepare_task(user)
        rounds = _ROUNDS * len(task["period"].customers)
        plan = periodic.solve(task["period"], self.seconds, progress=tell, max_rounds=rounds)
        vals_list = []
        for day, routes in enumerate(plan.routes):
            names = [name for route in routes for name in route]
            for place, name in enumerate(names, start=1):
                vals_list.append(self._prepare_line(task, user, name, day, 10 * place))
        self.env["field.period.plan.line"]._replace(self, user, vals_list)
        asked = sum(len(customer.patterns[0]) for customer in task["period"].customers)
        left = [task["demand"][name] for name in plan.left_out] + task["nowhere"]
        names = [one["partner"].display_name for one in left]
        self._write_person(
            user,
            {
                **self._get_before(task, user),
                "visits_asked": asked + sum(one["times"] for one in task["nowhere"]),
                "visits_planned": len(vals_list),
                "left_out": "\n".join(names) or False,
                "left_partner_ids": [Command.set([one["partner"].id for one in left])],
            },
        )
        self._measure_person(user, task)

    def _prepare_line(self, task, user, name, day, sequence):
        demand = task["demand"][name]
        date = task["days"][day]
        visit = demand["visits"].get(date)
        return {
            "user_id": user.id,
            "partner_id": demand["partner"].id,
            "date": date,
            "sequence": sequence,
            "minutes": demand["minutes"],
            "rule_id": demand["rule"] and demand["rule"].id,
            "visit_id": visit.id if visit else False,
            "locked": date in demand["locked"],
        }

    def _write_person(self, user, values):
        Person = self.env["field.period.plan.person"]
        person = Person.search([("plan_id", "=", self.id), ("user_id", "=", user.id)])
        if person:
            person.write(values)
        else:
            Person.create({"plan_id": self.id, "user_id": user.id, **values})

    # ---------------------------------------------------------------- the task

    def _prepare_task(self, user):
        """Everything of one person's weeks.

        :returns: dict of ``period`` (:class:`periodic.Period`), ``days`` (dates), ``demand``
            (``{partner.id: what is asked for}``), ``metres`` (matrix), ``nowhere`` (what is asked
            for at customers without a position, or without a day that suits them)
        """
        days, limits = self._get_days(user)
        demand = self._get_demand(user, days)
        placed = {key: one for key, one in demand.items() if one["partner"]._field_position()}
        nowhere = [
            one
            for key, one in demand.items()
            if one["times"] and (key not in placed or not one["patterns"])
        ]
        points = [self._get_home(user, placed)]
        points += [one["partner"]._field_navigation_point() for one in placed.values()]
        provider = self.env["field.matrix.provider"]._get_for(self.company_id)
        travel, metres = provider._get_straight(points)
        customers = tuple(
            periodic.Customer(
                key,
                node,
                60 * one["minutes"],
                one["patterns"],
                one["confirmed"],
            )
            for node, (key, one) in enumerate(placed.items(), start=1)
            if one["patterns"]
        )
        return {
            "period": periodic.Period(customers, travel, limits),
            "days": days,
            "demand": demand,
            "metres": metres,
            "nowhere": nowhere,
            "node": {customer.id: customer.node for customer in customers},
        }

    def _get_days(self, user):
        """``(dates, seconds of each)`` of the person's working days that are left of the weeks."""
        first = self._get_first_day(user)
        dates = [first + timedelta(days=n) for n in range((self.date_to - first).days + 1)]
        if not dates:
            return [], []
        policy = self.env["field.policy"].with_company(self.company_id)
        planned = policy._get_planned_days(user, dates)
        setup = self.env["field.route.setup"]._get_values(user, self.company_id)[user.id]
        days, limits = [], []
        for date in dates:
            hours = min(planned[user.id, date].hours, setup["day_end"] - setup["day_start"])
            seconds = round(3600 * hours - 60 * setup["lunch_minutes"])
            if seconds > 0 and planned[user.id, date].spans:
                days.append(date)
                limits.append(seconds)
        return days, limits

    def _get_first_day(self, user):
        """The first of these weeks' days that is not over where the person is."""
        return max(self.date_from, local_date(fields.Datetime.now(), user._field_tz()))

    def _get_home(self, user, demand):
        """Where days begin: the person's place, else the middle of his customers."""
        setup = self.env["field.route.setup"]._get_values(user, self.company_id)[user.id]
        if setup["start_kind"] == "point" and (setup["start_lat"] or setup["start_lng"]):
            return setup["start_lat"], setup["start_lng"]
        points = [one["partner"]._field_position() for one in demand.values()]
        if not points:
            return 0.0, 0.0
        lats, lngs = zip(*points, strict=True)
        return sum(lats) / len(lats), sum(lngs) / len(lngs)

    def _get_demand(self, user, days):
        """``{partner.id: {partner, rule, times, minutes, patterns, allowed, …}}``.

        The rule that asks for most counts; visits by hand are there whatever the rules say.
        """
        demand = {}
        for rule, partners in self._get_rule_partners(user):
            missing = self._get_missing(rule, partners, user)
            open_on = self.env["field.visiting.hours"]._get_weekdays([("id", "in", partners.ids)])
            minutes = rule._get_minutes(user)
            known = {}
            for partner in partners:
                times, spans = missing[partner.id]
                if times <= demand.get(partner.id, {"times": 0})["times"]:
                    continue
                allowed = self._get_allowed(rule, days, spans, open_on.get(partner.id))
                if (times, allowed) not in known:
                    known[times, allowed] = self._get_patterns(days, allowed, times, rule)
                demand[partner.id] = {
                    "partner": partner,
                    "rule": rule,
                    "times": times,
                    # a grade of another company is none
                    "minutes": minutes.get((user.id, partner.field_grade_id.id))
                    or minutes[user.id, None],
                    "patterns": known[times, allowed],
                    "allowed": allowed,
                    "confirmed": None,
                    "locked": set(),
                    "visits": {},
                }
        self._add_fixed(user, days, demand)
        return demand

    def _get_missing(self, rule, partners, user):
        """What is asked for in these weeks: ``{partner.id: (visits, [(first, last day)])}``.

        As for the rule itself, visits before and after these weeks count for the week, month … they
        lie in; and no more are asked for than the rule has in so many weeks.
        """
        first = self._get_first_day(user)
        start = max(first, rule.date_from)
        end = min(self.date_to, rule.date_to or self.date_to)
        targets = rule._get_targets(start, end)
        others = self._get_days_outside(partners, targets, first)
        weeks = _WEEKS_OF.get(rule.period) or rule.every_days / 7
        pace = rule.times * ((self.date_to - first).days + 1) / 7 / weeks
        most = math.ceil(round(pace, 6))
        found = {}
        for partner in partners:
            times, spans = 0, []
            for target in targets:
                there = others.get(partner.id, ())
                due = target["due"] - sum(target["first"] <= d <= target["last"] for d in there)
                if due > 0:
                    times += due
                    spans.append((max(start, target["first"]), target["until"]))
            found[partner.id] = (min(times, most), tuple(spans))
        return found

    def _get_days_outside(self, partners, targets, first):
        """``{partner.id: days of visits}`` before and after these weeks, whoever made them."""
        if not targets:
            return {}
        weeks = Domain("plan_date", ">=", first) & Domain("plan_date", "<=", self.date_to)
        visits = self.env["field.visit"].sudo()
        found = visits.search_fetch(
            Domain("partner_id", "in", partners.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", LIVE_STATES)
            & Domain("plan_date", ">=", targets[0]["first"])
            & Domain("plan_date", "<=", targets[-1]["last"])
            & ~weeks,
            ["partner_id", "plan_date"],
        )
        return {p.id: own.mapped("plan_date") for p, own in found.grouped("partner_id").items()}

    def _get_allowed(self, rule, days, spans, weekdays):
        """The days on which the customer may be visited: those of the rule, his own, and in a week,
        month … that still asks for a visit."""
        return tuple(
            day
            for day in days
            if rule._is_allowed(day)
            and (weekdays is None or day.weekday() in weekdays)
            and any(first <= day <= last for first, last in spans)
        )

    def _get_rule_partners(self, user):
        rules = (
            self.env["field.frequency.rule"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)])
        )
        for rule in rules:
            if rule.date_from > self.date_to or (rule.date_to and rule.date_to < self.date_from):
                continue
            domain = rule._get_partner_domain() & Domain("user_id", "=", user.id)
            yield rule, self.env["res.partner"].sudo().search(domain, order="id")

    def _get_patterns(self, days, allowed, times, rule):
        """Sets of day numbers for so many visits, made once for each kind of customer."""
        number = {day: n for n, day in enumerate(days)}
        first = self.date_from
        keys = [((day - first).days // 7, day.weekday()) for day in allowed]
        patterns = periodic.make_patterns(keys, times, rule._get_gap())
        return tuple(tuple(number[allowed[place]] for place in pattern) for pattern in patterns)

    def _add_fixed(self, user, days, demand):
        """Visits by hand and locked lines fix days; machine-made ones are what people expect."""
        number = {day: n for n, day in enumerate(days)}
        expected = {}
        for visit in self._find_visits(Domain("user_id", "=", user.id)):
            by_hand = visit.source not in ("rule", "period") or visit.plan_touched
            if visit.plan_date not in number:
                continue
            one = demand.setdefault(visit.partner_id.id, self._prepare_by_hand(visit))
            if by_hand or visit.state != "planned":
                one["visits"][visit.plan_date] = visit
                one["locked"].add(visit.plan_date)
            elif visit.source == "period":
                expected.setdefault(visit.partner_id.id, set()).add(visit.plan_date)
        for line in self.line_ids.filtered(lambda line: line.user_id == user and line.locked):
            if line.partner_id.id in demand and line.date in number:
                demand[line.partner_id.id]["locked"].add(line.date)
        for key, one in demand.items():
            wanted = expected.get(key, set())
            if not wanted <= set(one["allowed"]):
                wanted = set()
            fixed = {number[day] for day in one["locked"]}
            self._fix_patterns(one, fixed, {number[day] for day in wanted})

    def _prepare_by_hand(self, visit):
        return {
            "partner": visit.partner_id,
            "rule": None,
            "times": 0,
            "minutes": visit.plan_minutes or 30,
            "patterns": (),
            "allowed": (),
            "confirmed": None,
            "locked": set(),
            "visits": {},
        }

    def _fix_patterns(self, one, fixed, expected):
        """Only patterns with the fixed days; where none has them all, the fixed days with the
        nearest pattern's others."""
        if fixed:
            holding = tuple(p for p in one["patterns"] if fixed <= set(p))
            one["patterns"] = holding or self._mend(one["patterns"], fixed, one["times"])
        if expected:
            pattern = tuple(sorted(expected))
            if len(pattern) == len(one["patterns"][0] if one["patterns"] else ()) and not fixed:
                one["patterns"] = tuple({*one["patterns"], pattern})
                one["confirmed"] = pattern

    def _mend(self, patterns, fixed, times):
        found = set()
        for pattern in patterns:
            free = sorted(set(pattern) - fixed, key=lambda n: -min(abs(n - day) for day in fixed))
            found.add(tuple(sorted(fixed | set(free[: max(0, times - len(fixed))]))))
        return tuple(found) or (tuple(sorted(fixed)),)

    # ---------------------------------------------------------------- before and after

    def _get_before(self, task, user):
        """The way of the visits planned so far, or of evenly filled days when there are none."""
        visits = self._find_visits(
            Domain("user_id", "=", user.id) & Domain("state", "=", "planned")
        )
        by_day = {}
        for visit in visits:
            if visit.partner_id.id in task["node"]:
                by_day.setdefault(visit.plan_date, []).append(task["node"][visit.partner_id.id])
        asked = sum(len(customer.patterns[0]) for customer in task["period"].customers)
        # a few visits planned so far are no plan to compare with
        if sum(map(len, by_day.values())) >= 0.9 * asked and by_day:
            seconds, metres = self._measure(task, by_day.values())
            kind = "planned"
        else:
            days = periodic.balanced_days(task["period"])
            seconds, metres = self._measure(task, days)
            kind = "balanced"
        return {
            "before_kind": kind,
            "before_km": metres / 1000,
            "before_hours": seconds / 3600,
        }

    def _measure_person(self, user, task=None):
        """The way of the lines as they stand, each day from the nearest stop to the nearest or in
        the order of the plan, whichever is shorter."""
        task = task or self._prepare_task(user)
        lines = self.line_ids.filtered(lambda line: line.user_id == user).sorted(
            lambda line: (line.date, line.sequence, line.id)
        )
        seconds = metres = 0
        for _date, group in lines.grouped("date").items():
            nodes = [
                task["node"][one.partner_id.id]
                for one in group
                if one.partner_id.id in task["node"]
            ]
            trials = (nodes, periodic.nearest_order(task["period"].cost, nodes))
            best = min(trials, key=lambda order: periodic.length_of(task["period"].cost, order))
            seconds += periodic.length_of(task["period"].cost, best)
            metres += periodic.length_of(task["metres"], best)
        self._write_person(user, {"km": metres / 1000, "hours": seconds / 3600})

    def _measure(self, task, days):
        seconds = metres = 0
        for nodes in days:
            order = periodic.nearest_order(task["period"].cost, nodes)
            seconds += periodic.length_of(task["period"].cost, order)
            metres += periodic.length_of(task["metres"], order)
        return seconds, metres
