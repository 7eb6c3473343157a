"""Hot leads are drawn by lot among those who want them; who takes good care of leads has better
chances. Speed of the finger counts for nothing."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.draw import merit, pick
from odoo.addons.field_base.tools.errors import FieldRejected

MERIT_DAYS = 90


class FieldLeadPool(models.Model):
    _inherit = "field.lead.pool"

    draw_minutes = fields.Integer(
        "Hot Leads Are Drawn after (minutes)",
        tracking=True,
        help="Hot leads that come into the pool are not claimed but drawn by lot among those who "
        "enter within this time. 0: claimed like all others.",
    )

    _draw_minutes_positive = models.Constraint(
        "CHECK(draw_minutes >= 0)", "The time to enter a draw cannot be negative."
    )


class FieldLeadDraw(models.Model):
    _name = "field.lead.draw"
    _description = "Draw of a Hot Lead"
    _order = "closes_at desc, id desc"
    _rec_name = "lead_name"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    lead_name = fields.Char(readonly=True, required=True)
    pool_id = fields.Many2one(
        "field.lead.pool", readonly=True, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, required=True, index=True, ondelete="cascade"
    )
    closes_at = fields.Datetime("Drawn at", readonly=True, required=True)
    state = fields.Selection(
        [("open", "Open"), ("drawn", "Drawn"), ("empty", "Nobody entered")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    seed = fields.Char(readonly=True, groups="field_base.field_base_group_admin")
    winner_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    entry_ids = fields.One2many("field.lead.draw.entry", "draw_id", "Entries", readonly=True)
    entry_count = fields.Integer("Entries so far", compute="_compute_entry_count")

    _open_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'open'", "This lead is already being drawn."
    )

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        for draw in self:
            draw.entry_count = len(draw.sudo().entry_ids)

    @api.model
    def _open_for(self, leads):
        """Open draws for hot leads that have just come into a pool with a lottery (sudo)."""
        hot = leads.filtered(lambda le: le.field_pool_id.draw_minutes and le._is_hot())
        now = fields.Datetime.now()
        return self.create(
            [
                {
                    "lead_id": lead.id,
                    "lead_name": lead.name,
                    "pool_id": lead.field_pool_id.id,
                    "company_id": lead.field_pool_id.company_id.id,
                    "closes_at": now + timedelta(minutes=lead.field_pool_id.draw_minutes),
                    "seed": secrets.token_hex(16),
                }
                for lead in hot - self._get_open(hot).lead_id
            ]
        )

    @api.model
    def _get_open(self, leads):
        return self.sudo().search([("lead_id", "in", leads.ids), ("state", "=", "open")])

    def _enter(self, user):
        """Put a person's name in the hat, with his weight and why (sudo)."""
        self.ensure_one()
        if user in self.entry_ids.user_id:
            return
        claims, kept, converted = self._get_records(user)
        self.env["field.lead.draw.entry"].create(
            {
                "draw_id": self.id,
                "user_id": user.id,
                "weight": merit(claims, kept, converted),
                "claims": claims,
                "kept": kept,
                "converted": converted,
            }
        )

    def _get_records(self, user):
        """``(leads taken, of them not run out of time, of them now opportunities)`` of the last
        90 days in the pool."""
        since = fields.Datetime.now() - timedelta(days=MERIT_DAYS)
        self.env["field.lead.claim"].flush_model()
        self.env["crm.lead"].flush_model(["type", "user_id"])
        query = SQL(
            """SELECT count(*),
                      count(*) FILTER (WHERE NOT EXISTS (
                        SELECT FROM field_lead_claim r WHERE r.lead_id = c.lead_id
                           AND r.event = 'recycle' AND r.user_id = c.user_id
                           AND r.claimed_at >= c.claimed_at)),
                      count(*) FILTER (WHERE l.type = 'opportunity' AND l.user_id = c.user_id)
                 FROM field_lead_claim c LEFT JOIN crm_lead l ON l.id = c.lead_id
                WHERE c.user_id = %s AND c.pool_id = %s AND c.claimed_at >= %s
                  AND c.event IN ('claim', 'assign')""",
            user.id,
            self.pool_id.id,
            since,
        )
        return self.env.execute_query(query)[0]

    @api.model
    def _cron_draw(self):
        """Draw what is due; a lead nobody wants is free for all."""
        domain = Domain("state", "=", "open") & Domain("closes_at", "<=", fields.Datetime.now())
        due = self.search(domain, order="closes_at", limit=500)
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for draw in due.try_lock_for_update():
            draw._draw()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _draw(self):
        """Choose the winner and give him the lead.

        Whose limit is used up by now is passed over: the next is drawn among the others.
        """
        self.ensure_one()
        weights = {entry.user_id: entry.weight for entry in self.entry_ids}
        while weights:
            by_id = {user.id: weight for user, weight in weights.items()}
            winner = self.env["res.users"].browse(pick(by_id, self.seed))
            # Closed before the claim: the draw itself bars everybody else from the lead.
            self.write({"state": "drawn", "winner_id": winner.id})
            claimed, _refused = self.lead_id.with_user(winner).sudo(False)._do_claim()
            if claimed:
                return
            del weights[winner]
        self.write({"state": "empty", "winner_id": False})


class FieldLeadDrawEntry(models.Model):
    _name = "field.lead.draw.entry"
    _description = "Entry in a Draw"
    _order = "weight desc, id"

    draw_id = fields.Many2one(
        "field.lead.draw", readonly=True, required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Person", readonly=True, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="draw_id.company_id", store=True, index=True)
    weight = fields.Float("Chances", readonly=True, digits=(6, 2))
    claims = fields.Integer("Leads Taken in 90 Days", readonly=True)
    kept = fields.Integer("Not Run out of Time", readonly=True)
    converted = fields.Integer("Became Opportunities", readonly=True)

    _user_uniq = models.UniqueIndex("(draw_id, user_id)", "Everybody enters once.")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_draw_ids = fields.One2many("field.lead.draw", "lead_id", "Draws")
    field_draw_closes_at = fields.Datetime("Drawn by Lot at", compute="_compute_field_draw")
    field_draw_entered = fields.Boolean("I Have Entered", compute="_compute_field_draw")

    @api.depends_context("uid")
    @api.depends("field_draw_ids.state", "field_draw_ids.entry_ids")
    def _compute_field_draw(self):
        draws = {draw.lead_id.id: draw for draw in self.env["field.lead.draw"]._get_open(self)}
        for lead in self:
            draw = draws.get(lead.id)
            lead.field_draw_closes_at = draw.closes_at if draw else False
            lead.field_draw_entered = bool(draw) and self.env.user in draw.entry_ids.user_id

    def _is_hot(self):
        """Whether the lead is one that everybody wants."""
        self.ensure_one()
        return self.priority in ("2", "3")

    def _after_entering_pool(self):
        """Hook: these leads (sudo) have just come into a pool, new or from an owner."""
        self.env["field.lead.draw"].sudo()._open_for(self)

    def action_enter_draw(self):
        """Take part in the draw of hot leads.

        :raises UserError: a lead is not being drawn any more
        :raises FieldRejected: the person may not have the lead anyway; codes as for a claim
        """
        self.browse().check_access("write")
        self.check_access("read")
        draws = self.env["field.lead.draw"]._get_open(self)
        if draws.lead_id.ids != self.ids and set(draws.lead_id.ids) != set(self.ids):
            raise UserError(self.env._("This lead is not being drawn any more. Look again."))
        reasons = draws.lead_id.with_context(field_drawing=True)._get_cannot_claim_reasons(
            self.env.user
        )
        for code, message in reasons.values():
            raise FieldRejected(code, message)
        for draw in draws:
            draw._enter(self.env.user)
        return True

    def _get_unfit_reasons(self, pool, user):
        reasons = super()._get_unfit_reasons(pool, user)
        if pool.draw_minutes and not self.env.context.get("field_drawing"):
            for draw in self.env["field.lead.draw"]._get_open(self):
                message = self.env._(
                    "“%(lead)s” is drawn by lot. Enter the draw instead.", lead=draw.lead_name
                )
                reasons.setdefault(draw.lead_id.id, ("in_draw", message))
        return reasons
