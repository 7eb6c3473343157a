"""Two people who pass a lead to and fro to keep it out of the others' reach."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SWAP_DAYS = 90


class FieldLeadSwap(models.Model):
    """A question to the leader, never a verdict: there may be good reasons."""

    _name = "field.lead.swap"
    _description = "Lead Passed to and fro"
    _inherit = ["field.scope.mixin"]
    _order = "found_at desc, id desc"
    _rec_name = "lead_name"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    lead_name = fields.Char(readonly=True, required=True)
    pool_id = fields.Many2one(
        "field.lead.pool", readonly=True, required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(readonly=True, check_company=False, string="Holds It Again")
    other_user_id = fields.Many2one(
        "res.users",
        "Held It in Between",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(readonly=True)
    found_at = fields.Datetime("Found", required=True, readonly=True)
    turns = fields.Integer("Changes between the Two", readonly=True)
    state = fields.Selection(
        [("new", "To look at"), ("fine", "There was a reason"), ("swap", "Passed on purpose")],
        default="new",
        required=True,
    )
    note = fields.Char()

    @api.model
    def _look_at(self, leads):
        """Note leads (sudo) whose new owner had them before the last one.

        Looks at who held them in the last 90 days; one row per lead and pair, counted up.
        """
        found = self.browse()
        for lead_id, holders in self._get_holders(leads).items():
            turns = _count_turns(holders)
            if turns:
                found |= self._note(leads.browse(lead_id), *holders[:2], turns)
        return found

    @api.model
    def _get_holders(self, leads):
        """Who held each lead, newest first, without repetitions."""
        query = SQL(
            """SELECT lead_id, array_agg(user_id ORDER BY claimed_at DESC, id DESC)
                 FROM field_lead_claim
                WHERE lead_id = ANY(%s) AND event IN ('claim', 'assign') AND claimed_at >= %s
                GROUP BY lead_id HAVING count(*) > 2""",
            leads.ids,
            fields.Datetime.now() - timedelta(days=SWAP_DAYS),
            to_flush=self.env["field.lead.claim"]._fields["event"],
        )
        rows = self.env.execute_query(query)
        return {
            lead: [u for n, u in enumerate(users) if not n or users[n - 1] != u]
            for lead, users in rows
        }

    @api.model
    def _note(self, lead, user_id, other_id, turns):
        pair = {user_id, other_id}
        domain = Domain("lead_id", "=", lead.id) & Domain("state", "=", "new")
        known = self.search(domain).filtered(lambda s: {s.user_id.id, s.other_user_id.id} == pair)
        vals = {
            "user_id": user_id,
            "other_user_id": other_id,
            "turns": turns,
            "found_at": fields.Datetime.now(),
        }
        if known:
            known.write(vals)
            return known
        pool = lead.field_pool_id
        return self.create(
            {
                **vals,
                "lead_id": lead.id,
                "lead_name": lead.name,
                "pool_id": pool.id,
                "company_id": pool.company_id.id,
            }
        )


def _count_turns(holders):
    """How often a lead changed between its last two holders without a third one.

    >>> [_count_turns(holders) for holders in ([1, 2, 1], [1, 2], [1, 2, 3], [2, 1, 2, 1, 5])]
    [2, 0, 0, 3]
    """
    pair, turns = set(holders[:2]), 0
    for holder in holders[1:]:
        if holder not in pair:
            break
        turns += 1
    return turns if turns > 1 else 0
