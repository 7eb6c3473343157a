"""What a leader looks at: the day of the team, and the visits that need a second look."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

_QUEUE = 50
_PHOTOS = 8


class FieldVisit(models.Model):
    _inherit = "field.visit"

    review_state = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Not accepted")],
        "Review",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="What a leader has decided about a visit that needed a second look.",
    )
    reviewed_by_id = fields.Many2one("res.users", "Reviewed by", readonly=True, copy=False)
    reviewed_at = fields.Datetime("Reviewed on", readonly=True, copy=False)
    review_note = fields.Char("What was said", copy=False, readonly=True)

    def action_review(self, state, note=None):
        """Decide about visits that stand in the queue.

        :param str state: accepted or refused
        :raise AccessError: for those who lead nobody, and about one's own visit
        """
        if state not in ("accepted", "refused"):
            raise UserError(self.env._("A visit is accepted or not."))
        self._check_can_review()
        self._with_evidence().write(
            {
                "review_state": state,
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
                "review_note": (note or "").strip(),
            }
        )
        return True

    def _check_can_review(self):
        self.check_access("write")
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Only a leader reviews visits."))
        if self.env.user in self.user_id:
            raise AccessError(self.env._("Nobody reviews a visit of his own."))

    @api.model
    def _get_review_domain(self):
        """Visits that are over and leave a question, which nobody has answered yet.

        The representative comes first: a visit stands here when he has explained it, or when the
        time he has for that is over.
        """
        return (
            self._get_doubtful_domain()
            & Domain("user_id", "!=", self.env.uid)
            & (
                Domain("explanation", "!=", False)
                | Domain("truth_due_at", "=", False)
                | Domain("truth_due_at", "<=", fields.Datetime.now())
            )
        )

    @api.model
    def _get_doubtful_domain(self):
        """Visits with an open question, those the representative may still explain included."""
        return (
            Domain("state", "=", "done")
            & Domain("review_state", "=", False)
            & self._get_review_doubt()
        )

    @api.model
    def _get_review_doubt(self):
        """Hook: any of these is a question."""
        return (
            Domain("verdict", "in", ("short", "unverifiable"))
            | Domain("check_in_exception", "=", True)
            | Domain("proof_missing", "=", True)
            | Domain("steps_missing", "=", True)
            | Domain("presence_state", "=", "contradicted")
            | Domain("is_denied", "=", True)
            | Domain("face_review", "!=", False)
            | Domain("photo_doubt", "!=", False)
        )

    @api.model
    def get_review_queue(self):
        """What waits for the leader, the newest first.

        :returns: ``{"count": visits, "pins": open proposals, "items": [...]}``; an item is a dict
            of ``id``, ``title``, ``person``, ``date``, ``verdict``, ``reasons`` (texts), ``facts``
            (``[[label, text]]``) and ``photos`` (``[{"id", "attachment_id", "rating"}]``)
        """
        domain = self._get_review_domain()
        visits = self.search(domain, order="check_in_at desc, id desc", limit=_QUEUE)
        photos = self._get_review_photos(visits)
        return {
            "count": self.search_count(domain),
            "pins": self.env["field.pin.proposal"].search_count([("state", "=", "open")]),
            "items": [visit._prepare_review_item(photos.get(visit, [])) for visit in visits],
        }

    @api.model
    def _get_review_photos(self, visits):
        """Faces only where the face itself is to be looked at, as the person was told."""
        theirs = Domain("visit_id", "in", visits.ids) & Domain("attachment_id", "!=", False)
        shown = Domain("is_of_place", "=", True) | Domain("step_id.kind", "=", "signature")
        found = self.env["field.visit.photo"].search(
            theirs & (shown | Domain("visit_id.face_review", "!=", False))
        )
        return {
            visit: [
                {"id": one.id, "attachment_id": one.attachment_id.id, "rating": one.rating}
                for one in own[:_PHOTOS]
            ]
            for visit, own in found.grouped("visit_id").items()
        }

    def _prepare_review_item(self, photos):
        self.ensure_one()
        return {
            "id": self.id,
            "title": self.partner_id.sudo().display_name,
            "person": self.user_id.sudo().name,
            "date": fields.Date.to_string(self.plan_date),
            "verdict": self._get_word("verdict"),
            "reasons": self._get_review_reasons(),
            "facts": self._get_report_facts(),
            "steps": [[step.name, step._get_report_answer(), step.state] for step in self.step_ids],
            "photos": photos,
        }

    def _get_review_reasons(self):
        """Why the visit stands in the queue, in words."""
        reasons = []
        if self.verdict in ("short", "unverifiable"):
            reasons.append(self._get_word("verdict"))
        if self.check_in_exception:
            reasons.append(self.env._("Insisted on being there"))
        if self.proof_missing:
            reasons.append(self.env._("Proof missing"))
        if self.steps_missing:
            reasons.append(self.env._("Steps missing"))
        if self.presence_state == "contradicted":
            reasons.append(self.env._("Elsewhere by the track"))
        if self.is_denied:
            reasons.append(self.env._("Denied by the customer"))
        for name in ("face_review", "photo_doubt"):
            if self[name]:
                reasons.append(self._get_word(name))
        return reasons

    # ---------------------------------------------------------------- the day

    @api.model
    def get_team_day(self, day=None):
        """The day of everybody one leads; each figure has the domain of its records.

        :param str day: YYYY-MM-DD, today without one
        :returns: dict of ``date``, ``tiles`` (``[{"key", "label", "count", "domain"}]``) and
            ``people`` (``[{"id", "name", "planned", "done", "running", "next", "is_on_way",
            "last", "doubtful", "domain"}]``)
        """
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        base = Domain("plan_date", "=", day) & Domain("state", "!=", "cancelled")
        base &= Domain("user_id.field_leader_ids", "in", [self.env.uid])
        visits = self.search(base, order="user_id, check_in_at, plan_time, id")
        visits.fetch(["state", "user_id", "partner_id", "check_in_at", "verdict"])
        return {
            "date": fields.Date.to_string(day),
            "tiles": self._get_day_tiles(base, visits),
            "people": [
                own._prepare_day_of_person(base) for own in visits.grouped("user_id").values()
            ],
        }

    @api.model
    def _get_day_tiles(self, base, visits):
        doubt = self._get_review_domain()
        late = Domain("state", "=", "planned") & Domain("start_at", "<", fields.Datetime.now())
        tiles = [
            ("all", self.env._("Visits"), Domain.TRUE),
            ("done", self.env._("Done"), Domain("state", "=", "done")),
            ("running", self.env._("At the customer"), Domain("state", "=", "in_progress")),
            ("late", self.env._("Later than planned"), late & Domain("plan_time", ">", 0)),
            ("missed", self.env._("Missed"), Domain("state", "=", "missed")),
            ("review", self.env._("To be looked at"), doubt),
        ]
        return [
            {
                "key": key,
                "label": label,
                "count": len(visits.filtered_domain(list(domain))) if key != "all" else len(visits),
                "domain": list(base & domain),
            }
            for key, label, domain in tiles
        ]

    def _prepare_day_of_person(self, base):
        """One line of the board; ``self`` are all visits of one person's day."""
        person = self.user_id
        running = self.filtered(lambda visit: visit.state == "in_progress")[:1]
        done = self.filtered(lambda visit: visit.state == "done")
        ahead = self.filtered(lambda visit: visit.state == "planned")
        ahead = ahead.sorted(
            lambda v: (not v.on_way_at, v.route_sequence or 999, v.plan_time, v.id)
        )
        way = ahead[:1].on_way_at and "on_way_at"
        return {
            "id": person.id,
            "name": person.sudo().name,
            "planned": len(self),
            "done": len(done),
            "running": running._prepare_day_visit("check_in_at"),
            "next": ahead[:1]._prepare_day_visit(way or "start_at"),
            "is_on_way": bool(way),
            "last": done[-1:]._prepare_day_visit("check_out_at"),
            "doubtful": len(done.filtered_domain(list(self._get_review_domain()))),
            "domain": list(base & Domain("user_id", "=", person.id)),
        }

    def _prepare_day_visit(self, moment):
        """A visit in two words, with the time where it takes place; False for none."""
        if not self:
            return False
        has_time = moment != "start_at" or self.plan_time or self.route_at
        at = self.route_at or self[moment] if moment == "start_at" else self[moment]
        return {
            "id": self.id,
            "name": self.partner_id.sudo().display_name,
            "time": self._format_time(at) if has_time and at else "",
        }
