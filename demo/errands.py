"""What happens beside the visits: work that is given out, suggestions, words of customers and of
leaders. Everything is made by the methods that the buttons call.
"""

from datetime import timedelta

from odoo.fields import Domain

from .odoo_env import as_user, create_translated
from .people import LEADERS, REPS

TASK = ("Set up the winter display", "布置冬季陈列")
GOAL = ("Hot drinks stand in front, one picture", "热饮摆在前排，拍一张照片")
NEW_GOAL = ("Hot drinks and the new poster stand in front", "热饮和新海报摆在前排")
TASK_SHOPS, TASK_DAYS = 3, 10
WORDS = (("5", "很准时 · Always on time"), ("4", "请多带新品 · More new products, please"))
COMMENTS = (
    "今天的货架很好，保持。 · Good shelves today, keep it up.",
    "缺货的绿茶我来催。 · I will see to the green tea.",
)


def run(env, users, shops, today):
    """:param shops: list of (places.Shop, res.partner)"""
    _give_out_work(env, users, shops, today)
    _answer_suggestions(env, users, today)
    _let_customers_speak(env, users)
    _comment_reports(env, users)


def _give_out_work(env, users, shops, today):
    """Each team has a package; half of the people accept it, then its goal changes."""
    for leader in LEADERS:
        team = [person for person in REPS if person.leader == leader.login]
        homes = {person.territory for person in team}
        mine = [partner for shop, partner in shops if shop.territory.key in homes]
        [task] = create_translated(
            as_user(env, users[leader.login]),
            "field.task",
            [
                {
                    "name": TASK,
                    "goal": GOAL,
                    "kind": "promotion",
                    "needs_acceptance": True,
                    "date_from": today,
                    "deadline": today + timedelta(days=TASK_DAYS),
                    "partner_ids": [partner.id for partner in _some_of_each(mine)],
                }
            ],
        )
        task.action_give_out()
        for person in team[::2]:
            _accept(env, users[person.login], task)
        task.goal = f"{NEW_GOAL[1]} {NEW_GOAL[0]}"
        _accept(env, users[team[0].login], task)


def _some_of_each(partners):
    counts = {}
    for partner in partners:
        number = counts.setdefault(partner.user_id, 0)
        if number < TASK_SHOPS:
            counts[partner.user_id] += 1
            yield partner


def _accept(env, user, task):
    mine = [("task_id", "=", task.id), ("user_id", "=", user.id), ("state", "=", "new")]
    as_user(env, user)["field.task.work"].search(mine).action_accept()


def _answer_suggestions(env, users, today):
    """Suggestions for everybody. Half of them have answered: one is taken, one not wanted."""
    for number, person in enumerate(REPS):
        user = users[person.login]
        suggestions = as_user(env, user)["field.suggestion"]._suggest(user, today).with_user(user)
        if number % 2:
            continue
        suggestions[:1].action_accept()
        suggestions[1:2].action_dismiss("phone")


def _let_customers_speak(env, users):
    """Some customers were sent a link, and say what they think of the visit."""
    for person, (rating, remark) in zip(REPS, WORDS, strict=False):
        user = users[person.login]
        visit = env["field.visit"].search(
            [("user_id", "=", user.id), ("state", "=", "done")], limit=1, order="id desc"
        )
        partner = visit.partner_id
        partner.email = partner.email or f"shop-{partner.ref or partner.id}@demo.example.com"
        word = as_user(env, user)["field.visit.word"]._ask(visit.with_user(user))
        word._answer("confirmed", "link", rating=rating, remark=remark)


def _comment_reports(env, users):
    """Leaders answer the last reports of their people."""
    for leader in LEADERS:
        mine = Domain("user_id.field_leader_ids", "in", users[leader.login].ids)
        reports = as_user(env, users[leader.login])["field.work.report"].search(
            mine & Domain("kind", "=", "day"), limit=len(COMMENTS), order="date_from desc, id"
        )
        for report, text in zip(reports, COMMENTS, strict=False):
            report.message_post(body=text, message_type="comment")
