"""One visit after the other, also when they arrive late or from two phones.

Whoever checks in at the next customer has left the one before: there the time ends, whatever was
told or assumed about its check-out. So no minute counts at two customers, in any order of arrival.
"""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .field_visit_flow import PROVISIONAL_ENDS

#: Every visit is closed at the end of its day, by its leader at the latest soon after.
_LONGEST = timedelta(days=2)


class FieldVisit(models.Model):
    _inherit = "field.visit"

    _person_order_idx = models.Index("(user_id, check_in_at, id) WHERE check_in_at IS NOT NULL")

    def _find_next_check_ins(self):
        """``{visit id: moment}`` when its person checked in at the next customer, in one query."""
        names = ["user_id", "check_in_at", "state"]
        self.env["field.visit"].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """SELECT visit.id, next.check_in_at
                     FROM field_visit visit
                    CROSS JOIN LATERAL (
                          SELECT other.check_in_at
                            FROM field_visit other
                           WHERE other.user_id = visit.user_id
                             AND other.check_in_at IS NOT NULL
                             AND (other.check_in_at, other.id) > (visit.check_in_at, visit.id)
                             AND other.state IN ('in_progress', 'done')
                           ORDER BY other.check_in_at, other.id
                           LIMIT 1) next
                    WHERE visit.id = ANY(%s)""",
                self._origin.ids,
            )
        )
        return dict(rows)

    def _get_counted_seconds(self):
        """``{visit id: seconds}`` from check-in to check-out, or to the next check-in before."""
        over = self.filtered(lambda visit: visit.check_in_at and visit.check_out_at)
        following = over._find_next_check_ins() if over else {}
        counted = {}
        for visit in over:
            end = min(visit.check_out_at, following.get(visit._origin.id, visit.check_out_at))
            counted[visit.id] = max(0.0, (end - visit.check_in_at).total_seconds())
        return counted

    def _get_steady_minutes(self, event):
        """Minutes since the check-in by the phone's steady clock, as far as it has one life."""
        begin = self.check_in_event_id.sudo()
        end = event.sudo() if event else begin.browse()
        same = end.run and end.run == begin.run and end.device_id == begin.device_id
        return max(0.0, end.mono_ms - begin.mono_ms) / 60000 if same else 0.0

    def _find_first_after(self, moment):
        """The person's visit that began first after ``moment``."""
        self.ensure_one()
        return self.sudo().search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("id", "not in", self.ids)
            & Domain("state", "in", ("in_progress", "done"))
            & Domain("check_in_at", ">", moment),
            order="check_in_at, id",
            limit=1,
        )

    def _find_lasting_at(self, moment):
        """Visits of the person that are over and reach, as far as is known, beyond ``moment``."""
        self.ensure_one()
        return self.sudo().search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("id", "not in", self.ids)
            & Domain("state", "=", "done")
            & Domain("check_in_at", "<=", moment)
            & Domain("check_in_at", ">", moment - _LONGEST)
            & (Domain("check_out_at", ">", moment) | Domain("assumed_end_at", ">", moment))
        )

    def _end_at_next(self, moment):
        """A check-in elsewhere has become known: an end that was assumed was then at the latest.

        One that somebody told stays as he told it; only its minutes are counted up to there.
        """
        Visit = self.env["field.visit"]
        self.env.add_to_compute(Visit._fields["effective_min"], self)
        for visit in self:
            if visit.end_source in PROVISIONAL_ENDS:
                visit._with_evidence().write(visit._prepare_end_at_next(moment))
            visit._ask_for_comparison(visit.check_in_at)

    def _prepare_end_at_next(self, moment):
        if self.check_out_at <= moment:  # the fence was left before: only the rest was assumed
            return {"assumed_end_at": moment, "assumed_end_source": "next_visit"}
        return {
            "check_out_at": moment,
            "end_source": "next_visit",
            "assumed_end_at": False,
            "assumed_end_source": False,
            "is_productive": self._find_productive(moment),
        }

    def _do_cancel(self, reason=None, reason_id=None):
        """A visit begun by mistake takes no time from the one before."""
        begun = self.check_in_at
        result = super()._do_cancel(reason, reason_id)
        if begun:
            before = self._find_lasting_at(begun)
            self.env.add_to_compute(self._fields["effective_min"], before)
        return result
