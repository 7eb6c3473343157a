from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.field_base.tools.errors import FieldRejected

MAX_REFUSALS_SHOWN = 3
READ_FOR_CLAIM = {"active", "company_id", "create_date", "date_last_stage_update", "name", "type"}
READ_FOR_CLAIM |= {"contact_name", "expected_revenue", "partner_name", "probability", "stage_id"}
READ_FOR_CLAIM |= {"field_clock_start", "field_pool_id", "field_region_id", "field_segment_id"}
READ_FOR_CLAIM |= {"field_top_stage_id", "recurring_revenue", "recurring_revenue_monthly"}
READ_FOR_CLAIM |= {"automated_probability", "lead_properties", "team_id", "user_id", "won_status"}
READ_OF_POOL = (
    *("active", "company_id", "team_id", "holding_cap", "claims_per_day", "own_region_only"),
    *("cooldown_days", "team_cooldown_days", "draw_minutes", "recycle_on", "clock_kind"),
    *("contact_hours", "followup_days", "convert_days", "convert_stage_id"),
)


class CrmLead(models.Model):
    """Claiming a lead from its pool and giving it back."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Claim
    # ------------------------------------------------------------

    def action_claim(self):
        """Take leads out of their pool: the current user becomes their salesperson.

        Works on one lead (button, phone) and on many (list). A lead the user already holds
        counts as claimed, so a repeated request is harmless. Never waits for a lock.

        :return: a notification that names what was claimed and, per lead, why not
        :raises FieldRejected: nothing was claimed. Codes: ``not_member``, ``already_claimed``,
            ``busy`` (somebody else is claiming or changing it at this moment), ``cap_reached``,
            ``not_claimable``
        :raises AccessError: the user has no access to leads at all
        """
        self.browse().check_access("write")
        claimed, refused = self._do_claim()
        if not claimed and refused:
            code, _message = next(iter(refused.values()))
            raise FieldRejected(code, "\n".join(message for _code, message in refused.values()))
        return self._prepare_claim_notification(claimed, list(refused.values()))

    def _do_claim(self):
        """Claim what can be claimed.

        :return: ``(claimed leads, {lead id: (code, message)})``
        """
        refused = self._get_early_refusals()
        leads = self.browse(lead_id for lead_id in self.ids if lead_id not in refused)
        leads = leads._read_for_claim()
        user = leads.env.user
        leads.field_pool_id._reserve_quota(user)
        refused |= leads._get_cannot_claim_reasons(user)
        mine = leads.filtered(lambda lead: lead.id not in refused and lead.user_id == user)
        wanted = leads.filtered(lambda lead: lead.id not in refused) - mine
        # Whoever holds the row lock wins. SKIP LOCKED: the other one is told at once. When the
        # winner has committed since this transaction began, PostgreSQL refuses the lock and
        # Odoo repeats the request, which then sees the new owner.
        won = wanted.try_lock_for_update(allow_referencing=True)
        for lead in wanted - won:
            refused[lead.id] = lead._get_busy_reason()
        # How likely Odoo holds a lead to be won hardly depends on its team: worked out anew by
        # night for all claimed ones at once, see `_refresh_probabilities`, or by the next change.
        later = [won._fields[name] for name in ("probability", "automated_probability")]
        with won.env.protecting(later, won):
            for (pool, kind), some in won.grouped(lambda le: (le.field_pool_id, le.type)).items():
                some._give_to(user, pool, kind)
            won.flush_recordset()  # here, where little is read for what is computed anew
        return (mine | won).with_env(self.env), refused

    def _give_to(self, user, pool, kind):
        """Make the user the salesperson of these leads (sudo) of one pool and kind."""
        if pool.team_id:
            self.write({"user_id": user.id, "team_id": pool.team_id.id})
            return
        # As Odoo's own `_compute_team_id` decides, but once for all of them and not once for each.
        stay = self.filtered(
            lambda lead: lead.team_id and user in lead.team_id.member_ids | lead.team_id.user_id
        )
        if stay:
            stay.write({"user_id": user.id})
        if self - stay:
            team_id = self.env["crm.team"]._get_claim_team_id(user.id, kind)
            (self - stay).write({"user_id": user.id, "team_id": team_id})

    def _read_for_claim(self):
        """These leads (sudo), with the few columns a claim looks at.

        Half of what a claim costs would be whole rows of leads, people and companies that nobody
        looks at: a transaction begins with an empty cache. What is not read here is read when
        somebody asks for it, field by field.
        """
        # The claim history says who took it and when; a line in the messages of each lead would say
        # it again and is a fifth of what a claim costs. Giving leads back is not told there either.
        leads = self.sudo().with_context(prefetch_fields=False, mail_notrack=True)
        if not leads:
            return leads
        names = READ_FOR_CLAIM | set(leads._pls_get_safe_fields())
        fields_ = (leads._fields[name] for name in names if name in leads._fields)
        leads.fetch([f.name for f in fields_ if f.store and f.column_type and f.prefetch])
        pools = leads.field_pool_id
        pools.fetch(READ_OF_POOL)
        pools.company_id.fetch(("active", "currency_id", "alias_domain_id"))
        pools.company_id.currency_id.fetch(("rounding", "decimal_places"))
        leads.env.user.fetch(("active", "partner_id", "company_id"))
        leads.env.user.partner_id.fetch(("name", "email", "lang"))
        return leads

    @api.model
    def _refresh_probabilities(self, hours=48, batch=1000):
        """Odoo's probability of leads claimed lately, which a claim leaves as it was."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=hours)
        domain = Domain("field_clock_start", ">", since) & Domain("won_status", "=", "pending")
        last, Lead = 0, self.sudo().with_context(tracking_disable=True)
        while leads := Lead.search(domain & Domain("id", ">", last), order="id", limit=batch):
            last = leads[-1].id
            leads._compute_probabilities()
            if not self.env["ir.cron"]._commit_progress(len(leads)):
                break
            leads.invalidate_recordset()

    def _get_early_refusals(self):
        """Who comes too late, or has no business here, is told after one look at the table.

        Most claims of a wanted lead end here: nothing else is read for them.

        :return: ``{lead id: (code, message)}``
        """
        refused = dict.fromkeys(self.ids, self._get_not_member_reason())
        # sudo: a lead that left the pool is no longer visible, and must get its true reason
        self.sudo().flush_model(["user_id", "field_pool_id", "name"])
        query = SQL(
            """SELECT l.id, l.name, l.user_id, p.name
                 FROM crm_lead l
                 JOIN field_lead_pool pool ON pool.id = l.field_pool_id
                 JOIN field_lead_pool_member_rel m ON m.pool_id = pool.id AND m.user_id = %(uid)s
                 JOIN res_company_users_rel c
                   ON c.cid = pool.company_id AND c.user_id = m.user_id
                 LEFT JOIN res_users u ON u.id = l.user_id
                 LEFT JOIN res_partner p ON p.id = u.partner_id
                WHERE l.id = ANY(%(ids)s)""",
            uid=self.env.uid,
            ids=self.ids,
            to_flush=self.env["field.lead.pool"]._fields["member_ids"],
        )
        for lead_id, name, owner_id, owner in self.env.execute_query(query):
            del refused[lead_id]
            if owner_id and owner_id != self.env.uid:
                refused[lead_id] = self._get_already_claimed_reason(name, owner)
        return refused

    def _check_claim(self):
        """Lock the leads for the current user.

        :raises FieldRejected: he may not claim all of them
        """
        leads = self.sudo()
        leads.field_pool_id._reserve_quota(self.env.user)
        reasons = leads._get_cannot_claim_reasons(self.env.user)
        if not reasons:
            taken = leads - leads.try_lock_for_update(allow_referencing=True)
            reasons = {lead.id: lead._get_busy_reason() for lead in taken}
        for code, message in reasons.values():
            raise FieldRejected(code, message)

    def _get_cannot_claim_reasons(self, user):
        """Why the user cannot claim each of these leads; the limits are used up in their order.

        :return: ``{lead id: (code, message)}``, without the leads that can be claimed
        """
        pools = self.field_pool_id._get_open_to(user)
        reasons = {}
        # The rules beyond membership and numbers come first: they use up no slot.
        free = self.filtered(lambda lead: lead.field_in_pool and lead.field_pool_id in pools)
        for pool, leads in free.grouped("field_pool_id").items():
            reasons |= leads._get_unfit_reasons(pool, user)
        slots = pools._get_free_slots(user)
        for lead in self.filtered(lambda lead: lead.id not in reasons):
            reason = lead._get_cannot_claim_reason(user, slots)
            if reason:
                reasons[lead.id] = reason
            elif lead.user_id != user:
                slots[lead.field_pool_id.id] = tuple(
                    left if left is None else left - 1 for left in slots[lead.field_pool_id.id]
                )
        return reasons

    def _get_unfit_reasons(self, pool, user):
        """Hook: why this person must not claim these free leads (sudo) of one pool.

        :return: ``{lead id: (code, message)}``
        """
        return {}

    def _get_cannot_claim_reason(self, user, slots):
        """:param slots: of the pools that are open to the user, see `_get_free_slots`"""
        pool = self.field_pool_id
        if pool.id not in slots:
            return self._get_not_member_reason()
        if self.user_id:
            if self.user_id == user:
                return False
            return self._get_already_claimed_reason(self.name, self.user_id.name)
        if not self.active or self.won_status != "pending" or not pool.active:
            message = self.env._(
                "“%(lead)s” is closed and can no longer be claimed.", lead=self.name
            )
            return ("not_claimable", message)
        return self._get_limit_reason(*slots[pool.id])

    def _get_not_member_reason(self):
        # The same words for "does not exist": outsiders learn nothing about a pool.
        return ("not_member", self.env._("This lead is not in a pool you are a member of."))

    def _get_already_claimed_reason(self, lead, owner):
        message = self.env._(
            "“%(lead)s” was just taken by %(user)s. Choose another lead.", lead=lead, user=owner
        )
        return ("already_claimed", message)

    def _get_busy_reason(self):
        message = self.env._(
            "“%(lead)s” is just being taken by somebody else. Choose another lead.", lead=self.name
        )
        return ("busy", message)

    def _get_limit_reason(self, holding_left, today_left):
        pool = self.field_pool_id
        if holding_left is not None and holding_left <= 0:
            message = self.env._(
                "You hold %(cap)s leads of “%(pool)s”, which is the limit. Close one or return "
                "one, then claim again.",
                cap=pool.holding_cap,
                pool=pool.name,
            )
            return ("cap_reached", message)
        if today_left is not None and today_left <= 0:
            message = self.env._(
                "You have claimed %(cap)s leads of “%(pool)s” today, which is the limit. Claim "
                "again tomorrow.",
                cap=pool.claims_per_day,
                pool=pool.name,
            )
            return ("cap_reached", message)
        return False

    def _prepare_claim_notification(self, claimed, refusals):
        if len(claimed) == 1:
            lines = [self.env._("“%(lead)s” is yours now.", lead=claimed.name)]
        else:
            lines = [self.env._("%(count)s leads are yours now.", count=len(claimed))]
        lines += [message for _code, message in refusals[:MAX_REFUSALS_SHOWN]]
        if len(refusals) > MAX_REFUSALS_SHOWN:
            more = len(refusals) - MAX_REFUSALS_SHOWN
            lines.append(self.env._("%(count)s more could not be claimed.", count=more))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "message": " ".join(lines),
                "sticky": bool(refusals),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------
    # Return
    # ------------------------------------------------------------

    def action_return_to_pool(self, reason):
        """Give leads back to their pool; the reason is kept in the claim history.

        :param str reason: why, in words; required
        :raises UserError: no reason, or a lead has no pool or already lies in it
        :raises AccessError: the lead belongs to somebody who is not below the current user
        """
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why the lead goes back to the pool."))
        self._check_can_return()
        # sudo: whoever is no longer a member of the pool may still give back what he holds
        self.sudo().with_context(field_return_reason=reason).write({"user_id": False})
        return True

    def _check_can_return(self):
        self.check_access("write")
        for lead in self:
            if error := lead._get_cannot_return_reason():
                raise error

    def _get_cannot_return_reason(self):
        """:return: the exception that explains why not, or False"""
        self.ensure_one()
        if not self.field_pool_id or not self.user_id:
            return UserError(
                self.env._("“%(lead)s” does not come from a lead pool.", lead=self.name)
                if not self.field_pool_id
                else self.env._("“%(lead)s” is already in the pool.", lead=self.name)
            )
        holder = self.user_id.sudo()
        allowed = holder == self.env.user or self.env.user in holder.field_leader_ids
        if allowed or self._may_manage_pools():
            return False
        return AccessError(
            self.env._(
                "“%(lead)s” belongs to %(user)s, who can return it.",
                lead=self.name,
                user=holder.name,
            )
        )
