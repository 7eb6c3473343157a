from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.field_base.models.field_handover import HandoverModel

_lt = LazyTranslate(__name__)

PLANNED_VISIT = _lt("Planned visit")
LINE = _lt("Fixed line")
LINE_FOR_THE_TIME = _lt("Fixed line, for the time")
CO_OWNER = _lt("Also looked after by")
WORK = _lt("Work given out")
PERIOD_LINE = _lt("Visit of a period plan")
SUGGESTION = _lt("Suggestion for the day")
_OPEN_WORK = ("new", "accepted")


class FieldHandover(models.Model):
    _inherit = "field.handover"

    def _handover_models(self):
        """What is planned from the day on; of somebody who is away, until he is back. His lines and
        the customers he looks after beside others pass for good only when he leaves."""
        found = super()._handover_models()
        if self.reason == "leaves":
            found["co_owners"] = HandoverModel(
                "res.partner", CO_OWNER, field="field_co_owner_ids", order="zip, city, id"
            )
            found["lines"] = HandoverModel("field.line", LINE)
        else:
            span = {"deputy_from": self.date_from, "deputy_to": self.date_to}
            found["line_deputies"] = HandoverModel(
                "field.line", LINE_FOR_THE_TIME, stand_in="deputy_id", values=span
            )
        return found | {
            "visits": self._prepare_planned(
                "field.visit", PLANNED_VISIT, "plan_date", [("state", "=", "planned")]
            ),
            "works": self._prepare_planned(
                "field.task.work", WORK, "deadline", [("state", "in", _OPEN_WORK)]
            ),
            "period_lines": self._prepare_planned(
                "field.period.plan.line",
                PERIOD_LINE,
                "date",
                [("plan_id.state", "!=", "published"), ("visit_id", "=", False)],
            ),
            "suggestions": self._prepare_planned(
                "field.suggestion", SUGGESTION, "date", [("state", "=", "open")]
            ),
        }

    def _prepare_planned(self, model, title, day, domain):
        domain = [*domain, (day, ">=", self.date_from)]
        if self.reason == "away" and self.date_to:
            domain.append((day, "<=", self.date_to))
        return HandoverModel(model, title, domain, partner="partner_id", order=f"{day}, id")

    def _get_receiver(self, spec, record, receiver_of, turn):
        """A work goes to who gets its visit."""
        if spec.model == "field.task.work" and record.visit_id:
            owner = receiver_of.get(("field.visit", record.visit_id.id))
            return owner or super()._get_receiver(spec, record, receiver_of, turn)
        return super()._get_receiver(spec, record, receiver_of, turn)


class FieldHandoverLine(models.Model):
    _inherit = "field.handover.line"

    def _pass_co_owners(self, partners, giver, owner):
        """Who has the customer already needs no second link; the one who leaves loses his."""
        partners.write({"field_co_owner_ids": [(3, giver.id), (4, owner.id)]})
        return partners

    def _pass_works(self, works, giver, owner):
        """Not to who was given the same work himself; where it is accepted, he says yes anew."""
        passed = works - self._find_same(works, owner, "task_id")
        for asked, some in passed.grouped(lambda work: work.task_id.needs_acceptance).items():
            again = {"accepted_at": False, "accepted_version": 0} if asked else {}
            some._with_step().write({"user_id": owner.id, **again})
        return passed

    def _pass_suggestions(self, suggestions, giver, owner):
        """Not to whom the same customer is suggested for the day himself."""
        passed = suggestions - self._find_same(suggestions, owner, "date")
        passed.write({"user_id": owner.id})
        return passed

    def _pass_period_lines(self, lines, giver, owner):
        """The receiver is one of the plan's people from now on, and both have other ways."""
        lines.write({"user_id": owner.id})
        for plan in lines.plan_id:
            plan.user_ids |= owner
            for person in giver | owner:
                plan._measure_person(person)
        return lines

    def _find_same(self, records, owner, name):
        """Those that the receiver has a twin of: the same customer, the same ``name``."""
        domain = [
            ("user_id", "=", owner.id),
            ("partner_id", "in", [*records.partner_id.ids, False]),
        ]
        values = records.mapped(name)
        values = values.ids if isinstance(values, models.BaseModel) else values
        twins = records.sudo().search([*domain, (name, "in", values)])
        taken = {(twin.partner_id, twin[name]) for twin in twins}
        return records.filtered(lambda one: (one.partner_id, one[name]) in taken)
