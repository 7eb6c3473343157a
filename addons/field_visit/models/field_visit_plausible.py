"""Whether a check-in can be true: its raw positions, the way to it, its clock. The person reads
what stands out first, with the truth score; nobody is refused for it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import plausible
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.optional_integer import OptionalInteger

#: Who was elsewhere longer ago than this may have flown.
_NEAR = timedelta(hours=12)
#: So far back a place is compared.
_BACK = timedelta(days=90)
#: What can stand out, in the order in which it is told.
_ODD = ("speed", "repeats", "clock")


class FieldEvent(models.Model):
    _inherit = "field.event"

    def _read_fixes(self, payload):
        """:raise FieldRejected: bad_payload, bad_position"""
        try:
            return plausible.read_fixes(payload.get("fixes"))
        except (ValueError, IndexError):
            raise FieldRejected(
                "bad_payload",
                self.env._("“%(field)s” must be a list of positions with times.", field="fixes"),
            ) from None


class FieldVisit(models.Model):
    _inherit = "field.visit"

    check_in_fixes = fields.Json(
        "Raw positions",
        readonly=True,
        copy=False,
        help="The last positions before the check-in, as the phone had them.",
    )
    odd_facts = fields.Json("What stands out", readonly=True, copy=False, groups=fields.NO_ACCESS)
    odd_speed_kmh = OptionalInteger(
        "Impossible speed (km/h)",
        compute="_compute_odd",
        store=True,
        aggregator="max",
        help="On the way from the place before, or between the raw positions. Empty until the "
        "representative had the time to explain first.",
    )
    odd_repeat_days = OptionalInteger(
        "Same coordinates on other days",
        compute="_compute_odd",
        store=True,
        aggregator="max",
        help="On how many other days the person checked in at the very same coordinates. A real "
        "position is never the same to the centimetre.",
    )
    odd_clock_min = OptionalInteger(
        "Clock off by (min)",
        compute="_compute_odd",
        store=True,
        aggregator="max",
        help="The phone's clock was wrong, or its positions are from another time than its tap.",
    )
    fixes_text = fields.Text("Raw positions of the check-in", compute="_compute_fixes_text")

    @api.depends("odd_facts", "truth_shown", "explanation")
    def _compute_odd(self):
        """Once it is shown or explained: until then only the person reads it, in words."""
        for visit in self:
            is_open = visit.truth_shown or visit.explanation
            facts = visit._get_odd() if is_open else dict.fromkeys(_ODD, False)
            visit.odd_speed_kmh = facts["speed"]
            visit.odd_repeat_days = facts["repeats"]
            visit.odd_clock_min = facts["clock"]

    def _get_odd(self):
        """``{"speed": km/h, "repeats": days, "clock": minutes}``, 0 where nothing stands out"""
        return dict.fromkeys(_ODD, 0) | (self.sudo().odd_facts or {})

    def _compute_fixes_text(self):
        for visit in self:
            visit.fixes_text = "\n".join(map(visit._describe_fix, visit.check_in_fixes or []))

    def _describe_fix(self, fix):
        """Time, place and how exact; the speed where the phone knew it."""
        (point,) = plausible.points_of([fix])
        words = [
            f"{self._format_time(point.at)}:{point.at:%S}",
            f"{point.lat:.7f}, {point.lng:.7f}",
        ]
        if point.accuracy:
            words.append(f"±{point.accuracy:.0f} m")
        if fix["speed"] is not None:
            words.append(f"{fix['speed'] * 3.6:.0f} km/h")
        return " · ".join(words)

    # ---------------------------------------------------------------- when it is over

    def _prepare_outcome(self, at):
        """What speaks against the check-in, and against the one after it: days come late."""
        known = self._find_to_compare()
        for later in known.filtered(lambda visit: visit.check_in_at > self.check_in_at)[:1]:
            later._mark_speed_again()
        # nobody writes it, not even with the evidence that the person himself brings
        self.sudo()._with_evidence().odd_facts = self._find_odd(known)
        return super()._prepare_outcome(at)

    def _find_odd(self, known):
        fixes, event = self.check_in_fixes or [], self.sudo().check_in_event_id
        clock = plausible.odd_clock(fixes, event.captured_at, event.clock_error_s) if event else 0
        return {
            "clock": clock,
            "repeats": self._count_repeats(known),
            "speed": 0 if clock else self._find_odd_speed(known),
        }

    def _find_to_compare(self):
        """The person's other visits of these hours, in whatever company, and those of these weeks
        at the very same coordinates; in their order."""
        at = self.check_in_at
        same = Domain("check_in_lat", "=", self.check_in_lat)
        same &= Domain("check_in_lng", "=", self.check_in_lng)
        return self.sudo().search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("id", "!=", self.id)
            & Domain("check_in_at", ">=", at - _BACK)
            & Domain("check_in_at", "<=", at + _NEAR)
            & (Domain("check_in_at", ">=", at - _NEAR) | same),
            order="check_in_at, id",
        )

    def _mark_speed_again(self):
        """What lies before it has only now become known."""
        odd = self._get_odd()
        speed = 0 if odd["clock"] else self._find_odd_speed(self._find_to_compare())
        if self.state == "done" and speed != odd["speed"]:
            self.sudo()._with_evidence().odd_facts = odd | {"speed": speed}

    def _find_odd_speed(self, known):
        """km/h; a phone that does not know the time says nothing about speed."""
        event = self.sudo().check_in_event_id
        if event and not event.captured_at:
            return 0
        at = self.check_in_at
        near = known.filtered(lambda visit: abs(visit.check_in_at - at) <= _NEAR)
        before = [point for visit in near for point in visit._get_points() if point.at <= at]
        before = sorted(before, key=lambda point: point.at)[-1:]
        fixes = plausible.points_of(self.check_in_fixes or [])
        way = before + self._get_points()[:1]
        return max(plausible.odd_speed(way), plausible.odd_speed(fixes))

    def _count_repeats(self, known):
        """On how many other days the very same coordinates were sent; 0 for what may be chance."""
        place = (self.check_in_lat, self.check_in_lng)
        if not any(place) or self.check_in_accuracy > plausible.EXACT:
            return 0
        same = known.filtered(lambda visit: (visit.check_in_lat, visit.check_in_lng) == place)
        days = set(same.mapped("plan_date")) - {self.plan_date}
        return len(days) if len(days) >= plausible.REPEATS else 0

    def _get_points(self):
        """Where the person was by this visit: at its check-in and, if he ended it, at its end."""
        found = []
        for prefix in ("check_in", "check_out"):
            lat, lng, accuracy, at = (
                self[f"{prefix}_{name}"] for name in ("lat", "lng", "accuracy", "at")
            )
            if at and (lat or lng):
                found.append(plausible.Point(lat, lng, accuracy, at))
        return found

    # ---------------------------------------------------------------- who reads it

    def _get_odd_words(self):
        """What stands out, in words."""
        self.ensure_one()
        odd = self._get_odd()
        told = {
            "speed": self.env._("Nobody travels at %(speed)s km/h to get here", speed=odd["speed"]),
            "repeats": self.env._(
                "The very same coordinates on %(count)s other days", count=odd["repeats"]
            ),
            "clock": self.env._(
                "The phone's clock was off by %(minutes)s min", minutes=odd["clock"]
            ),
        }
        return [told[name] for name in _ODD if odd[name]]

    def _describe_truth(self, facts):
        """Beside the sum, so that the person reads and explains it before anybody else."""
        return "\n".join([super()._describe_truth(facts), *self._get_odd_words()])

    def _get_review_doubt(self):
        return (
            super()._get_review_doubt()
            | Domain("odd_speed_kmh", ">", 0)
            | Domain("odd_repeat_days", ">", 0)
            | Domain("odd_clock_min", ">", 0)
        )

    def _get_review_reasons(self):
        return [*super()._get_review_reasons(), *self._get_odd_words()]

    def _get_travel(self):
        """Share of the truth score: whether the way here can have been."""
        if not (self.check_in_lat or self.check_in_lng):
            return 0.0
        odd = self._get_odd()
        if odd["speed"] or odd["repeats"]:
            return 0.0
        return 0.5 if odd["clock"] else 1.0

    def _prepare_review_item(self, photos):
        item = super()._prepare_review_item(photos)
        if self.fixes_text and self._get_odd_words():
            item["facts"].append([self.env._("Raw positions"), self.fixes_text])
        return item
