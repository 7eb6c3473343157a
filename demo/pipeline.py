"""Deals of the last year, two conditions on the stages, a year of invoices: what the funnel and the
forecast live on."""

import random
from datetime import datetime, time, timedelta

from odoo.fields import Command

from . import SEED, catalogue
from .odoo_env import create_translated
from .people import REPS

DEALS, MONTHS, QUARTERS = 140, 12, 14
# How far deals come, and how many are still on their way when they are young.
FAR = ((0, 24), (1, 26), (2, 22), (3, 12), (4, 16))
SEASONS = (0.8, 1.25, 1.1, 0.9)


def fill(env, users, shops, today):
    """The pipeline of the demo company.

    :param shops: list of (places.Shop, res.partner)
    :param today: first day that is not history
    :return: the deals
    """
    quiet = env(context={**env.context, "tracking_disable": True, "mail_notrack": True})
    rng = random.Random(f"{SEED}/deals")
    stages = _make_stages(quiet)
    deals = _make_deals(quiet, users, shops, today, rng)
    _let_them_go(quiet, deals, stages, today, rng)
    _switch_on_conditions(quiet, stages)
    _send_invoices(quiet, users, shops, today, rng)
    _remember_forecasts(quiet, users, today, rng)
    _coach(env, users, deals)
    return deals


def _make_stages(env):
    env["crm.stage"].action_field_standard_stages()
    stages = env["crm.stage"].search([("team_ids", "=", False)])[:5]
    stages[1:4].write({"field_silent_days": 21})
    return stages


def _make_deals(env, users, shops, today, rng):
    codes = [row[-1] for row in catalogue.PRODUCTS]
    lines = env["product.template"].search([("default_code", "in", codes)]).categ_id
    rivals = env["field.competitor"].create([{"name": name} for name in catalogue.RIVALS])
    owner = {person.territory: users[person.login] for person in REPS}
    rows = []
    for _number in range(DEALS):
        shop, partner = rng.choice(shops)
        rows.append(
            {
                "name": f"{shop.zh} · {rng.choice(catalogue.DEAL_TOPICS)}",
                "type": "opportunity",
                "partner_id": partner.id,
                "user_id": owner[shop.territory.key].id,
                "expected_revenue": rng.randrange(6, 90) * 1000,
                "field_product_line_id": rng.choice(lines.ids),
                "field_competitor_ids": [Command.set(rng.sample(rivals.ids, rng.randrange(3)))],
            }
        )
    return env["crm.lead"].create(rows)


def _let_them_go(env, deals, stages, today, rng):
    """Each deal takes its steps through the ORM; then the clock of the rows is set back."""
    reasons = create_translated(
        env, "crm.lost.reason", [{"name": names} for names in catalogue.LOST_REASONS]
    )
    far = {deal: _how_far(rng) for deal in deals}
    begun = {
        deal: today - timedelta(days=int(rng.triangular(1, 30 * MONTHS, 60))) for deal in deals
    }
    for number in range(1, 5):
        going = deals.filtered(lambda deal, number=number: far[deal] >= number)
        going.write({"stage_id": stages[number].id})
    for deal in deals:
        if far[deal] < 4 and rng.random() < min(0.85, (today - begun[deal]).days / 200):
            rival = rng.choice([*deal.field_competitor_ids.ids, False])
            deal.field_lost_competitor_id = rival
            deal.action_set_lost(lost_reason_id=rng.choice(reasons.ids))
        elif far[deal] < 4:
            deal.date_deadline = today + timedelta(days=rng.randrange(5, 150))
    env.flush_all()
    for deal in deals:
        _set_back(env, deal, begun[deal], today, rng)
    env.invalidate_all()


def _how_far(rng):
    return rng.choices([place for place, _share in FAR], [share for _place, share in FAR])[0]


def _set_back(env, deal, begun, today, rng):
    moment = datetime.combine(begun, time(rng.randrange(1, 9), rng.randrange(60)))
    end = datetime.combine(today, time(0))
    env.cr.execute(
        "SELECT id, event FROM field_stage_history WHERE lead_id = %s ORDER BY id", (deal.id,)
    )
    before = moment
    for row_id, event in env.cr.fetchall():
        days = None
        if event != "enter":
            before, moment = moment, min(end, moment + timedelta(days=rng.randrange(2, 26)))
            days = (moment - before).total_seconds() / 86400
        env.cr.execute(
            "UPDATE field_stage_history SET at = %s, days = %s, entered_on = %s WHERE id = %s",
            (moment, days, begun, row_id),
        )
    env.cr.execute(
        "UPDATE crm_lead SET create_date = %s, field_entered_on = %s, date_last_stage_update = %s"
        " WHERE id = %s",
        (datetime.combine(begun, time(1)), begun, moment, deal.id),
    )


def _switch_on_conditions(env, stages):
    """What the company's brochure promises: no quote without a stamp, no talks without the boss."""
    quote = env.ref("field_crm.field_document_category_quote")
    decider = env.ref("field_crm.field_contact_role_decider")
    today = env.cr.now().date()
    gates = env["field.stage.gate"].create(
        [
            {
                "stage_id": stages[3].id,
                "kind": "attachment",
                "category_id": quote.id,
                "grace_until": today + timedelta(days=14),
            },
            {"stage_id": stages[3].id, "kind": "contact", "role_id": decider.id},
        ]
    )
    for gate in gates:
        gate.with_context(lang="zh_CN").name = gate.with_context(lang="zh_CN")._get_default_name()
    gates.action_switch_on()


def _send_invoices(env, users, shops, today, rng):
    """Quarter by quarter to a few good customers, who pay each in his own way; two are open."""
    codes = [row[-1] for row in catalogue.PRODUCTS]
    products = env["product.product"].search([("default_code", "in", codes)])
    lines = {product.categ_id: product for product in products}
    late = {partner: days for (_shop, partner), days in zip(shops[:4], (2, 9, 16, 30), strict=True)}
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    days = [_months_before(first, back) + timedelta(days=9) for back in range(QUARTERS * 3, -1, -3)]
    days += [today - timedelta(days=back) for back in (24, 11)]
    for number, day in enumerate(days):
        if day >= today:
            continue
        partner = list(late)[number % len(late)]
        season = SEASONS[(day.month - 1) // 3] * 1.12 ** (number / 4)
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_user_id": partner.user_id.id,
                "invoice_date": day,
                "invoice_date_due": day + timedelta(days=30),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1,
                            "price_unit": round(season * rng.uniform(18000, 24000), -2),
                            "tax_ids": False,
                        }
                    )
                    for product in lines.values()
                ],
            }
        )
        move.action_post()
        paid_on = day + timedelta(days=30 + late[partner] + rng.randrange(-2, 3))
        if paid_on < today:
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"payment_date": paid_on})._create_payments()


def _months_before(day, months):
    place = day.year * 12 + day.month - 1 - months
    return day.replace(year=place // 12, month=place % 12 + 1)


def _remember_forecasts(env, users, today, rng):
    """The snapshots of the months that are over: near what came, as forecasts are."""
    month = today.replace(day=1)
    came = env["field.forecast"]._get_collected(_months_before(month, 6), month, None)
    env["field.forecast.snapshot"].create(
        [
            {
                "taken_on": first - timedelta(days=3),
                "month": first,
                "source": "invoices",
                "user_id": users["rep"].id,
                "company_id": env.company.id,
                "amount": round(amount * rng.uniform(0.85, 1.2), -2),
                "full": amount,
            }
            for first, amount in came.items()
        ]
    )
    env["field.forecast.snapshot"]._cron_take()


def _coach(env, users, deals):
    """One note that waits for its answer, on the biggest deal of the first rep."""
    mine = deals.filtered(lambda d: d.user_id == users["rep"] and d.won_status == "pending")
    deal = mine.sorted("expected_revenue")[-1:]
    if deal:
        env["field.coach.note"].with_user(users["leader"]).create(
            {"lead_id": deal.id, "kind": "plan", "body": catalogue.COACH_NOTE}
        )
