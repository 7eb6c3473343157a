"""How the company plans: how often whom, one fixed line, when shops receive visitors, routes.

Everything is made by the methods that the buttons call.
"""

from datetime import timedelta

from odoo.fields import Command

from .odoo_env import as_user, create_translated
from .people import LEADERS, REPS

RULE = ("Supermarkets every week", "超市每周一次")
LINE = ("Corner shops on Wednesdays", "周三便利店线路")
LINE_STOPS = 6
PERIOD = ("Two weeks ahead", "未来两周")
#: The first of the supermarkets receive nobody in the afternoon.
HOURS, OPEN = 6, (8.5, 12.0)


def make_plans(env, users, shops, today):
    """Rules and lines with the visits they ask for, and the routes of the next working day.

    :param shops: list of (places.Shop, res.partner)
    """
    _open_shops(env, shops)
    rule = _make_rule(env, today)
    rule.action_generate()
    line = _make_line(env, users[REPS[0].login], shops, REPS[0].territory, today)
    line.action_generate()
    _make_routes(env, users, _next_working_day(today))
    _plan_weeks(env, users)


def _plan_weeks(env, users):
    """The first leader looks at two weeks ahead: less way, not published yet."""
    leader = LEADERS[0]
    team = [users[person.login].id for person in REPS if person.leader == leader.login]
    [plan] = create_translated(
        as_user(env, users[leader.login]),
        "field.period.plan",
        [{"name": PERIOD, "user_ids": [Command.set(team)], "weeks": 2, "seconds": 2}],
    )
    plan._do_solve()


def _open_shops(env, shops):
    """Some supermarkets receive visitors in the morning only."""
    markets = [partner for shop, partner in shops if shop.kind == "supermarket"][:HOURS]
    env["field.visiting.hours"].create(
        [
            {
                "partner_id": partner.id,
                "weekday": str(weekday),
                "hour_from": OPEN[0],
                "hour_to": OPEN[1],
            }
            for partner in markets
            for weekday in range(5)
        ]
    )


def _make_rule(env, today):
    grade = env.ref("field_visit.field_grade_a")
    [rule] = create_translated(
        env,
        "field.frequency.rule",
        [
            {
                "name": RULE,
                "domain": repr([("field_grade_id", "=", grade.id)]),
                "times": 1,
                "period": "week",
                "priority": "2",
                "date_from": today,
                "days_ahead": 14,
                "sop_id": env.ref("__demo__.sop_supermarket").id,
            }
        ],
    )
    return rule


def _make_line(env, user, shops, territory, today):
    mine = [
        partner
        for shop, partner in shops
        if shop.territory.key == territory and shop.kind == "shop" and not shop.prospect
    ]
    [line] = create_translated(
        env,
        "field.line",
        [
            {
                "name": LINE,
                "user_id": user.id,
                "on_wed": True,
                "date_from": today,
                "stop_ids": [
                    Command.create({"partner_id": partner.id, "sequence": number})
                    for number, partner in enumerate(mine[:LINE_STOPS], start=1)
                ],
            }
        ],
    )
    return line


def _make_routes(env, users, date):
    """Each rep's day in its best order."""
    Visit = env["field.visit"]
    for person in REPS:
        user = users[person.login]
        planned = [("user_id", "=", user.id), ("plan_date", "=", date), ("state", "=", "planned")]
        if Visit.search_count(planned):
            env["field.route"]._get_or_create(user, date).action_optimise()


def _next_working_day(today):
    days = (today + timedelta(days=number) for number in range(1, 8))
    return next(day for day in days if day.weekday() < 5)
