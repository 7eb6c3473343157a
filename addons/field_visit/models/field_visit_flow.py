"""Check-in, check-out, cancellation: the steps of a visit, one implementation for every path.

Buttons, the phone's journal and the jobs all end in the ``_do_*`` methods below.
"""

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..tools.fence import fence_demand, fence_photo, is_near
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.geo import fence_verdict, haversine_m
from odoo.addons.field_base.tools.payload import read_position
from odoo.addons.field_base.tools.times import local_date

PROVISIONAL_ENDS = ("auto", "next_visit", "fence")


class FieldVisit(models.Model):
    _inherit = "field.visit"

    # ---------------------------------------------------------------- buttons

    def action_check_in(
        self, position=None, reason=None, exception=False, close_previous=False, photo=None
    ):
        """Begin the visit now, at ``position`` (the contract's POSITION dict, or None).

        :param reason: why the check-in happens outside the fence
        :param exception: insist although the fence is in hard mode ("I am here"); needs a reason
        :param close_previous: end the visit that is still open, if there is one
        :param photo: of where one stands (base64), where the policy asks for it
        :raise FieldRejected: outside_fence, no_position, reason_required, photo_required,
            open_visit, bad_position, wrong_state, forbidden
        """
        self.ensure_one()
        if self.state == "done":
            raise FieldRejected("wrong_state", self.env._("This visit is already finished."))
        self._do_check_in(
            position,
            reason=reason,
            exception=exception,
            close_previous=close_previous,
            photos={"data": photo} if photo else None,
        )
        return True

    def action_check_out(self, position=None, note=None, result_id=None):
        """End the visit now, at ``position``.

        :param result_id: what came of it, of field.visit.reason
        :raise FieldRejected: steps_missing, not_checked_in, bad_position, forbidden
        """
        self.ensure_one()
        if self.state not in ("in_progress", "done"):
            raise FieldRejected("not_checked_in", self.env._("Check in first."))
        self._check_can_work()
        if self.state == "in_progress":
            self._take_result(result_id)
            self._do_check_out(position, note=note)
        return True

    def action_close_for_user(self):
        """End a forgotten visit in the representative's place; recorded as ended by a leader."""
        for visit in self:
            if visit.state != "in_progress":
                raise UserError(self.env._("Only a visit in progress can be closed."))
            if visit.user_id == self.env.user:
                raise UserError(self.env._("This is your own visit: check out."))
            visit._do_check_out(end_source="manager")
        return True

    def action_cancel(self, reason=None):
        """Call the visit off; the reason is given here or already written on the visit."""
        for visit in self:
            visit._do_cancel(reason)
        return {"type": "ir.actions.act_window_close"}

    def action_open_cancel(self):
        """Ask for the reason, then cancel."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the visit"),
            "res_model": "field.visit",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("field_visit.field_visit_view_form_cancel").id, "form")],
            "target": "new",
        }

    def action_replan(self):
        """Plan missed or cancelled visits again, for today. A started one stays as it is."""
        if any(visit.check_in_at or visit.state not in ("missed", "cancelled") for visit in self):
            raise UserError(self.env._("Only a missed or cancelled visit can be planned again."))
        today = fields.Date.context_today(self)
        self._with_evidence().write(
            {"state": "planned", "plan_date": today, "cancel_reason": False}
        )
        return True

    def get_check_in_preview(self, position=None):
        """What a check-in at ``position`` would meet, for the screen to ask before it happens.

        :return: dict of verdict, distance_m, radius_m, mode, warn_m, is_near, summary, needs
            ("reason", "exception" or False), needs_photo and open_visit (id, name, since in UTC) or
            False
        """
        self.ensure_one()
        self.check_access("read")
        position = read_position(position)
        policy = self._get_policy(fields.Datetime.now())
        facts = self._get_fence_facts(position, policy)
        previous = self._get_open_visit()
        demand = self._get_fence_demand(facts, position, policy)
        return {
            **facts,
            "summary": self._describe_fence(facts, position),
            "needs": demand or False,
            "needs_photo": fence_photo(policy.fence_photo, facts["verdict"], demand),
            "open_visit": bool(previous) and previous._prepare_open_visit_summary(),
        }

    def _prepare_open_visit_summary(self):
        return {
            "id": self.id,
            "name": self.partner_id.display_name,
            "since": fields.Datetime.to_string(self.check_in_at),
        }

    @api.model
    def _find_or_create_today(self, partner, at=None):
        """The current user's visit at ``partner`` on the local day of ``at`` (UTC, now).

        The one in progress, else the planned one, else a new, unplanned one.
        """
        at = at or fields.Datetime.now()
        today = local_date(at, self.env.user._field_tz())
        visit = self.search(
            Domain("user_id", "=", self.env.uid)
            & Domain("partner_id", "=", partner.id)
            & (
                Domain("state", "=", "in_progress")
                | (Domain("state", "in", ("planned", "missed")) & Domain("plan_date", "=", today))
            ),
            # planned times first come first; in_progress sorts before planned and missed
            order="state, plan_time, id",
            limit=1,
        )
        if visit:
            return visit
        vals = {"partner_id": partner.id, "plan_date": today, "is_unplanned": True}
        return self._with_evidence().create(vals).with_env(self.env)

    # ---------------------------------------------------------------- guards

    def _check_can_work(self):
        """Evidence is personal: nobody checks in or out in another's name.

        :raise FieldRejected: forbidden
        """
        self.ensure_one()
        if self.user_id != self.env.user and not self.env.su:
            raise FieldRejected(
                "forbidden",
                self.env._("This is the visit of %(name)s.", name=self.user_id.display_name),
            )

    def _get_policy(self, at):
        self.ensure_one()
        Policy = self.env["field.policy"].sudo().with_company(self.company_id)
        return Policy._get_for_users(self.user_id, local_date(at, self._get_tz()))[self.user_id.id]

    def _get_open_visit(self):
        return self._get_unfinished().filtered(lambda visit: visit.state == "in_progress")

    def _get_unfinished(self):
        """Where else the person is or is on the way to, in whatever company: one place each."""
        self.ensure_one()
        on_way = Domain("state", "=", "planned") & Domain("on_way_at", "!=", False)
        there = Domain("state", "=", "in_progress") | on_way
        mine = Domain("user_id", "=", self.user_id.id) & Domain("id", "not in", self.ids)
        return self.sudo().search(there & mine)

    def _get_fence_facts(self, position, policy):
        """Distance to the customer and the verdict on it: verdict, distance_m, radius_m, and the
        rest of the fence: mode, warn_m, is_near.

        A phone or video visit has no fence, so no verdict.
        """
        self.ensure_one()
        fence = self.env["field.fence.rule"]._resolve(self.partner_id, policy, self.company_id)
        radius = fence["radius"]
        facts = {"verdict": False, "distance_m": False, "radius_m": radius, "is_near": False}
        facts |= {"mode": fence["mode"], "warn_m": fence["warn"]}
        if self.channel != "on_site":
            return facts
        target = self.partner_id._field_position()
        if not position or not target:
            return {**facts, "verdict": "unverifiable"}
        distance = haversine_m(position["lat"], position["lng"], *target)
        verdict = fence_verdict(
            distance, position.get("accuracy"), radius, policy.fence_accuracy_cap
        )
        near = verdict in ("inside", "maybe") and is_near(distance, fence["warn"])
        return {**facts, "distance_m": distance, "verdict": verdict, "is_near": near}

    def _get_fence_demand(self, facts, position, policy):
        """What this check-in needs first: "reason", "exception" or "", see tools/fence.py."""
        return fence_demand(
            facts["mode"],
            facts["verdict"],
            bool(self.partner_id._field_position()),
            bool(position),
            {"proof_position": policy.proof_position, "proof_mode": policy.proof_mode},
        )

    def _check_fence(self, facts, position, policy, reason, exception, photos=None):
        """:raise FieldRejected: outside_fence, no_position, reason_required, photo_required"""
        demand = self._get_fence_demand(facts, position, policy)
        sentence = self._describe_fence(facts, position)
        if demand == "exception" and not exception:
            code = "outside_fence" if facts["verdict"] == "outside" else "no_position"
            raise FieldRejected(
                code,
                self.env._(
                    "%(fact)s Check-in works at the customer only. If you are there, say so and "
                    "give a reason: your leader will see it.",
                    fact=sentence,
                ),
            )
        if demand and not reason:
            raise FieldRejected(
                "reason_required",
                self.env._("%(fact)s Tell in a few words why you check in here.", fact=sentence),
            )
        if not photos and fence_photo(policy.fence_photo, facts["verdict"], demand):
            raise FieldRejected(
                "photo_required",
                self.env._("%(fact)s Take a photo of where you stand.", fact=sentence),
            )
        return demand

    # ---------------------------------------------------------------- check-in

    def _do_check_in(
        self,
        position=None,
        at=None,
        source="web",
        reason=None,
        exception=False,
        close_previous=False,
        event=None,
        photos=None,
        fixes=None,
    ):
        """Begin the visit. The first check-in counts; the same again changes nothing.

        :param at: UTC moment, now by default; the phone's journal brings past ones
        :param dict photos: of where one stands, ``{"blobs": [uuid]}`` or ``{"data": base64}``
        :param list fixes: the phone's raw positions, as of ``tools.plausible.read_fixes``
        """
        self.ensure_one()
        self._check_can_work()
        if self.check_in_at:
            return self
        if self.state not in ("planned", "missed"):
            raise FieldRejected("wrong_state", self.env._("This visit was cancelled."))
        at = at or fields.Datetime.now()
        reason = (reason or "").strip()
        position = self._read_place(position)
        policy = self._get_policy(at)
        facts = self._get_fence_facts(position, policy)
        demand = self._check_fence(facts, position, policy, reason, exception, photos)
        vals = {
            **self._prepare_place_vals("check_in", position, facts),
            **self._prepare_day(at),
            "state": "in_progress",
            "check_in_at": at,
            "check_in_radius_m": facts["radius_m"],
            "check_in_is_near": facts["is_near"],
            "check_in_reason": reason,
            "check_in_exception": demand == "exception",
            "check_in_source": source,
            "check_in_event_id": event and event.id,
            "check_in_fixes": (self.channel == "on_site" and fixes) or None,
            "policy_id": policy.id,
            "policy_snapshot": {**policy._snapshot(), "fence_mode": facts["mode"]},
            **self._prepare_bounds(policy),
            **self._prepare_procedure(),
            "workday_id": self._find_workday(at).id,
        }
        vals.update(self._settle_open_visit(at, close_previous))
        self._write_as_only_open(vals)
        self._find_lasting_at(at)._end_at_next(at)
        self._propose_first_pin(position)
        self.env["field.visit.step"]._copy_from_procedure(self)
        self._keep_check_in_photo(photos, at, event)
        if self.state == "done":
            answered = self._check_steps_answered(self.end_source)
            self._with_evidence().write(answered | self._prepare_outcome(self.check_out_at))
        self._ask_for_comparison(at)
        return self

    def _prepare_procedure(self):
        """How the procedure is followed, as it is now; its steps are copied with it."""
        sop = self.sop_id.sudo()
        return {
            "sop_version": sop.version,
            "strict_order": sop.strict_order,
            "block_check_out": sop.block_check_out,
        }

    def _settle_open_visit(self, at, close_previous):
        """Decide about the visit that is still open.

        :return: extra values for this visit: a check-in that arrives late, from before the open
            visit, ended at the latest when that one began
        :raise FieldRejected: open_visit
        """
        unfinished = self._get_unfinished()
        previous = unfinished.filtered(lambda visit: visit.state == "in_progress")
        if previous and at < previous.check_in_at:
            return {
                "state": "done",
                "check_out_at": self._find_first_after(at).check_in_at,
                "end_source": "next_visit",
            }
        if previous and not close_previous:
            raise FieldRejected("open_visit", self._get_open_visit_message(previous))
        (unfinished - previous)._end_way()
        if previous:
            previous.with_env(self.env)._do_check_out(at=at, end_source="next_visit")
        return {}

    def _get_open_visit_message(self, previous):
        return self.env._(
            "You are still checked in at %(customer)s since %(time)s. Check out there, or close "
            "that visit and check in here.",
            customer=previous.partner_id.display_name,
            time=previous._format_time(previous.check_in_at),
        )

    def _write_as_only_open(self, vals):
        """Write the check-in; the unique index decides when two of them race."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._with_evidence().write(vals)
                self.flush_recordset()
        except UniqueViolation as exc:
            # the other check-in is not visible in this snapshot: the next try will see it
            raise ConcurrencyError("Another check-in of the same person is faster") from exc

    def _find_workday(self, at):
        day = local_date(at, self._get_tz())
        return self.env["field.workday"].search(
            [("user_id", "=", self.user_id.id), ("date", "=", day)], limit=1
        )

    def _prepare_day(self, at):
        """It counts for the day it took place, whatever day it was planned for."""
        day = local_date(at, self._get_tz())
        if day == self.plan_date:
            return {}
        return {"plan_date": day, "moved_from": self.moved_from or self.plan_date}

    def _read_place(self, position):
        """Of a call no place is kept: it says nothing about the visit.

        :raise FieldRejected: bad_position
        """
        position = read_position(position)
        return position if self.channel == "on_site" else None

    def _prepare_place_vals(self, prefix, position, facts):
        position = position or {}
        return {
            f"{prefix}_lat": position.get("lat") or 0.0,
            f"{prefix}_lng": position.get("lng") or 0.0,
            f"{prefix}_accuracy": position.get("accuracy") or 0.0,
            f"{prefix}_fix_age": position.get("fix_age") or 0.0,
            f"{prefix}_distance_m": facts["distance_m"] or 0.0,
            f"{prefix}_verdict": facts["verdict"],
        }

    # ---------------------------------------------------------------- check-out

    def _do_check_out(
        self, position=None, at=None, source="web", end_source="user", note=None, event=None
    ):
        """End the visit. The representative's own check-out counts once and for all.

        It also replaces an end that was only assumed (day end, next check-in) when it arrives
        late from a phone that was offline.
        """
        self.ensure_one()
        if end_source == "user":
            self._check_can_work()
        if self.state == "done" and not self._has_assumed_end(end_source):
            # somebody else has ended it before the phone could: what is written there is kept
            self._with_evidence().write(self._prepare_note(note))
            return self
        if self.state not in ("in_progress", "done"):
            raise FieldRejected("not_checked_in", self.env._("Check in first."))
        answered = self._check_steps_answered(end_source)
        position = self._read_place(position)
        facts = self._get_fence_facts(position, self.policy_id.sudo())
        if not position:
            facts = {**facts, "verdict": False}
        # clocks differ by seconds; a visit never ends before it began
        at = max(at or fields.Datetime.now(), self.check_in_at)
        vals = {
            **self._prepare_place_vals("check_out", position, facts),
            "state": "done",
            "check_out_at": at,
            "check_out_source": source if end_source == "user" else False,
            "check_out_event_id": event and event.id,
            "end_source": end_source,
            "assumed_end_at": False,
            "assumed_end_source": False,
            "duration_device_min": self._get_steady_minutes(event),
            **answered,
            **self._check_proofs(end_source),
            **self._prepare_outcome(at),
            **self._prepare_note(note),
        }
        self._with_evidence().write(vals)
        self._ask_for_comparison(self.check_in_at)
        return self

    def _prepare_note(self, note):
        note = (note or "").strip()
        return {"note": self._join_note(note)} if note else {}

    def _join_note(self, note):
        """What is written now below what the office wrote; mostly it was on the screen, too."""
        known = (self.note or "").strip()
        return note if known in note else f"{known}\n{note}"

    def _prepare_outcome(self, at):
        """Hook: what else is known of the visit when it ends.

        :param at: UTC moment of its end
        """
        return {}

    def _has_assumed_end(self, end_source):
        return end_source == "user" and self.end_source in PROVISIONAL_ENDS

    # ---------------------------------------------------------------- cancellation

    def _do_cancel(self, reason=None, reason_id=None):
        """In own words, or for a chosen reason: see field_visit_kind.

        :raise FieldRejected: wrong_state, reason_required
        """
        self.ensure_one()
        if self.state == "cancelled":
            return self
        if self.state == "done":
            raise FieldRejected("wrong_state", self.env._("This visit is already finished."))
        reason = (reason or self.cancel_reason or "").strip()
        if not reason:
            raise FieldRejected(
                "reason_required", self.env._("Tell in a few words why the visit is cancelled.")
            )
        self._with_evidence().write({"state": "cancelled", "cancel_reason": reason})
        return self
