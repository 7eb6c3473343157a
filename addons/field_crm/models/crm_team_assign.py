"""Odoo's automatic assignment, by what people can do: who is experienced enough, whose region it
is, who speaks the language, who works today, who has room."""

from ast import literal_eval
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.field_base.tools.times import local_date

# When nobody fits, these wishes are given up, the first one first. Experience never is.
FALLBACK = ("level_max", "language", "region")


@dataclass
class Candidate:
    """One member in one run."""

    member: object
    seller: object
    quota: int
    room: int | None  # open leads he may still take
    given: int = 0  # in the last 24 hours

    @property
    def has_room(self):
        return self.quota > 0 and (self.room is None or self.room > 0)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    field_assign_by_ability = fields.Boolean(
        "Assign by Ability",
        help="Automatic assignment looks at experience, regions, segments, languages, leave and "
        "open leads of the members (seller profiles).",
    )
    field_accept_hours = fields.Integer(
        "Accept within (hours)",
        help="Who does not accept an assigned lead, or reach the customer, in this time loses it "
        "to the next. 0: nobody is asked.",
    )

    _field_accept_positive = models.Constraint(
        "CHECK(field_accept_hours IS NULL OR field_accept_hours >= 0)",
        "The time to accept cannot be negative.",
    )

    def _assign_and_convert_leads(self, force_quota=False):
        """Teams that assign by ability choose themselves; the others leave it to Odoo."""
        able = self.filtered("field_assign_by_ability")
        result = super(CrmTeam, self - able)._assign_and_convert_leads(force_quota=force_quota)
        for team in able:
            result |= team._assign_by_ability(force_quota)
        return result

    def _assign_by_ability(self, force_quota):
        candidates = self._get_candidates(force_quota)
        result = {
            c.member: {"assigned": self.env["crm.lead"], "quota": c.quota} for c in candidates
        }
        leads = self.env["crm.lead"].search(self._get_lead_to_assign_domain())
        for lead in leads.sorted(lambda le: (-le.probability, le.id)):
            chosen, facts = self._choose(lead, candidates)
            if chosen:
                lead._assign_with_reason(chosen.member.user_id, facts, self.field_accept_hours)
                result[chosen.member]["assigned"] += lead
                chosen.quota -= 1
                chosen.given += 1
                chosen.room = chosen.room and chosen.room - 1
        return result

    def _get_candidates(self, force_quota=False):
        """Members who work today and have room."""
        members = self.crm_team_member_ids.filtered(lambda m: not m.assignment_optout)
        company = self.company_id or self.env.company
        sellers = self.env["field.lead.seller"]._get_for(members.user_id, company)
        present = self._get_present(members.user_id)
        held = self._get_open_counts(members.user_id)
        found = []
        for member in members.filtered(lambda m: m.user_id in present):
            seller = sellers[member.user_id.id]
            room = seller.open_cap - held.get(member.user_id.id, 0) if seller.open_cap else None
            quota = member._get_assignment_quota(force_quota=force_quota)
            found.append(Candidate(member, seller, quota, room, member.lead_day_count))
        return found

    @api.model
    def _get_present(self, users):
        """Who works today by his calendar, without leave."""
        if not users:
            return users
        now = fields.Datetime.now()
        days = {user: local_date(now, user._field_tz()) for user in users}
        planned = (
            self.env["field.policy"].sudo()._get_planned_days(users, sorted(set(days.values())))
        )
        return users.filtered(lambda user: planned[user.id, days[user]].spans)

    @api.model
    def _get_open_counts(self, users):
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [("user_id", "in", users.ids), ("won_status", "=", "pending")],
                ["user_id"],
                ["__count"],
            )
        )
        return {user.id: count for user, count in groups}

    def _choose(self, lead, candidates):
        """Who gets a lead, and why.

        :returns: ``(Candidate or None, facts)``
        """
        able = [c for c in candidates if c.has_room and self._is_able(c, lead)]
        for given_up in range(len(FALLBACK) + 1):
            wishes = FALLBACK[given_up:]
            fitting = [c for c in able if all(_WISHES[name](c, lead) for name in wishes)]
            if fitting:
                chosen = min(fitting, key=lambda c: self._rank(c, lead))
                return chosen, self._get_assignment_facts(chosen, lead, FALLBACK[:given_up])
        return None, []

    @api.model
    def _is_able(self, candidate, lead):
        """What is never given up: Odoo's own condition, experience, segment, his earlier no."""
        needed = lead.field_segment_id.level_min
        if needed and candidate.seller._get_level() < needed:
            return False
        if candidate.member.user_id in lead.field_declined_ids:
            return False
        if not candidate.seller._fits_segment(lead):
            return False
        domain = literal_eval(candidate.member.assignment_domain or "[]")
        return not domain or bool(lead.filtered_domain(domain))

    @api.model
    def _rank(self, candidate, lead):
        """Preferred ones first, then who has got least for his capacity."""
        domain = literal_eval(candidate.member.assignment_domain_preferred or "[]")
        preferred = bool(domain) and bool(lead.filtered_domain(domain))
        capacity = max(candidate.member.assignment_max, 1)
        return (not preferred, candidate.given / capacity, candidate.member.id)


def _speaks(candidate, lead):
    languages = candidate.seller.lang_ids
    return not languages or not lead.lang_id or lead.lang_id in languages


def _is_not_above(candidate, lead):
    most = lead.field_segment_id.level_max
    return not most or candidate.seller._get_level() <= most


_WISHES = {
    "level_max": _is_not_above,
    "language": _speaks,
    "region": lambda candidate, lead: candidate.seller._fits_region(lead),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_accept_until = fields.Datetime(
        "To Be Accepted until", readonly=True, copy=False, index="btree_not_null"
    )
    field_accepted_at = fields.Datetime("Accepted at", readonly=True, copy=False)
    field_declined_ids = fields.Many2many(
        "res.users", "field_lead_declined_rel", "lead_id", "user_id", "Not Accepted by", copy=False
    )

    def _assign_with_reason(self, user, facts, accept_hours):
        until = accept_hours and fields.Datetime.now() + timedelta(hours=accept_hours)
        self.with_context(mail_auto_subscribe_no_notify=True).convert_opportunity(
            self.partner_id, user_ids=user.ids
        )
        self.write(
            {"field_assigned_facts": facts, "field_accept_until": until, "field_accepted_at": False}
        )
        # The chatter is written once: in the language of whom the lead was given to.
        lead = self.with_context(lang=user.lang)
        why = lead.field_assigned_why
        self._message_log(body=lead.env._("Assigned to %(user)s: %(why)s", user=user.name, why=why))

    def action_accept(self):
        """Take on a lead that was assigned.

        :raises UserError: it is not one's own
        """
        self.check_access("write")
        if any(lead.user_id != self.env.user for lead in self):
            raise UserError(self.env._("This lead is not yours to accept."))
        self.sudo().write({"field_accepted_at": fields.Datetime.now(), "field_accept_until": False})
        return True

    def action_decline(self):
        """Give an assigned lead to the next one.

        :raises UserError: it is not one's own, or was accepted already
        """
        self.check_access("write")
        if any(le.user_id != self.env.user or not le.field_accept_until for le in self):
            raise UserError(self.env._("This lead cannot be passed on any more."))
        self.sudo()._pass_on()
        return True

    @api.model
    def _cron_accept(self):
        """Pass on what nobody accepted in time; contact with the customer counts as acceptance."""
        Cron = self.env["ir.cron"]
        due = Domain("field_accept_until", "<=", fields.Datetime.now())
        due &= Domain("user_id", "!=", False) & Domain("won_status", "=", "pending")
        leads = self.sudo().search(due, limit=500, order="field_accept_until")
        Cron._commit_progress(remaining=len(leads))
        for lead in leads.try_lock_for_update():
            lead._count_touches()
            if lead.field_contact_at:
                lead.write({"field_accept_until": False})
            else:
                lead._pass_on()
            if not Cron._commit_progress(1):
                break

    def _pass_on(self):
        """The next fitting member gets these leads (sudo); without one they lie unassigned."""
        for lead in self:
            team = lead.team_id
            lead.write(
                {
                    "field_declined_ids": [fields.Command.link(lead.user_id.id)],
                    "field_accept_until": False,
                    "field_assigned_facts": False,
                }
            )
            chosen, facts = team._choose(lead, team._get_candidates(force_quota=True))
            if chosen:
                lead._assign_with_reason(chosen.member.user_id, facts, team.field_accept_hours)
            else:
                lead.with_context(field_return_reason=self.env._("Not accepted in time")).write(
                    {"user_id": False, "team_id": team.id}
                )
