"""The company itself: its books, people, rules and goods."""

from odoo.fields import Command

from . import catalogue
from .odoo_env import create_translated
from .people import LOGINS, PEOPLE

TZ = "Asia/Shanghai"
GROUPS = {
    "rep": ["field_base.field_base_group_rep"],
    "leader": [
        "field_base.field_base_group_leader",
        "sales_team.group_sale_salesman_all_leads",
        "hr_expense.group_hr_expense_team_approver",
    ],
    "director": [
        "field_base.field_base_group_leader",
        "sales_team.group_sale_manager",
        "hr_expense.group_hr_expense_user",
    ],
}


def set_up(env):
    """Turn the main company into the demo company."""
    company = env.ref("base.main_company")
    _describe(env, company)
    _open_books(env, company)
    _set_rules(env, company)
    _make_procedures(env)
    _make_products(env)
    _make_shelf(env)
    env["field.trade.pack"].create({"code": "consumer"}).action_load()


def _describe(env, company):
    yuan = env.ref("base.CNY")
    yuan.active = True
    company.write({"name": catalogue.COMPANY, "currency_id": yuan.id, "email": "info@example.com"})
    company.partner_id.write(
        {
            "country_id": env.ref("base.cn").id,
            "state_id": env.ref("base.state_cn_SH").id,
            "street": catalogue.COMPANY_STREET,
            "city": "静安区 Jing'an",
            "zip": "200041",
            "phone": "021 5550 0100",
            "tz": TZ,
        }
    )
    company.resource_calendar_id.tz = TZ
    env.ref("base.user_admin").write({"tz": TZ, "name": "管理员 Administrator"})


def _open_books(env, company):
    """A chart of accounts, so that expenses can be posted: China's where Odoo has it."""
    installed = env["ir.module.module"].search_count(
        [("name", "=", "l10n_cn"), ("state", "=", "installed")]
    )
    code = "cn" if installed else "generic_coa"
    if company.chart_template != code:
        env["account.chart.template"].try_loading(code, company=company)


def _set_rules(env, company):
    """The demo company switches on what is off by default."""
    name_en, name_zh = catalogue.POLICY
    policy = env["field.policy"].search([("company_id", "=", company.id)], limit=1)
    values = {
        "name": name_en,
        "tracking_level": "continuous",
        "fence_mode": "soft",
        "fence_radius": 200,
        "fence_accuracy_cap": 100,
        "min_visit_minutes": 8,
        "day_end_hour": 24.0,
        "audio_allowed": True,
        "report_digest": "week",
    }
    policy.write(values)
    policy.with_context(lang="zh_CN").name = name_zh
    asked = env["field.flag.rule"].search([("code", "in", catalogue.QUESTIONS)])
    env["field.policy.flag"].create(
        [{"policy_id": policy.id, "rule_id": rule.id} for rule in asked]
    )
    env["field.mileage.rate"].create(
        [
            {"rate": catalogue.MILEAGE_RATE, "effective_from": "2020-01-01"},
            {
                "rate": catalogue.MILEAGE_RATE_ELECTRIC,
                "vehicle_kind": "electric_car",
                "effective_from": "2020-01-01",
            },
        ]
    )


def _make_procedures(env):
    """Two procedures beside the one that comes with the module."""
    sop = _make_procedure(env, catalogue.PROCEDURE, catalogue.PROCEDURE_STEPS, "supermarket")
    sop.block_check_out = True
    _make_procedure(env, catalogue.TALK, catalogue.TALK_STEPS, "restaurant", _make_form(env))


def _make_procedure(env, name, steps, key, form=None):
    [sop] = create_translated(env, "field.sop", [{"name": name, "sequence": 20}])
    create_translated(
        env,
        "field.sop.step",
        [
            {
                "sop_id": sop.id,
                "key": step.key,
                "kind": step.kind,
                "sequence": 10 * number,
                "name": (step.en, step.zh),
                "instruction": (step.hint_en, step.hint_zh),
                "required": step.required,
                "min_photos": step.min_photos,
                "form_id": form.id if step.kind == "form" else False,
            }
            for number, step in enumerate(steps, start=1)
        ],
    )
    env["ir.model.data"]._update_xmlids(
        [{"xml_id": f"__demo__.sop_{key}", "record": sop, "noupdate": True}]
    )
    return sop


def _make_form(env):
    [form] = create_translated(env, "field.form", [{"name": catalogue.FORM}])
    for number, (kind, name, options) in enumerate(catalogue.QUESTIONS, start=1):
        values = {"form_id": form.id, "kind": kind, "name": name, "sequence": 10 * number}
        # options come with their question: one that asks for a choice needs some
        values["option_ids"] = [Command.create({"name": english}) for english, _chinese in options]
        [question] = create_translated(env, "field.form.question", [values])
        for option, (_english, chinese) in zip(question.option_ids, options, strict=True):
            option.with_context(lang="zh_CN").name = chinese
    return form


def _make_products(env):
    categories = create_translated(
        env, "product.category", [{"name": names} for names in catalogue.CATEGORIES.values()]
    )
    by_key = dict(zip(catalogue.CATEGORIES, categories, strict=True))
    create_translated(
        env,
        "product.template",
        [
            {
                "name": (en, zh),
                "list_price": price,
                "standard_price": cost,
                "categ_id": by_key[category].id,
                "default_code": code,
                "type": "consu",
                "sale_ok": True,
            }
            for en, zh, price, cost, category, code in catalogue.PRODUCTS
        ],
    )


def _make_shelf(env):
    """What must stand on the shelf of a supermarket, and who stands beside it."""
    products = env["product.product"]
    lines = []
    for code, facings, target in catalogue.SHELF_LINES:
        product = products.search([("default_code", "=", code)], limit=1)
        line = {"product_id": product.id, "min_facings": facings, "target_qty": target}
        lines.append(Command.create(line))
    values = {"name": catalogue.SHELF, "task_days": catalogue.SHELF_DAYS, "line_ids": lines}
    create_translated(env, "field.shelf.standard", [values | {"asks_share": True}])
    for (brand, goods), group in zip(catalogue.BRANDS, catalogue.BRAND_GROUPS, strict=True):
        name = catalogue.CATEGORIES[group][0]
        category = env["product.category"].with_context(lang="en_US").search([("name", "=", name)])
        [made] = create_translated(env, "field.rival.brand", [{"name": brand}])
        create_translated(
            env,
            "field.rival.product",
            [
                {
                    "name": name,
                    "brand_id": made.id,
                    "categ_id": category[:1].id,
                    "drop_percent": catalogue.PRICE_DROP,
                }
                for name, _price in goods
            ],
        )


# ---------------------------------------------------------------------- people


def hire(env):
    """Users, employees with their chart, sales teams.

    :return: ``{login: res.users}``
    """
    company = env.ref("base.main_company")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create([_prepare_user_vals(env, person, company) for person in PEOPLE])
    )
    for user in users | env.ref("base.user_admin"):
        # Odoo takes the time zone of somebody's first login from his browser; these people live in
        # Shanghai, wherever the visitor is.
        user.with_user(user)._update_last_login()
    by_login = {user.login: user for user in users}
    departments = _make_departments(env)
    jobs = _make_jobs(env)
    employees = _employ(env, by_login, departments, jobs)
    departments["director"].manager_id = employees["director"]
    for login in ("leader", "leader2"):
        departments[login].manager_id = employees[login]
    _make_teams(env, by_login)
    return by_login


def _prepare_user_vals(env, person, company):
    groups = env["res.groups"].browse()
    for xmlid in GROUPS[person.role]:
        groups |= env.ref(xmlid)
    return {
        "name": person.name,
        "login": person.login,
        "password": person.password,
        "email": f"{person.login}@example.com",
        "phone": person.phone,
        "tz": TZ,
        "lang": "en_US",
        "notification_type": "inbox",  # there is nobody behind these addresses
        "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.link(env.ref("base.group_user").id)]
        + [Command.link(group.id) for group in groups],
    }


def _make_departments(env):
    keys = ("director", "leader", "leader2")
    top, west, east = create_translated(
        env, "hr.department", [{"name": catalogue.DEPARTMENTS[key]} for key in keys]
    )
    (west | east).parent_id = top
    return {"director": top, "leader": west, "leader2": east}


def _make_jobs(env):
    jobs = create_translated(env, "hr.job", [{"name": name} for name in catalogue.JOBS.values()])
    return dict(zip(catalogue.JOBS, jobs, strict=True))


def _employ(env, users, departments, jobs):
    employees = {}
    for person in PEOPLE:
        team = person.login if person.login in departments else person.leader
        employees[person.login] = env["hr.employee"].create(
            {
                "name": person.name,
                "user_id": users[person.login].id,
                "parent_id": employees[person.leader].id if person.leader else False,
                "department_id": departments[team].id,
                "job_id": jobs[person.role].id,
                "job_title": " ".join(reversed(catalogue.JOBS[person.role])),
                "work_phone": person.phone,
                "work_email": f"{person.login}@example.com",
                "tz": TZ,
                "field_vehicle_kind": person.vehicle if person.role == "rep" else False,
                "expense_manager_id": users[person.leader].id if person.leader else False,
            }
        )
    return employees


def _make_teams(env, users):
    """One sales team for each leader; Odoo's own example team goes out of sight."""
    env["crm.team"].search([]).active = False
    for login in ("leader", "leader2"):
        members = [users[p.login].id for p in PEOPLE if login in (p.login, p.leader)]
        create_translated(
            env,
            "crm.team",
            [
                {
                    "name": catalogue.DEPARTMENTS[login],
                    "user_id": users[login].id,
                    "member_ids": [Command.set(members)],
                }
            ],
        )


def set_first_screens(env, users):
    """Where each role lands after the login."""
    today = env.ref("field_visit.field_visit_action_today")
    live = env.ref("field_tracking.field_track_live_action")
    for person in PEOPLE:
        users[person.login].action_id = today.id if person.role == "rep" else live.id


def give_phones(env, users):
    """A tracker app for each rep, as an administrator registers them; the phones enrol later."""
    reps = [person for person in PEOPLE if person.role == "rep"]
    env["field.device"].create(
        [
            {
                "name": f"轨迹应用 Tracker · {person.en}",
                "kind": "tracker",
                "user_id": users[person.login].id,
            }
            for person in reps
        ]
    )


def set_language(env, lang):
    """Language of everybody who is named to the visitor, and of the company's letters."""
    logins = {login.login for login in LOGINS} | {person.login for person in PEOPLE}
    users = env["res.users"].search([("login", "in", sorted(logins))])
    users.write({"lang": lang})
    env.ref("base.main_company").partner_id.lang = lang
