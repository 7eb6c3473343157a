from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import scores
from ..tools.priority import PRIORITIES
from odoo.addons.field_base.tools.geo import haversine_m

_BEST = 3
_RELATION_DAYS = 180
_WAY = 15


class FieldDispatch(models.TransientModel):
    """Who should go to a customer on a day: the three best, with their reasons.

    Places are those of plans and check-ins of the day. Live positions are not looked at.
    """

    _name = "field.dispatch"
    _description = "Who should go"

    task_id = fields.Many2one("field.task", "Work package", readonly=True)
    open_partner_ids = fields.Many2many(related="task_id.open_partner_ids")
    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    type_id = fields.Many2one("field.visit.type", "Kind of visit")
    sop_id = fields.Many2one(
        "field.sop", "Standard procedure", help="Empty takes the one of the kind."
    )
    goal_id = fields.Many2one("field.visit.reason", domain=[("usage", "=", "goal")])
    date = fields.Date("Day", required=True, default=fields.Date.context_today)
    minutes = fields.Integer("Expected minutes", required=True, default=30)
    priority = fields.Selection(PRIORITIES, required=True, default="2")
    margin = fields.Integer(
        "Clear lead (points)",
        required=True,
        default=15,
        help="“Assign the best” decides by itself when the best is so far ahead of the second.",
    )
    line_ids = fields.One2many("field.dispatch.line", "dispatch_id", "The best")
    others = fields.Text("Cannot go", readonly=True)

    def action_search(self):
        """List the three best and why the others cannot go."""
        self.ensure_one()
        rows, blocked = self._rank()
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(row) for row in rows[:_BEST]]
        self.others = "\n".join(blocked)
        return self._reopen()

    def action_assign_best(self):
        """Give it to the best one, if he is clearly ahead.

        :raises UserError: nobody can go, or two are about as good
        """
        self.ensure_one()
        self.action_search()
        lines = self.line_ids
        if not lines:
            raise UserError(self.env._("Nobody can go on this day."))
        if len(lines) > 1 and lines[0].score - lines[1].score < self.margin:
            raise UserError(
                self.env._(
                    "%(one)s and %(other)s are about as good: choose yourself.",
                    one=lines[0].user_id.name,
                    other=lines[1].user_id.name,
                )
            )
        return lines[0].action_assign()

    @api.model
    def _open(self, **values):
        """Ask with these values filled in."""
        defaults = {f"default_{name}": value for name, value in values.items()}
        return {**self._reopen(), "res_id": False, "context": defaults}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who should go?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _give_to(self, user):
        """:returns: field.visit, or the field.task.work that waits to be accepted"""
        plan = {
            "plan_date": self.date,
            "plan_minutes": self.minutes,
            "priority": self.priority,
        }
        if self.task_id:
            work = self.task_id._give_to(self.partner_id, user, plan)
            return work.visit_id or work
        mould = {name: self[name].id for name in ("type_id", "sop_id", "goal_id") if self[name]}
        return self.env["field.visit"].create(
            {"partner_id": self.partner_id.id, "user_id": user.id, **plan, **mould}
        )

    # ---------------------------------------------------------------- ranking

    def _get_people(self):
        """Representatives the user may plan for."""
        user = self.env.user
        group = self.env.ref("field_base.field_base_group_rep")
        people = (
            self.env["res.users"]
            .sudo()
            .search([("all_group_ids", "in", group.id), ("company_ids", "in", self.env.company.id)])
        )
        if user.has_group("field_base.field_base_group_admin"):
            return people
        return people & (user | user._field_subordinates())

    def _rank(self):
        """``(rows of the candidates, best first; sentences about the others)``"""
        people = self._get_people()
        facts = self._gather(people)
        rows, blocked = [], []
        for user in people:
            reason = self._get_obstacle(user, facts)
            if reason:
                blocked.append(f"{user.name}: {reason}")
                continue
            parts = self._score(user, facts)
            rows.append(
                {
                    "user_id": user.id,
                    "score": sum(points for points, _text in parts),
                    "reason": ", ".join(f"{text} (+{points})" for points, text in parts if points),
                }
            )
        rows.sort(key=lambda row: (-row["score"], row["user_id"]))
        return rows, blocked

    def _gather(self, people):
        company = self.env.company
        Visit = self.env["field.visit"].sudo()
        visits = Visit.search(
            [
                ("user_id", "in", people.ids),
                ("plan_date", "=", self.date),
                ("state", "in", ("planned", "in_progress", "done")),
            ]
        )
        since = self.date - timedelta(days=_RELATION_DAYS)
        knows = Visit._read_group(
            [
                ("partner_id", "=", self.partner_id.id),
                ("user_id", "in", people.ids),
                ("state", "=", "done"),
                ("plan_date", ">=", since),
            ],
            ["user_id"],
            ["__count"],
        )
        policy = self.env["field.policy"].with_company(company)
        return {
            "planned": policy._get_planned_days(people, [self.date]),
            "setups": self.env["field.route.setup"]._get_values(people, company),
            "visits": visits.grouped("user_id"),
            "knows": {user.id: count for user, count in knows},
            "kin": self._get_kin_shares(people),
            "refusers": self.task_id._get_refusers(self.partner_id),
        }

    def _get_kin_shares(self, people):
        """``{user.id: (share, words)}`` of his customers that are like this one: of the same
        channel, grade or with the same tag, whichever he has most of."""
        kinds = self._get_kinds()
        if not kinds:
            return {}
        Partner = self.env["res.partner"].sudo()
        mine = [("user_id", "in", people.ids)]
        everything = dict(Partner._read_group(mine, ["user_id"], ["__count"]))
        best = {}
        for words, like in kinds:
            for user, count in Partner._read_group([*mine, like], ["user_id"], ["__count"]):
                pair = count / everything[user], words
                best[user.id] = max(best.get(user.id, pair), pair, key=lambda pair: pair[0])
        return best

    def _get_kinds(self):
        """``[(words, condition)]``: what customers can have in common with this one."""
        partner = self.partner_id.sudo()
        kinds = [(tag.name, ("category_id", "=", tag.id)) for tag in partner.category_id]
        if channel := partner.field_channel_id:
            kinds.insert(0, (channel.name, ("field_channel_id", "=", channel.id)))
        if grade := partner.field_grade_id:
            kinds.append((grade.name, ("field_grade_id", "=", grade.id)))
        return kinds

    def _get_minutes(self, user, facts):
        """``(free, all)`` minutes of the person's day."""
        setup = facts["setups"][user.id]
        day = facts["planned"][user.id, self.date]
        room = min(day.hours, setup["day_end"] - setup["day_start"]) * 60 - setup["lunch_minutes"]
        visits = facts["visits"].get(user, self.env["field.visit"])
        taken = sum((v.plan_minutes or setup["visit_minutes"]) + _WAY for v in visits)
        return room - taken, room

    def _get_obstacle(self, user, facts):
        day = facts["planned"][user.id, self.date]
        if day.kind == "leave":
            return self.env._("is on leave")
        if user in facts["refusers"]:
            return self.env._("has refused this work")
        if not day.spans:
            return self.env._("does not work on this day")
        free, _room = self._get_minutes(user, facts)
        if free < self.minutes + _WAY:
            return self.env._("has no room: %(minutes)s minutes left", minutes=max(0, round(free)))
        return ""

    def _score(self, user, facts):
        """``[(points, words)]``"""
        metres = self._get_metres(user, facts)
        free, room = self._get_minutes(user, facts)
        km = f"{(metres or 0) / 1000:.1f}"
        far = (
            self.env._("%(km)s km from the day's way", km=km)
            if metres is not None
            else self.env._("place of the day unknown")
        )
        share, kind = facts["kin"].get(user.id, (0, ""))
        return [
            (scores.distance_points(metres), far),
            (
                scores.load_points(free, room),
                self.env._("%(hours)s free hours", hours=f"{free / 60:.1f}"),
            ),
            self._get_relation(user, facts),
            (
                round(15 * share),
                self.env._(
                    "%(share)s %% of his customers are of the kind “%(kind)s”",
                    share=round(100 * share),
                    kind=kind,
                ),
            ),
        ]

    def _get_relation(self, user, facts):
        partner = self.partner_id.sudo()
        if partner.user_id == user:
            return 20, self.env._("looks after the customer")
        if user in partner.field_co_owner_ids:
            return 12, self.env._("looks after the customer too")
        count = facts["knows"].get(user.id, 0)
        return (8, self.env._("was there %(count)s times", count=count)) if count else (0, "")

    def _get_metres(self, user, facts):
        """From the nearest stop of the day, else from where the day begins."""
        target = self.partner_id._field_position()
        visits = facts["visits"].get(user, self.env["field.visit"])
        points = [visit.partner_id._field_position() for visit in visits]
        setup = facts["setups"][user.id]
        if setup["start_kind"] == "point" and (setup["start_lat"] or setup["start_lng"]):
            points.append((setup["start_lat"], setup["start_lng"]))
        points = [point for point in points if point]
        if not target or not points:
            return None
        return min(haversine_m(*target, *point) for point in points)


class FieldDispatchLine(models.TransientModel):
    _name = "field.dispatch.line"
    _description = "Person who could go"
    _order = "score desc, id"

    dispatch_id = fields.Many2one("field.dispatch", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Person", required=True)
    score = fields.Integer("Points")
    reason = fields.Char("Why")

    def action_assign(self):
        """Plan the visit for this person and open it; of a work package his piece of it, which
        makes its visit when it is accepted."""
        self.ensure_one()
        made = self.dispatch_id._give_to(self.user_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": made._name,
            "res_id": made.id,
            "views": [(False, "form")],
        }
