"""Help with deals on the phone: who is asked for, what his leader says, what it took."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.field_base.tools.collection import Collection, plain
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload

REQUESTS = 200
REFUSALS_DAYS = 14
MAX_ID = 2**31 - 1
MAX_REASON = 2000
MAX_HOURS = 1000
MAX_COST = 1e9


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        return super()._collections() | {
            "deal_help": Collection(
                "field.deal.request",
                self._deal_help_domain(),
                order="id",
                cap=REQUESTS,
                rows=self._deal_help,
                digest=True,
            )
        }

    @api.model
    def _deal_help_domain(self):
        """What one decides, what one helps with, what one has asked for and not yet got or has
        lately been refused."""
        me = self.env.uid
        mine = Domain("user_id", "=", me) | Domain("asked_by_id", "=", me)
        people = Domain("user_id.field_leader_ids", "in", [me])
        lately = fields.Datetime.now() - timedelta(days=REFUSALS_DAYS)
        return (
            (Domain("state", "=", "asked") & (mine | people))
            | (Domain("state", "=", "approved") & mine)
            | (Domain("state", "=", "refused") & mine & Domain("decided_at", ">=", lately))
        )

    @api.model
    def _deal_help(self, requests):
        return [
            {
                "id": request.id,
                # sudo: a leader decides about his people; the deal is somebody else's
                "deal": request.sudo().lead_id.name,
                "role": request.sudo().role_id.with_env(request.env).name,
                "person": request.user_id.sudo().name,
                "asked_by": request.asked_by_id.sudo().name,
                "purpose": request.purpose,
                "needed_on": plain(request.needed_on),
                "hours": request.hours,
                "hours_used": request.hours_used,
                "cost_used": request.cost_used,
                "currency": request.sudo().currency_id.symbol or "",
                "needs": request._get_needs(),
                "state": request.state,
                "answer": plain(request.answer),
                "decide": request.can_decide,
                "mine": self.env.user in request.user_id | request.asked_by_id,
            }
            for request in requests
        ]


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "deal.decide": self.env._("Request for help decided"),
            "deal.hours": self.env._("What help with a deal took"),
        }

    def _apply_deal_decide(self, payload):
        """Kind ``deal.decide``: ``{"request_id": int, "granted": bool, "reason": str}``, by the
        leader; a no has a reason. Refusals: ``bad_payload``, ``not_leader``, ``decided``."""
        values = require_payload(payload, {"request_id": int, "granted": bool}, {"reason": str})
        reason = (values["reason"] or "").strip()
        if len(reason) > MAX_REASON or not (reason or values["granted"]):
            raise FieldRejected("bad_payload", self.env._("Say why not."))
        request = self._read_request(values["request_id"])
        if not request or not request._may_decide():
            raise FieldRejected("not_leader", self.env._("You do not decide this request."))
        if request.state != "asked":
            who = request.sudo().decided_by_id.name or ""
            raise FieldRejected("decided", self.env._("%(user)s was first to decide.", user=who))
        if reason:
            request.answer = reason
        if values["granted"]:
            request.action_approve()
        else:
            request.action_refuse()
        return request

    def _apply_deal_hours(self, payload):
        """Kind ``deal.hours``: ``{"request_id": int, "hours": float, "cost": float,
        "done": bool}``, the last two may be missing; by who helped or who asked. Refusals:
        ``bad_payload``, ``not_yours``, ``closed``, ``incomplete``."""
        values = require_payload(
            payload, {"request_id": int, "hours": float}, {"cost": float, "done": bool}
        )
        hours, cost = values["hours"], values["cost"]
        if not 0 <= hours <= MAX_HOURS or not 0 <= (cost or 0) <= MAX_COST:
            raise FieldRejected("bad_payload", self.env._("These hours or costs are not usable."))
        request = self._read_request(values["request_id"])
        if not request or self.env.user not in request.user_id | request.asked_by_id:
            raise FieldRejected("not_yours", self.env._("This request is not yours."))
        if request.state != "approved":
            raise FieldRejected("closed", self.env._("Nothing is entered for this request now."))
        request.write({"hours_used": hours, **({} if cost is None else {"cost_used": cost})})
        if values["done"]:
            self._close_request(request)
        return request

    def _close_request(self, request):
        try:
            request.action_done()
        except UserError as exc:  # what the company asks for is missing
            raise FieldRejected("incomplete", exc.args[0]) from exc

    def _read_request(self, request_id):
        """The request, or none where it is not there or not the person's to see."""
        requests = self.env["field.deal.request"]
        if not 0 < request_id <= MAX_ID or not requests.has_access("read"):
            return requests
        return requests.browse(request_id).exists()._filtered_access("read")
