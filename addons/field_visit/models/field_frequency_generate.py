"""Planned visits from the rules: the database finds what is missing, for all customers at once.

A second run finds nothing missing and writes nothing. Whatever is planned or done counts, whoever
planned it; only what a rule has planned itself, and nobody has touched since, is ever taken back.
"""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.periods import pick_days
from odoo.addons.field_base.tools.times import local_date, local_hour

_logger = logging.getLogger(__name__)

LIVE_STATES = ("planned", "in_progress", "done")
#: Minutes between two visits, when nothing better is known.
WAY_MINUTES = 15
_BATCH = 2000


class FieldFrequencyRule(models.Model):
    _inherit = "field.frequency.rule"

    @api.model
    def _cron_generate(self):
        """Every night, rule by rule; what an archived one has planned is taken back."""
        cron = self.env["ir.cron"]
        rules = self.search([("active", "in", (True, False))])
        cron._commit_progress(remaining=len(rules))
        for rule in rules:
            rule._try_generate()
            if not cron._commit_progress(1):
                break

    def _try_generate(self):
        """One rule that cannot be planned must not keep the others from it."""
        try:
            with self.env.cr.savepoint():
                self._do_generate()
        except OperationalError:
            raise  # Odoo tries again
        except Exception:
            _logger.exception("the visit frequency %s cannot be planned", self.id)

    def unlink(self):
        """What the rules have planned goes with them, as when they are archived."""
        self.check_access("unlink")
        for rule in self.sudo():
            rule._drop_all(rule._get_today())
        return super().unlink()

    def _do_generate(self):
        """Take back what is too much, plan what is missing, note what has no room.

        :returns: ``(visits made, visits taken back)``
        """
        made = dropped = 0
        for rule in self.sudo().filtered("active").with_context(active_test=True):
            today = rule._get_today()
            dropped += rule._drop_surplus(today)
            made += rule._plan_missing(today)
        for rule in self.sudo() - self.sudo().filtered("active"):
            dropped += rule._drop_all(rule._get_today())
        return made, dropped

    # ---------------------------------------------------------------- reading

    def _get_partner_query(self):
        """``SELECT id, user_id`` of the customers, for the queries below."""
        Partner = self.env["res.partner"]
        query = Partner._search(self._get_partner_domain())
        return query.select(
            SQL.identifier(query.table, "id"),
            SQL.identifier(query.table, "user_id"),
            SQL.identifier(query.table, "field_grade_id"),
        )

    def _flush_for_sql(self):
        self.env["field.visit"].flush_model()
        self.env["res.partner"].flush_model()

    def _find_missing(self, target):
        """Customers with too few visits in a period; a grade of another company is none.

        :returns: rows of ``(partner, user, grade, missing, days of visits near, numbers in use,
            days of visits near that are not the rule's)``
        """
        widest = self.env["field.policy"]._get_widest_guard(self.company_id)
        gap = timedelta(days=max(self._get_gap(), widest))
        query = SQL(
            """
            WITH target AS (%(partners)s)
            SELECT target.id, target.user_id, grade.id,
                   %(due)s - count(visit.id) FILTER (
                       WHERE visit.plan_date BETWEEN %(first)s AND %(last)s),
                   array_agg(visit.plan_date),
                   array_agg(visit.rule_number) FILTER (
                       WHERE visit.rule_id = %(rule)s AND visit.rule_period = %(index)s),
                   array_agg(visit.plan_date) FILTER (
                       WHERE visit.rule_id IS DISTINCT FROM %(rule)s)
              FROM target
              LEFT JOIN field_grade grade
                     ON grade.id = target.field_grade_id
                    AND (grade.company_id IS NULL OR grade.company_id = %(company)s)
              LEFT JOIN field_visit visit
                     ON visit.partner_id = target.id AND visit.company_id = %(company)s
                    AND visit.state IN %(live)s
                    AND visit.plan_date BETWEEN %(low)s AND %(high)s
             GROUP BY target.id, target.user_id, grade.id
            HAVING count(visit.id) FILTER (
                       WHERE visit.plan_date BETWEEN %(first)s AND %(last)s) < %(due)s
             ORDER BY target.id
            """,
            partners=self._get_partner_query(),
            due=target["due"],
            first=target["first"],
            last=target["last"],
            low=target["first"] - gap,
            high=target["last"] + gap,
            rule=self.id,
            index=target["index"],
            company=self.company_id.id,
            live=LIVE_STATES,
        )
        return self.env.execute_query(query)

    # ---------------------------------------------------------------- taking back

    def _drop_surplus(self, today):
        """Visits that others have made unnecessary, or whose customer is no longer the rule's."""
        self._flush_for_sql()
        ids = set()
        for target in self._get_targets(*self._get_horizon(today)):
            ids.update(self._find_surplus(target, today))
        ids.update(self._find_strangers(today))
        ids.update(self._find_days_off(today))
        return self._unlink_planned(ids)

    def _drop_all(self, today):
        """A rule that was archived plans nothing any more."""
        return self._unlink_planned(self.env["field.visit"].search(self._get_own_domain(today)).ids)

    def _get_own_domain(self, today):
        return [
            ("rule_id", "=", self.id),
            ("state", "=", "planned"),
            ("plan_touched", "=", False),
            ("plan_date", ">=", today),
        ]

    def _unlink_planned(self, ids):
        visits = self.env["field.visit"].browse(ids)
        visits.unlink()
        return len(visits)

    def _find_surplus(self, target, today):
        """Own untouched visits above the number a period asks for, the last ones first."""
        query = SQL(
            """
            SELECT id FROM (
                SELECT id, rule_id, state, plan_touched, plan_date,
                       count(*) OVER (PARTITION BY partner_id) AS live,
                       row_number() OVER (
                           PARTITION BY partner_id,
                               (rule_id = %(rule)s AND state = 'planned'
                                AND plan_touched IS NOT TRUE
                                AND plan_date >= %(today)s) IS TRUE
                           ORDER BY plan_date DESC, id DESC) AS place
                  FROM field_visit
                 WHERE company_id = %(company)s AND state IN %(live)s
                   AND plan_date BETWEEN %(first)s AND %(last)s
                   AND partner_id IN (
                       SELECT partner_id FROM field_visit
                        WHERE rule_id = %(rule)s AND state = 'planned'
                          AND plan_date BETWEEN %(today)s AND %(last)s)
            ) seen
             WHERE rule_id = %(rule)s AND state = 'planned' AND plan_touched IS NOT TRUE
               AND plan_date >= %(today)s AND place <= live - %(times)s
            """,
            rule=self.id,
            today=max(today, target["first"]),
            company=self.company_id.id,
            live=LIVE_STATES,
            first=target["first"],
            last=target["last"],
            times=self.times,
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _find_strangers(self, today):
        """Own untouched visits of customers that left the rule, changed hands, or after its end, or
        receive nobody on that day any more."""
        query = SQL(
            """
            SELECT visit.id
              FROM field_visit visit
              LEFT JOIN (%(partners)s) target
                     ON target.id = visit.partner_id AND target.user_id = visit.user_id
             WHERE visit.rule_id = %(rule)s AND visit.state = 'planned'
               AND visit.plan_touched IS NOT TRUE AND visit.plan_date >= %(today)s
               AND (target.id IS NULL OR visit.plan_date > %(end)s
                    OR (visit.partner_id IN (SELECT partner_id FROM field_visiting_hours)
                        AND NOT EXISTS (
                            SELECT 1 FROM field_visiting_hours hours
                             WHERE hours.partner_id = visit.partner_id
                               AND hours.weekday::int + 1 = extract(isodow FROM visit.plan_date))))
            """,
            partners=self._get_partner_query(),
            rule=self.id,
            today=today,
            end=self.date_to or today + timedelta(days=3650),
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _find_days_off(self, today):
        """Own untouched visits on days that are none of the rule, or on which their person does not
        work: leave is mostly approved after they were planned."""
        rows = self.env["field.visit"]._read_group(
            self._get_own_domain(today), ["user_id", "plan_date:day"], ["id:array_agg"]
        )
        if not rows:
            return []
        users = self.env["res.users"].browse({user.id for user, _day, _ids in rows})
        planned = self._get_planned_days(users, sorted({day for _user, day, _ids in rows}))
        return [
            visit_id
            for user, day, ids in rows
            if not (self._is_allowed(day) and planned[user.id, day].spans)
            for visit_id in ids
        ]

    # ---------------------------------------------------------------- planning

    def _plan_missing(self, today):
        """Make the visits there is room for; the rest is noted as a gap."""
        start, end = self._get_horizon(today)
        found = [(target, self._find_missing(target)) for target in self._get_targets(start, end)]
        users = self.env["res.users"].browse(
            sorted({row[1] for _target, rows in found for row in rows})
        )
        room = self._get_room(users, start, end) if users else {}
        minutes_of = self._get_minutes(users)
        guards = self._get_guards(users)
        open_on = self._get_open_weekdays() if users else {}
        vals_list, gaps, made = [], {}, {}
        for target, rows in found:
            days = self._get_days(max(start, target["first"]), target["until"])
            for row in rows:
                # what the period before has got lies near as well
                near = made.setdefault(row[0], [])
                weekdays = open_on.get(row[0])
                suits = [d for d in days if weekdays is None or d.weekday() in weekdays]
                apart = self._keep_apart(suits, row, guards)
                vals = self._place(target, row, apart, room, minutes_of, near)
                near += [values["plan_date"] for values in vals]
                vals_list += vals
                self._count_gap(gaps, row, len(vals), minutes_of, len(apart) < len(suits))
        for first in range(0, len(vals_list), _BATCH):
            self._make_visits(vals_list[first : first + _BATCH])
        self._write_gaps(gaps, start, end)
        return len(vals_list)

    def _get_open_weekdays(self):
        """``{partner.id: weekdays}`` of the rule's customers with visiting hours."""
        return self.env["field.visiting.hours"]._get_weekdays(self._get_partner_domain())

    def _get_guards(self, users):
        """``{user.id: days kept from visits of others at the same customer}``"""
        policies = self.env["field.policy"].with_company(self.company_id)._get_for_users(users)
        return {user: policy.duplicate_days for user, policy in policies.items()}

    @api.model
    def _keep_apart(self, days, row, guards):
        """The days on which nobody else of us is at the customer shortly before or after; how the
        rule's own visits lie apart, the rule itself says."""
        guard, others = guards.get(row[1], 0), [day for day in row[6] or () if day]
        if not guard or not others:
            return days
        return [day for day in days if all(abs((day - other).days) > guard for other in others)]

    def _get_days(self, first, last):
        """The days of the rule's week between two days."""
        span = range((last - first).days + 1)
        days = (first + timedelta(days=n) for n in span)
        return [day for day in days if self._is_allowed(day)]

    def _get_minutes(self, users):
        """``{(user, grade): minutes}`` a visit takes, without the way."""
        setups = self.env["field.route.setup"]._get_values(users, self.company_id)
        grades = (
            self.env["field.grade"]
            .with_context(active_test=False)
            .search([("company_id", "in", (False, self.company_id.id))])
        )
        of_grade = {grade.id: grade.visit_minutes for grade in grades} | {None: 0}
        return {
            (user_id, grade): self.plan_minutes or minutes or setup["visit_minutes"]
            for user_id, setup in setups.items()
            for grade, minutes in of_grade.items()
        }

    def _get_room(self, users, start, end):
        """``{user: {day: minutes left}}`` between calendar, leave, and what is planned already.

        A day off has no entry, nor a day that has begun.
        """
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        planned = self._get_planned_days(users, days)
        setups = self.env["field.route.setup"]._get_values(users, self.company_id)
        first = {user.id: self._get_first_day(user, setups[user.id]) for user in users}
        room = {user.id: {} for user in users}
        for (user_id, day), plan in planned.items():
            setup = setups[user_id]
            bounds = (setup["day_end"] - setup["day_start"]) * 60
            minutes = min(plan.hours * 60, bounds) - setup["lunch_minutes"]
            if plan.spans and minutes > 0 and day >= first[user_id]:
                room[user_id][day] = minutes
        for user_id, day, minutes, count in self._get_load(users, start, end):
            if day in room[user_id]:
                usual = setups[user_id]["visit_minutes"]
                room[user_id][day] -= minutes + count[0] * usual + count[1] * WAY_MINUTES
        return room

    def _get_planned_days(self, users, days):
        policy = self.env["field.policy"].with_company(self.company_id)
        return policy._get_planned_days(users, days)

    @api.model
    def _get_first_day(self, user, setup):
        """Tomorrow where the person is; today only before his day begins."""
        now, zone = fields.Datetime.now(), user._field_tz()
        today = local_date(now, zone)
        has_begun = now >= local_hour(today, setup["day_start"], zone)
        return today + timedelta(days=int(has_begun))

    def _get_load(self, users, start, end):
        """Rows of ``(user, day, minutes, (visits without minutes, visits))``."""
        groups = self.env.execute_query(
            SQL(
                """SELECT user_id, plan_date, sum(COALESCE(plan_minutes, 0)),
                          count(*) FILTER (WHERE COALESCE(plan_minutes, 0) = 0), count(*)
                     FROM field_visit
                    WHERE user_id IN %s AND plan_date BETWEEN %s AND %s AND state IN %s
                    GROUP BY user_id, plan_date""",
                tuple(users.ids),
                start,
                end,
                LIVE_STATES,
            )
        )
        return [(user, day, minutes, (bare, count)) for user, day, minutes, bare, count in groups]

    def _place(self, target, row, days, room, minutes_of, made):
        """Values of the visits of one customer in one period; ``made`` are days of his others."""
        partner_id, user_id, grade_id, missing, near, numbers, _others = row
        free = room.get(user_id, {})
        minutes = minutes_of[user_id, grade_id]
        picked = pick_days(
            [day for day in days if day in free],
            [*made, *(day for day in near if day)],
            free,
            minutes + WAY_MINUTES,
            max(1, self._get_gap()),
            missing,
        )
        used = set(numbers or ())
        unused = (number for number in range(1, 100) if number not in used)
        return [
            {
                "partner_id": partner_id,
                "user_id": user_id,
                "company_id": self.company_id.id,
                "plan_date": day,
                "priority": self.priority,
                "plan_minutes": minutes,
                "source": "rule",
                "rule_id": self.id,
                "rule_period": target["index"],
                "rule_number": next(unused),
                **self._get_mould(),
            }
            for day in sorted(picked)
        ]

    def _make_visits(self, vals_list):
        self.env["field.visit"].with_company(self.company_id)._with_planner().create(vals_list)
        self.env["field.visit"].flush_model()
        self.env.invalidate_all()  # tens of thousands of visits are nothing to keep in memory

    # ---------------------------------------------------------------- what has no room

    def _count_gap(self, gaps, row, made, minutes_of, is_guarded):
        _partner, user_id, grade_id, missing, *_rest = row
        none = {"due": 0, "missing": 0, "minutes": 0, "near": 0}
        gap = gaps.setdefault((user_id, grade_id or False), none)
        gap["near"] += missing - made if is_guarded else 0
        gap["due"] += missing
        gap["missing"] += missing - made
        gap["minutes"] += (missing - made) * (minutes_of[user_id, grade_id] + WAY_MINUTES)

    def _write_gaps(self, gaps, start, end):
        """One row for each person and grade that has too much to do; the same again is no write."""
        Gap = self.env["field.plan.gap"]
        known = {
            (gap.user_id.id, gap.grade_id.id): gap
            for gap in Gap.search([("rule_id", "=", self.id)])
        }
        wanted = {key: gap for key, gap in gaps.items() if gap["missing"]}
        for key in known.keys() - wanted.keys():
            known[key].unlink()
        for (user_id, grade_id), gap in wanted.items():
            values = {
                "date_from": start,
                "date_to": end,
                "visits_missing": gap["missing"],
                "minutes_missing": gap["minutes"],
                "near_missing": gap["near"],
            }
            row = known.get((user_id, grade_id))
            if not row:
                key = {"rule_id": self.id, "user_id": user_id, "grade_id": grade_id}
                Gap.create({**key, **values, "company_id": self.company_id.id})
            elif any(row[name] != value for name, value in values.items()):
                row.write(values)
