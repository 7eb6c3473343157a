from odoo import models
from odoo.tools import LazyTranslate

from .field_handover import HandoverModel

_lt = LazyTranslate(__name__)

ACTIVITY = _lt("Planned activity")


class FieldHandover(models.Model):
    """What is planned passes with the records it is about."""

    _inherit = "field.handover"

    def _handover_models(self):
        """Open activities; of somebody who is away, those that are due while he is."""
        domain = [("active", "=", True)]
        if self.reason == "away":
            domain.append(("date_deadline", ">=", self.date_from))
            if self.date_to:
                domain.append(("date_deadline", "<=", self.date_to))
        activities = HandoverModel(
            "mail.activity", ACTIVITY, domain, order="date_deadline, id", about=True
        )
        return super()._handover_models() | {"activities": activities}

    def _find_records(self, spec):
        """Of what hangs on records of any app, only what the leader himself may read."""
        records = super()._find_records(spec)
        if not spec.about or self.env.su:
            return records
        return self.env[spec.model].browse(records.ids)._filtered_access("read").sudo()

    def _get_receiver_about(self, activity, receiver_of, turn):
        """Who gets the record gets what is planned for it, else somebody who may read it.

        :returns: user id, or None when nobody of the receivers may
        """
        if owner := receiver_of.get((activity.res_model, activity.res_id)):
            return owner
        receivers = self.receiver_ids.sorted(lambda user: (user.id != turn, user.id))
        return next((user.id for user in receivers if _may_read(user, activity)), None)


def _may_read(user, activity):
    if not activity.res_model or activity.res_model not in activity.env:
        return not activity.res_model
    record = activity.env[activity.res_model].with_user(user).browse(activity.res_id)
    return bool(record.exists()) and record.has_access("read")
