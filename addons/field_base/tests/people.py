"""People for tests, made all at once: one by one they are what most test classes wait for."""

from odoo.fields import Command

#: No invitation is written, rendered and sent for each of them.
QUIET = {"no_reset_password": True, "mail_create_nosubscribe": True}


def new_people(env, groups, **values):
    """Users as Odoo's `new_test_user` makes them, in one `create`.

    :param dict groups: login to the xml ids of his groups, separated by commas
    :param values: fields that all of them share; a name comes from the login
    :returns: the users, in the order of ``groups``
    """
    users = env["res.users"].with_context(**QUIET)
    return users.create(
        [
            {
                "name": login.split("_", 1)[-1].replace("_", " ").title(),
                "login": login,
                "password": login.ljust(8, "x"),
                "email": f"{login[0]}.{login[0]}@example.com",
                "group_ids": [Command.set([env.ref(name).id for name in names.split(",")])],
                **values,
            }
            for login, names in groups.items()
        ]
    ).with_env(env)


def new_chart(env, chart):
    """Employees of users, each below his manager.

    :param dict chart: user to his manager's user, or to None at the top
    :returns: dict of user to employee
    """
    employees = env["hr.employee"].create(
        [
            {"name": user.name, "user_id": user.id, "company_id": user.company_id.id}
            for user in chart
        ]
    )
    found = dict(zip(chart, employees, strict=True))
    for boss in {boss for boss in chart.values() if boss}:
        below = [found[user].id for user, manager in chart.items() if manager == boss]
        employees.browse(below).parent_id = found[boss]
    return found
