"""Mileage of the weeks that are over: claimed by the reps, approved by their leaders, posted."""

from datetime import timedelta

from .odoo_env import as_user
from .people import REPS

OPEN_DAYS = 3  # the latest days nobody has claimed yet
UNAPPROVED_DAYS = 5  # then come those that wait for the leader
UNPOSTED_DAYS = 5  # then those that wait for accounting


def claim_mileage(env, users, past):
    """Expenses in every state, made with the buttons of the people concerned.

    :param users: ``{login: res.users}``
    :param past: working days, oldest first
    """
    claimed = past[: -OPEN_DAYS or None]
    approved = claimed[:-UNAPPROVED_DAYS]
    posted = approved[:-UNPOSTED_DAYS]
    for person in REPS:
        mine = as_user(env, users[person.login])
        days = mine["field.track.day"].search(
            [("user_id", "=", mine.uid), ("date", "in", claimed)], order="date"
        )
        days.action_create_expense()
        days.expense_ids.action_submit()
        leader = as_user(env, users[person.leader])
        _of(leader, days, approved).action_approve()
        env.cr.commit()
    _post(env, posted)


def _of(env, days, dates):
    return env["hr.expense"].search(
        [("field_day_id", "in", days.ids), ("date", "in", dates), ("state", "=", "submitted")]
    )


def _post(env, dates):
    """What accounting does once a week: one receipt for each person."""
    accountant = as_user(env, env.ref("base.user_admin"))
    expenses = accountant["hr.expense"].search(
        [("field_day_id", "!=", False), ("date", "in", dates), ("state", "=", "approved")]
    )
    if not expenses:
        return
    action = expenses.action_post()
    wizard = accountant[action["res_model"]].with_context(**action["context"])
    wizard = wizard.browse(action["res_id"])
    wizard.accounting_date = max(dates) + timedelta(days=1)
    wizard.action_post_entry()
