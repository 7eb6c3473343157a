from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.errors import FieldRejected
from ..tools.geo import haversine_m
from ..tools.pins import GOOD_ENOUGH_M, MOST_ACCURACY_M, reported

# An object, not a value: no RPC context can carry it, so only this module opens the door.
_JUDGED = object()
OUTCOME_FIELDS = frozenset({"state", "judged_by_id", "judged_at", "reason"})
DECISION_FIELDS = OUTCOME_FIELDS - {"reason"}


class FieldPinProposal(models.Model):
    """A better place for a customer's pin, drawn from where people checked in.

    The rows are the log: who accepted or refused what and when; they are never deleted.
    """

    _name = "field.pin.proposal"
    _description = "Pin proposal"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("open", "To decide"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("superseded", "Superseded"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
    )
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True, aggregator=None)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True, aggregator=None)
    old_lat = fields.Float("Latitude before", digits=(10, 7), readonly=True, aggregator=None)
    old_lng = fields.Float("Longitude before", digits=(10, 7), readonly=True, aggregator=None)
    had_pin = fields.Boolean("Had a position", readonly=True)
    moved_m = fields.Float("Moves by (m)", digits=(12, 1), readonly=True, aggregator="avg")
    spread_m = fields.Float(
        "Spread (m)",
        digits=(12, 1),
        readonly=True,
        aggregator="avg",
        help="Eight of ten check-ins lie within this distance of the proposed place.",
    )
    radius_m = fields.Integer(
        "Fitting fence (m)",
        readonly=True,
        aggregator=None,
        help="A fence radius that holds the check-ins with their accuracy.",
    )
    samples = fields.Integer("Check-ins", readonly=True)
    people = fields.Integer(readonly=True)
    days = fields.Integer(readonly=True)
    basis = fields.Json("Drawn from", readonly=True, help="Ids of the check-ins it is drawn from.")
    reported_by_id = fields.Many2one(
        "res.users",
        "Reported by",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="Somebody stood at the customer's door and said that the pin is wrong.",
    )
    judged_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    judged_at = fields.Datetime("Decided on", readonly=True, copy=False)
    reason = fields.Char(copy=False)

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'open'",
        "There is already an open proposal for this customer.",
    )

    @api.model
    def _report(self, partner, user, position, refs=()):
        """One person's word, on the spot, that the pin is wrong. A leader decides, as ever.

        :param dict position: as tools.payload.read_position returns it
        :param refs: ids of the check-ins it is drawn from
        :returns: the open proposal; the one decided last when this place was refused before
        :raises FieldRejected: ``poor_position``
        """
        accuracy = position.get("accuracy") or 0.0
        if not 0 < accuracy <= MOST_ACCURACY_M:
            message = self.env._("The position is not exact enough to move a pin.")
            raise FieldRejected("poor_position", message)
        place = (position["lat"], position["lng"])
        found = reported(place, accuracy, partner._field_position(), refs)
        company = partner.company_id or user.company_id
        proposal = self._propose(partner, found, company, reporter=user)
        domain = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        return proposal or self.sudo().search(domain, limit=1)

    @api.model
    def _propose(self, partner, proposal, company=None, reporter=None):
        """Keep a proposal; an open one that says the same stays, another is superseded.

        :param proposal: tools.pins.Proposal
        :param reporter: res.users who said so himself
        :returns: the open proposal, or an empty recordset when this place was refused before
        """
        company = company or self.env.company
        own = self.sudo().search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])
        refused = own.filtered(lambda one: one.state == "refused")
        if any(one._is_near(proposal) for one in refused):
            return self.browse()  # a leader has said no to this place: not again every night
        standing = own.filtered(lambda one: one.state == "open")
        if standing and standing._is_near(proposal):
            return standing
        standing._judge("superseded")
        pin = partner._field_position()
        return self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "lat": proposal.lat,
                "lng": proposal.lng,
                "old_lat": pin[0] if pin else 0.0,
                "old_lng": pin[1] if pin else 0.0,
                "had_pin": bool(pin),
                "moved_m": proposal.moved_m or 0.0,
                "spread_m": proposal.spread_m,
                "radius_m": proposal.radius_m,
                "samples": proposal.samples,
                "people": proposal.people,
                "days": proposal.days,
                "basis": list(proposal.refs),
                "reported_by_id": reporter and reporter.id,
            }
        )

    def _is_near(self, proposal):
        """Whether this row already says it, as far as anybody could tell on the spot."""
        self.ensure_one()
        from_here = haversine_m(self.lat, self.lng, proposal.lat, proposal.lng)
        return from_here <= GOOD_ENOUGH_M

    @api.model
    def _withdraw(self, partner, company=None):
        """The ground for an open proposal is gone: the pin has moved, or people disagree.

        What somebody reported himself stays until a leader has seen it.
        """
        company = company or self.env.company
        self.sudo().search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("reported_by_id", "=", False),
            ]
        )._judge("superseded")

    def action_accept(self):
        """Move the pins to the proposed places.

        :raises AccessError: for those who lead nobody
        :raises UserError: when somebody has decided already
        """
        self._check_can_judge()
        self._do_accept()
        return True

    def _do_accept(self):
        for proposal in self:
            proposal.partner_id.sudo().write(
                {
                    "partner_latitude": proposal.lat,
                    "partner_longitude": proposal.lng,
                    "field_position_source": "visits",
                    "field_position_accuracy": proposal.spread_m,
                }
            )
        self._judge("accepted")
        self._log_on_customers()

    def action_refuse(self):
        """Leave the pins where they are; the same places are not proposed again."""
        self._check_can_judge()
        self._judge("refused")
        return True

    def _check_can_judge(self):
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Only a team leader decides about the pin of a customer."))
        self.check_access("read")
        if any(proposal.state != "open" for proposal in self):
            raise UserError(self.env._("Somebody has decided about this proposal already."))

    def _judge(self, state):
        vals = {"state": state}
        if state != "superseded":
            vals |= {"judged_by_id": self.env.uid, "judged_at": fields.Datetime.now()}
        self.sudo().with_context(field_pin_judged=_JUDGED).write(vals)
        # the index of open ones must know before the next one comes
        self.flush_recordset(["state"])

    def _log_on_customers(self):
        for proposal in self:
            proposal.partner_id.sudo().message_post(
                body=proposal._get_note(), author_id=self.env.user.partner_id.id
            )

    def _get_note(self):
        self.ensure_one()
        place = {"metres": round(self.moved_m), "lat": self.lat, "lng": self.lng}
        if self.reported_by_id and not self.had_pin:
            return self.env._(
                "Position set to %(lat)s, %(lng)s, where %(person)s stood.",
                person=self.reported_by_id.sudo().name,
                lat=self.lat,
                lng=self.lng,
            )
        if self.reported_by_id:
            return self.env._(
                "Position moved by %(metres)s m to %(lat)s, %(lng)s, as %(person)s reported it "
                "on the spot.",
                person=self.reported_by_id.sudo().name,
                **place,
            )
        return self.env._(
            "Position moved by %(metres)s m to %(lat)s, %(lng)s, the middle of "
            "%(samples)s check-ins by %(people)s people.",
            samples=self.samples,
            people=self.people,
            **place,
        )

    def write(self, vals):
        """Decisions are made by the buttons, once; nothing else of a proposal ever changes."""
        allowed = OUTCOME_FIELDS
        if self.env.context.get("field_pin_judged") is not _JUDGED:
            allowed = OUTCOME_FIELDS - DECISION_FIELDS
        if set(vals) - allowed:
            raise UserError(
                self.env._("A pin proposal is a record of what happened and cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Pin proposals are kept: they say who moved which pin."))
