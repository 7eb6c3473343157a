"""Steps of a visit that arrive from a phone. Each handler reads the payload and calls the same
method as the button; ``self`` is the journal row, acting as the representative."""

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.errors import FieldRejected, FieldWaiting
from odoo.addons.field_base.tools.payload import (
    is_uuid,
    read_position,
    read_uuid,
    require_payload,
)


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "visit.check_in": self.env._("Checked in"),
            "visit.check_out": self.env._("Checked out"),
            "visit.step_done": self.env._("Step done"),
            "visit.step_cannot": self.env._("Step could not be done"),
            "visit.step_reopen": self.env._("Answer of a step taken back"),
            "visit.cancel": self.env._("Visit cancelled"),
            "customer.propose": self.env._("Change of a customer proposed"),
            "visit.explain": self.env._("Visit explained"),
            "visit.company": self.env._("Company of a visit confirmed"),
            "visit.ask_word": self.env._("Customer asked to confirm"),
            "followup.add": self.env._("Follow-up noted"),
            "followup.done": self.env._("Follow-up done"),
        }

    def _apply_visit_check_in(self, payload):
        """visit.check_in {visit_uuid, visit_id?|partner_id?|customer_uuid?, position?, reason?,
        exception?, close_previous?, type_id?, companion_ids?, goal_id?, blobs?, fixes?, plan?}"""
        values = require_payload(
            payload,
            {},
            {
                "visit_id": int,
                "partner_id": int,
                "reason": str,
                "exception": bool,
                "close_previous": bool,
                "type_id": int,
                "companion_ids": list,
                "goal_id": int,
                "plan": dict,
            },
        )
        position = read_position(payload.get("position"))
        blobs, fixes = self._read_blobs(payload), self._read_fixes(payload)
        customer = read_uuid(payload, "customer_uuid", required=False)
        if customer:
            values["partner_id"] = self._find_added(customer).id
        visit = self._find_visit_to_begin(read_uuid(payload, "visit_uuid"), values)
        visit._take_along(values["type_id"], values["companion_ids"])
        visit._take_goal(values["goal_id"])
        return visit._do_check_in(
            position,
            at=self.happened_at,
            source="app",
            reason=values["reason"],
            exception=bool(values["exception"]),
            close_previous=bool(values["close_previous"]),
            event=self,
            photos={"blobs": blobs} if blobs else None,
            fixes=fixes,
        )

    def _apply_visit_check_out(self, payload):
        """visit.check_out {visit_uuid, position?, note?, result_id?}"""
        values = require_payload(payload, {}, {"note": str, "result_id": int})
        position = read_position(payload.get("position"))
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        visit._take_result(values["result_id"])
        return visit._do_check_out(
            position, at=self.happened_at, source="app", note=values["note"], event=self
        )

    def _apply_visit_step_done(self, payload):
        """visit.step_done {visit_uuid, step_key|step_id, blobs?: [uuid], value?, note?, answers?,
        form_version?, recordings?: [{uuid, seconds, informed, interrupted?}], lines?, shown?,
        money?, face?: {distance, model}}; see the step's fields for the last four"""
        optional = {"note": str, "value": str, "answers": dict, "form_version": int}
        optional |= {"lines": list, "shown": dict, "money": dict, "face": dict}
        values = require_payload(payload, {}, optional)
        blobs = self._read_blobs(payload)
        step = self._find_step(payload)
        return step._do_done(
            blobs=blobs,
            value=values["value"],
            note=values["note"],
            at=self.happened_at,
            event=self,
            recordings=self.env["field.visit.recording"]._read_payload(payload.get("recordings")),
            answers=values["answers"],
            form_version=values["form_version"],
            lines=values["lines"],
            shown=values["shown"],
            money=values["money"],
            face=values["face"],
        )

    def _read_blobs(self, payload):
        """Uuids of the photos that come along, or an empty list.

        :raise FieldRejected: bad_payload
        """
        blobs = require_payload(payload, {}, {"blobs": list})["blobs"] or []
        if not all(is_uuid(blob) for blob in blobs):
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be a list of UUIDs.", field="blobs")
            )
        return [blob.lower() for blob in blobs]

    def _apply_visit_step_cannot(self, payload):
        """visit.step_cannot {visit_uuid, step_key|step_id, reason, reason_id?, blobs?}"""
        values = require_payload(payload, {"reason": str}, {"reason_id": int})
        blobs = self._read_blobs(payload)
        step = self._find_step(payload)
        return step._do_cannot(values["reason"], self.happened_at, self, values["reason_id"], blobs)

    def _apply_visit_step_reopen(self, payload):
        """visit.step_reopen {visit_uuid, step_key|step_id}: to be answered again"""
        step = self._find_step(payload)
        if step.state != "todo":
            step._do_reopen(self.happened_at)
        return step

    def _apply_visit_cancel(self, payload):
        """visit.cancel {visit_uuid|visit_id, reason|reason_id}"""
        values = require_payload(payload, {}, {"reason": str, "reason_id": int, "visit_id": int})
        if not values["reason_id"]:
            values = require_payload(payload, {"reason": str}, {"visit_id": int, "reason_id": int})
        uuid = read_uuid(payload, "visit_uuid", required=not values["visit_id"])
        visit = self._find_visit(uuid) if uuid else self._browse_own_visit(values["visit_id"])
        if not visit:
            raise FieldWaiting(uuid)
        return visit._do_cancel(values["reason"], values["reason_id"])

    def _apply_visit_explain(self, payload):
        """visit.explain {visit_uuid, text}: what one has to say about one's own visit"""
        values = require_payload(payload, {"text": str})
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        visit.action_explain(values["text"])
        return visit

    def _apply_visit_ask_word(self, payload):
        """visit.ask_word {visit_uuid}: mail the customer a code and a link to confirm with"""
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        self.env["field.visit.word"]._ask(visit)
        return visit

    def _apply_followup_add(self, payload):
        """followup.add {uuid, partner_id, name, date?, visit_uuid?}"""
        values = require_payload(payload, {"partner_id": int, "name": str}, {"date": str})
        if not values["name"].strip():
            raise FieldRejected("bad_payload", self.env._("“%(field)s” is missing.", field="name"))
        partner = self._find_customer(values["partner_id"])
        uuid = read_uuid(payload, "visit_uuid", required=False)
        visit = self.env["field.visit"]
        return visit._add_followup(
            partner,
            values["name"],
            self._read_day(values["date"]),
            read_uuid(payload, "uuid"),
            uuid and self._find_visit_begun(uuid),
        )

    def _read_day(self, text):
        """:raise FieldRejected: bad_payload"""
        try:
            return text and fields.Date.to_date(text)
        except ValueError:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be a date.", field="date")
            ) from None

    def _apply_followup_done(self, payload):
        """followup.done {uuid|activity_id, note?}"""
        values = require_payload(payload, {}, {"activity_id": int, "note": str})
        uuid = read_uuid(payload, "uuid", required=not values["activity_id"])
        found = self._find_own_followup(uuid, values["activity_id"])
        if found.active:
            found.action_feedback(feedback=values["note"] or False)
        return found

    def _apply_customer_propose(self, payload):
        """customer.propose {partner_id, values: {field: new value}, reason?, uuid?, proof_blob?}"""
        values = require_payload(payload, {"partner_id": int, "values": dict}, {"reason": str})
        uuid = read_uuid(payload, "uuid", required=False)
        blob = read_uuid(payload, "proof_blob", required=False)
        partner = self._find_customer(values["partner_id"])
        Change = self.env["field.partner.change"].with_company(self.company_id)
        change = Change._find_named(uuid) if uuid else None
        if not change:
            more = {"uuid": uuid, "proof_blob": blob}
            change = Change._propose(partner.id, values["values"], values["reason"], **more)
        if blob:
            Change._take_proofs(self.env["field.blob"].sudo().search([("uuid", "=", blob)]))
        return change

    # ---------------------------------------------------------------- look-ups

    def _find_visit(self, uuid):
        """The representative's visit of that uuid, or nothing.

        :raise FieldRejected: forbidden, when the uuid is somebody else's
        """
        visit = self.env["field.visit"].sudo().search([("uuid", "=", uuid)])
        if visit and visit.user_id != self.env.user:
            raise FieldRejected("forbidden", self.env._("This is the visit of somebody else."))
        return visit.with_env(self.env)

    def _find_visit_begun(self, uuid):
        """:raise FieldWaiting: when the check-in has not arrived yet"""
        visit = self._find_visit(uuid)
        if not visit.check_in_at:
            raise FieldWaiting(uuid)
        return visit

    def _browse_own_visit(self, visit_id):
        visit = self._find_own_visit(visit_id)
        if not visit:
            raise FieldRejected("not_found", self.env._("This visit does not exist any more."))
        return visit

    def _find_step(self, payload):
        """:raise FieldRejected: not_found, when the visit has no such step"""
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        key, step_id = payload.get("step_key"), payload.get("step_id")
        step = visit.step_ids.filtered(lambda step: step.key == key if key else step.id == step_id)
        if not step:
            raise FieldRejected("not_found", self.env._("This visit has no such step."))
        return step

    def _find_own_followup(self, uuid, activity_id):
        """:raise FieldRejected: not_found"""
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        key = Domain("field_uuid", "=", uuid) if uuid else Domain("id", "=", activity_id or 0)
        mine = Domain("user_id", "=", self.env.uid) & Domain("res_model", "=", "res.partner")
        found = Activity.search(key & mine)
        if not found:
            raise FieldRejected("not_found", self.env._("This follow-up does not exist any more."))
        return found
