"""Shops, prospects and the lead pool."""

import random

from odoo.fields import Command

from . import SEED, catalogue
from .odoo_env import create_translated
from .people import REPS
from .places import make_shops

LEADS_PER_TERRITORY = 6


def open_shops(env, users):
    """The 120 shops, each with its rep.

    :return: list of (places.Shop, res.partner)
    """
    tags = _make_tags(env)
    owner = {person.territory: users[person.login] for person in REPS}
    shops = make_shops(SEED)
    grades = [env.ref(f"field_visit.field_grade_{letter}") for letter in "abc"]
    china, shanghai = env.ref("base.cn"), env.ref("base.state_cn_SH")
    Partner = env["res.partner"].with_context(mail_auto_subscribe_no_notify=True)
    partners = Partner.create(
        [
            {
                "name": shop.name,
                "ref": f"C{number:03d}",
                "company_type": "company",
                "street": shop.address,
                "city": shop.district,
                "lang": "zh_CN",
                "zip": shop.territory.zip,
                "state_id": shanghai.id,
                "country_id": china.id,
                "phone": f"021 5550 {1000 + number}",
                "partner_latitude": shop.lat,
                "partner_longitude": shop.lng,
                "user_id": owner[shop.territory.key].id,
                "company_id": env.ref("base.main_company").id,
                "field_grade_id": _grade_of(shop, number, grades).id,
                "category_id": [
                    Command.set([tags[key].id for key in (shop.kind, *_state_tags(shop))])
                ],
            }
            for number, shop in enumerate(shops, start=1)
        ]
    )
    return list(zip(shops, partners, strict=True))


def _grade_of(shop, number, grades):
    """Supermarkets matter most, prospects are not graded yet; one in four of the others is B."""
    if shop.prospect:
        return grades[0].browse()
    if shop.kind == "supermarket":
        return grades[0]
    return grades[1 if number % 4 == 0 else 2]


def _state_tags(shop):
    return ("prospect",) if shop.prospect else ()


def _make_tags(env):
    rows = [
        {"name": names, "color": color}
        for color, names in zip((4, 10, 2, 3), catalogue.TAGS.values(), strict=True)
    ]
    tags = create_translated(env, "res.partner.category", rows)
    return dict(zip(catalogue.TAGS, tags, strict=True))


def fill_pool(env, users):
    """A lead pool for everybody, with leads nobody has claimed yet.

    :return: the leads, in the order of the territories
    """
    pool = env["field.lead.pool"].create(
        {
            "name": catalogue.POOL,
            "description": catalogue.POOL_NOTE,
            "member_ids": [
                Command.set([user.id for login, user in users.items() if login != "director"])
            ],
            "holding_cap": 10,
            "claims_per_day": 0,
            "cooldown_days": 7,
            "recycle_on": True,
        }
    )
    rng = random.Random(f"{SEED}/leads")
    known = {shop.key for shop in make_shops(SEED)}
    fresh = [shop for shop in make_shops(f"{SEED}/leads") if shop.key in known]
    chosen = [shop for shop in fresh if int(shop.key[-2:]) <= LEADS_PER_TERRITORY]
    sources = create_translated(
        env, "utm.source", [{"name": names} for names in catalogue.LEAD_SOURCES]
    )
    return env["crm.lead"].create(
        [
            _prepare_lead_vals(env, pool, shop, rng) | _prepare_origin(sources, rng)
            for shop in chosen
        ]
    )


def _prepare_origin(sources, rng):
    return {
        "source_id": rng.choice(sources.ids),
        "priority": rng.choice("00112"),
        "lang_id": sources.env["res.lang"]._get_data(code="zh_CN").id,
    }


def _prepare_lead_vals(env, pool, shop, rng):
    zh, en = rng.choice(catalogue.SURNAMES)
    return {
        "name": f"{shop.zh} · {rng.choice(catalogue.LEAD_TOPICS)}",
        "partner_name": shop.name,
        "contact_name": f"{zh}店长 Mr. {en}",
        "phone": f"021 5550 {rng.randrange(3000, 9000)}",
        "street": shop.address,
        "city": shop.district,
        "zip": shop.territory.zip,
        "country_id": env.ref("base.cn").id,
        "state_id": env.ref("base.state_cn_SH").id,
        "expected_revenue": rng.randrange(8, 60) * 1000,
        "field_pool_id": pool.id,
        "user_id": False,
        "team_id": False,
        "field_lat": shop.lat,
        "field_lng": shop.lng,
    }
