from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.field_base.tools.errors import FieldRejected

MAX_REFUSALS_SHOWN = 3


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
        user = self.env.user
        # sudo: a lead that left the pool is no longer visible, and must get its true reason
        leads = self.sudo().exists()
        refused = {
            lead_id: self._get_not_member_reason() for lead_id in set(self.ids) - set(leads.ids)
        }
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
        for pool, pool_leads in won.grouped("field_pool_id").items():
            vals = {"user_id": user.id}
            if pool.team_id:
                vals["team_id"] = pool.team_id.id
            pool_leads.write(vals)
        return (mine | won).sudo(self.env.su), refused

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
        reasons = {}
        slots = self.field_pool_id._get_free_slots(user)
        for lead in self:
            reason = lead._get_cannot_claim_reason(user, slots)
            if reason:
                reasons[lead.id] = reason
            elif lead.user_id != user:
                slots[lead.field_pool_id.id] = tuple(
                    left if left is None else left - 1 for left in slots[lead.field_pool_id.id]
                )
        return reasons

    def _get_cannot_claim_reason(self, user, slots):
        pool = self.field_pool_id
        if user not in pool.member_ids or pool.company_id not in user.company_ids:
            return self._get_not_member_reason()
        if self.user_id:
            return False if self.user_id == user else self._get_already_claimed_reason()
        if not self.active or self.won_status != "pending" or not pool.active:
            message = self.env._(
                "“%(lead)s” is closed and can no longer be claimed.", lead=self.name
            )
            return ("not_claimable", message)
        return self._get_limit_reason(*slots[pool.id])

    def _get_not_member_reason(self):
        # The same words for "does not exist": outsiders learn nothing about a pool.
        return ("not_member", self.env._("This lead is not in a pool you are a member of."))

    def _get_already_claimed_reason(self):
        message = self.env._(
            "“%(lead)s” was just taken by %(user)s. Choose another lead.",
            lead=self.name,
            user=self.user_id.name,
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
