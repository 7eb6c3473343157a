"""What else waits for a leader beside doubtful visits: pins, what stands out, photos to rate."""

from odoo import api, fields, models
from odoo.fields import Domain

#: Of each kind, so many are shown at once; what is behind them comes when they are gone.
_MOST = 50
_PHOTO_DAYS = 7


class FieldVisit(models.Model):
    _inherit = "field.visit"

    @api.model
    def get_review_queue(self):
        """As before, with every item's ``kind`` (visit, pin, habit, photo) and what it is decided
        on (``model`` and ``ids``); ``counts`` says how many there are of each kind."""
        queue = super().get_review_queue()
        for item in queue["items"]:
            item |= {"kind": "visit", "model": self._name, "ids": [item["id"]]}
        kinds = {
            "pin": self.env["field.pin.proposal"]._get_review_items(),
            "habit": self.env["field.visit.habit"]._get_review_items(),
            "photo": self.env["field.visit.photo"]._get_review_items(),
        }
        queue["counts"] = {"visit": queue["count"]}
        for kind, (count, items) in kinds.items():
            queue["counts"][kind] = count
            queue["items"] += [{**self._blank_item(), **item, "kind": kind} for item in items]
        return queue

    @api.model
    def _blank_item(self):
        return {"verdict": False, "reasons": [], "facts": [], "steps": [], "photos": []}


class FieldPinProposal(models.Model):
    _inherit = "field.pin.proposal"

    @api.model
    def _get_review_items(self):
        """``(how many, items)`` of the pins to decide, the oldest first: somebody waits for it."""
        domain = [("state", "=", "open")]
        proposals = self.search(domain, order="id", limit=_MOST)
        return self.search_count(domain), [one._prepare_review_item() for one in proposals]

    def _prepare_review_item(self):
        self.ensure_one()
        facts = [
            (self.env._("Moves by (m)"), round(self.moved_m) if self.had_pin else ""),
            (self.env._("Spread (m)"), round(self.spread_m)),
            (self.env._("Check-ins"), self.samples),
            (self.env._("People"), self.people),
            (self.env._("Days"), self.days),
            *self._get_fence_facts(),
        ]
        names = ("lat", "lng", "old_lat", "old_lng", "spread_m", "had_pin")
        return {
            "id": self.id,
            "model": self._name,
            "ids": self.ids,
            "title": self.partner_id.sudo().display_name,
            "person": self.reported_by_id.sudo().name or "",
            "date": fields.Date.to_string(self.create_date),
            "reasons": [
                self.env._("Reported on the spot")
                if self.reported_by_id
                else self.env._("Drawn from check-ins")
            ],
            "facts": [[what, str(said)] for what, said in facts if said],
            "pin": {name: self[name] for name in names},
            "can_widen": self.can_widen,
        }

    def _get_fence_facts(self):
        if not self.can_widen:
            return []
        words = self.fields_get(["fence_m", "radius_m"], ["string"])
        return [(words[name]["string"], self[name]) for name in ("fence_m", "radius_m")]


class FieldVisitHabit(models.Model):
    _inherit = "field.visit.habit"

    @api.model
    def _get_review_items(self):
        """``(how many, items)`` of what the leader has not talked about yet."""
        domain = Domain("state", "=", "open") & Domain("is_shown", "=", True)
        domain &= Domain("user_id", "!=", self.env.uid)
        found = self.search(domain, limit=_MOST)
        return self.search_count(domain), [one._prepare_review_item() for one in found]

    def _prepare_review_item(self):
        self.ensure_one()
        facts = [
            (self.env._("First"), fields.Date.to_string(self.date_from)),
            (self.env._("Last"), fields.Date.to_string(self.date_to)),
            (self.env._("The note"), self.sample),
            (self.env._("Explanation"), self.explanation),
        ]
        return {
            "id": self.id,
            "model": self._name,
            "ids": self.ids,
            "title": self.user_id.sudo().name,
            "person": self._get_words(),
            "date": fields.Date.to_string(self.date_to),
            "reasons": [self._get_words()],
            "facts": [[what, said] for what, said in facts if said],
        }


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    is_seen = fields.Boolean(
        "Seen", readonly=True, help="A leader has looked at it and gave no points."
    )

    @api.model
    def _get_review_photo_domain(self):
        """Pictures of the last days without points; those of a doubtful visit stand with it."""
        since = fields.Date.subtract(fields.Datetime.now(), days=_PHOTO_DAYS)
        return (
            Domain("rating", "=", False)
            & Domain("is_seen", "=", False)
            & Domain("attachment_id", "!=", False)
            & Domain("taken_at", ">=", since)
            & Domain("user_id", "!=", self.env.uid)
            & Domain("is_of_place", "=", True)
            & Domain("visit_id", "not any", self.env["field.visit"]._get_doubtful_domain())
        )

    @api.model
    def _get_review_items(self):
        """``(how many photos, items)``, an item being those of one visit."""
        domain = self._get_review_photo_domain()
        groups = self._read_group(
            domain, ["visit_id"], ["id:recordset"], order="visit_id desc", limit=_MOST
        )
        items = [photos._prepare_review_item(visit) for visit, photos in groups]
        return self.search_count(domain), items

    def _prepare_review_item(self, visit):
        return {
            "id": visit.id,
            "model": self._name,
            "ids": self.ids,
            "title": visit.partner_id.sudo().display_name,
            "person": visit.user_id.sudo().name,
            "date": fields.Date.to_string(visit.plan_date),
            "facts": [[step.name, step._get_report_answer()] for step in self.step_id],
            "photos": [
                {"id": one.id, "attachment_id": one.attachment_id.id, "rating": False}
                for one in self
            ],
        }

    def action_seen(self):
        """Looked at, no points: it does not come up again.

        :raise AccessError: for those who lead nobody, and about one's own pictures
        """
        self.check_access("read")
        self.visit_id._check_can_review()
        self.sudo().write({"is_seen": True})
        return True
