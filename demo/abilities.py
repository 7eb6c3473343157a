"""What the salespeople can do, which leads are worth most, and the teams of big deals."""

import json
from datetime import timedelta

from odoo.fields import Command, Datetime

from . import catalogue
from .odoo_env import as_user, create_translated
from .people import REPS

# West and east of the river; the demo's shops lie in the one or the other.
WEST, EAST = (121.30, 31.05, 121.505, 31.35), (121.505, 31.05, 121.75, 31.35)
SENIOR, NEWCOMER = ("rep", "rep5"), ("rep4", "rep8")
EAST_LOGINS = ("rep6", "rep7")


def set_rules(env, users):
    """Regions, segments, profiles and points: before the leads, which then have them."""
    west, east = create_translated(
        env,
        "field.lead.region",
        [
            {"name": name, "area": json.dumps(_box(*box))}
            for name, box in zip(catalogue.REGIONS, (WEST, EAST), strict=True)
        ],
    )
    create_translated(
        env,
        "field.lead.segment",
        [
            {"name": name, "lead_domain": repr(domain), level: value}
            for (name, domain), (level, value) in zip(
                catalogue.SEGMENTS, (("level_min", "3"), ("level_max", "2")), strict=True
            )
        ],
    )
    env["field.lead.seller"].create(
        [_prepare_profile(users[person.login], person.login, west, east) for person in REPS]
    )
    create_translated(
        env,
        "field.lead.point.rule",
        [
            {"name": name, "lead_domain": repr(domain), "points": points}
            for name, domain, points in catalogue.POINTS
        ],
    )


def _box(left, bottom, right, top):
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {"type": "Polygon", "coordinates": [ring]}


def _prepare_profile(user, login, west, east):
    return {
        "user_id": user.id,
        "level": "3" if login in SENIOR else "1" if login in NEWCOMER else "2",
        "region_ids": [Command.set((east if login in EAST_LOGINS else west).ids)],
        "open_cap": 0 if login in SENIOR else 60,
    }


def give_out(env, users):
    """Leads of a fair that one team gives out by ability: the lead says why he got it."""
    team = env["crm.team"].search([("user_id", "=", users["leader"].id)], limit=1)
    team.write({"field_assign_by_ability": True, "field_accept_hours": 24})
    team.crm_team_member_ids.filtered(lambda m: m.user_id == team.user_id).assignment_optout = True
    shops = env["crm.lead"].search([("field_in_pool", "=", True)], order="id desc", limit=4)
    leads = env["crm.lead"]
    for shop, revenue in zip(shops, (88, 26, 19, 14), strict=True):
        leads |= shop.copy(
            {
                "team_id": team.id,
                "user_id": False,
                "field_pool_id": False,
                "field_segment_id": False,
                "expected_revenue": revenue * 1000,
                "source_id": shop.source_id.id,
            }
        )
    team._assign_by_ability(force_quota=True)
    return leads


def form_teams(env, users, deals):
    """Two big deals with the people who help, what they took, and what waits for a leader."""
    biggest = deals.filtered(lambda d: d.won_status == "pending").sorted("expected_revenue")
    for asker, helper, later in (("rep", "rep7", "rep5"), ("rep5", "rep3", "rep")):
        deal = biggest.filtered(lambda d, user=users[asker]: d.user_id == user)[-1:]
        if deal:
            _form_team(env, users, deal, (users[helper], users[later]))


def _form_team(env, users, deal, helpers):
    helper = helpers[0]
    roles = [env.ref(f"field_crm.field_deal_role_{n}") for n in ("director", "expert", "presales")]
    mine = as_user(env, deal.user_id)
    mine["field.deal.member"].create(
        {"lead_id": deal.id, "user_id": users["director"].id, "role_id": roles[0].id}
    )
    mine["field.lead.contact"].create(
        {
            "lead_id": deal.id,
            "partner_id": deal.partner_id.id,
            "role_id": env.ref("field_crm.field_contact_role_decider").id,
            "influence": "4",
            "attitude": "for",
        }
    )
    day = Datetime.now().date() + timedelta(days=3)
    done, _open = mine["field.deal.request"].create(
        [
            {
                "lead_id": deal.id,
                "user_id": person.id,
                "role_id": role.id,
                "purpose": purpose,
                "hours": hours,
                "needed_on": day,
            }
            for person, role, (purpose, hours) in zip(
                helpers, roles[1:], catalogue.HELP, strict=True
            )
        ]
    )
    done.with_env(as_user(env, helper.employee_id.parent_id.user_id)).action_approve()
    his = done.with_env(as_user(env, helper))
    his.write({"hours_used": 5.5, "cost_used": 120})
    his.action_done()
    deal.activity_schedule("mail.mail_activity_data_todo", day, catalogue.TASK, user_id=helper.id)
