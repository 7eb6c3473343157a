"""On the way to a customer: between the plan and the check-in.

A fact of a planned visit and no state of its own: whatever plans, counts or searches goes on
finding it among the planned ones. Screens show ``shown_state``.
"""

from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldWaiting
from odoo.addons.field_base.tools.payload import read_uuid, require_payload
from odoo.addons.field_base.tools.times import local_date

#: Whose plan has changed is on the way no longer.
PLANNED_ANEW = frozenset({"plan_date", "user_id", "partner_id"})


class FieldVisit(models.Model):
    _inherit = "field.visit"

    on_way_at = fields.Datetime("On the way since", readonly=True, copy=False)
    shown_state = fields.Selection(
        "_get_shown_states", "Progress", compute="_compute_shown_state", store=True
    )

    _one_way_per_user = models.UniqueIndex(
        "(user_id) WHERE state = 'planned' AND on_way_at IS NOT NULL",
        "A representative is on the way to one customer at a time.",
    )

    @api.model
    def _get_shown_states(self):
        first, *others = self._fields["state"]._description_selection(self.env)
        return [first, ("on_the_way", self.env._("On the way")), *others]

    @api.depends("state", "on_way_at")
    def _compute_shown_state(self):
        for visit in self:
            on_way = visit.state == "planned" and visit.on_way_at
            visit.shown_state = "on_the_way" if on_way else visit.state

    def write(self, vals):
        if PLANNED_ANEW & vals.keys() or vals.get("state") == "planned":
            self._end_way()
        return super().write(vals)

    def _end_way(self):
        going = self.filtered("on_way_at")
        if going:
            going._with_evidence().write({"on_way_at": False})
            going.flush_recordset(["on_way_at"])  # the index knows no order of writes

    def _do_leave(self, at=None):
        """Say that one is on the way. What has begun by now, is called off or moved stays as it
        is: that is no mistake of a phone that was offline.

        :param at: UTC moment, now by default
        :raise FieldRejected: forbidden
        """
        self.ensure_one()
        self._check_can_work()
        at = at or fields.Datetime.now()
        is_today = self.plan_date == local_date(at, self._get_tz())
        if self.state == "planned" and is_today and not self.on_way_at:
            self._get_unfinished().filtered(lambda v: v.state == "planned")._end_way()
            self._with_evidence().on_way_at = at
        return self


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"visit.leave": self.env._("On the way to a visit")}

    def _apply_visit_leave(self, payload):
        """visit.leave {visit_uuid, visit_id?}"""
        values = require_payload(payload, {}, {"visit_id": int})
        uuid = read_uuid(payload, "visit_uuid")
        visit = self._find_visit(uuid)
        if not visit and not values["visit_id"]:
            raise FieldWaiting(uuid)
        return (visit or self._browse_own_visit(values["visit_id"]))._do_leave(self.happened_at)
