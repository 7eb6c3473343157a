"""From the visits of a day to the engine and back."""

import hashlib
import math
from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import fields, models

from ..tools.routing.day import LUNCH, Day, walk
from ..tools.routing.solve import solve

#: What a visit without a place on a route has.
NO_TIMES = {"route_at": False, "route_wait_min": 0, "route_late_min": 0}


def _latest(stop):
    """Until when a visit may begin (seconds)."""
    return stop.windows[-1][1] if stop.windows else math.inf


class FieldRoute(models.Model):
    _inherit = "field.route"

    def _do_optimise(self):
        """Order the rest of the day, and keep what the way was before.

        To leave a stop out saves nothing: before and after count the same stops.
        """
        self.ensure_one()
        today = self._prepare_today()
        plan = solve(today["day"])
        kept = set(plan.walk.order)
        same = [stop for stop in today["order"] if stop is LUNCH or stop.id in kept]
        before = walk(today["day"], same)
        self._take_order(today, plan.walk, plan.left_out)
        self.write(
            {
                "engine": plan.engine,
                "before_km": before.metres / 1000,
                "before_min": round(before.travel / 60),
            }
        )

    def _do_schedule(self):
        """Tell the times of the order as it stands; nothing changes its place."""
        self.ensure_one()
        today = self._prepare_today()
        done = walk(today["day"], today["order"])
        self._take_order(today, done, today["out"].ids)

    # ---------------------------------------------------------------- there

    def _prepare_today(self):
        """The day for the engine.

        :returns: dict of ``day`` (:class:`Day`), ``order`` (its stops as they stand, with lunch),
            ``done`` (visits that took place), ``out`` (left out in the order as it stands) and
            ``notes`` (``{visit.id: why it cannot be on the route}``)
        """
        visits = self._get_stops().filtered(lambda v: v.channel == "on_site")
        done = visits.filtered(lambda v: v.state != "planned")
        planned = visits - done
        setup = self.env["field.route.setup"]._get_values(self.user_id, self.company_id)
        setup = setup[self.user_id.id]
        hours = self.env["field.visiting.hours"]._get_windows(planned.partner_id, self.date)
        notes = self._get_impossible(planned, hours)
        routed = planned.filtered(lambda v: v.id not in notes)
        points, start = self._get_points(done, routed, setup)
        travel, metres = self._get_matrix(points)
        stops = self._prepare_stops(routed, hours, setup, first=start is not None)
        opens = self._get_opening(done, setup, bool(stops))
        day = Day(
            tuple(stops.values()),
            travel,
            metres,
            start=start,
            end=self._get_end_node(points, setup),
            opens=opens,
            closes=max(opens, round(3600 * setup["day_end"])),
            lunch=self._get_lunch(opens, setup),
            minimise=setup["minimise"],
        )
        out = routed.filtered("route_note")
        order = [stops[v.id] for v in routed - out]
        return {
            "day": day,
            "order": self._with_lunch(day, order),
            "done": done,
            "out": out,
            "notes": notes,
        }

    def _get_impossible(self, planned, hours):
        """``{visit.id: reason}`` of what no order helps."""
        notes = {}
        for visit in planned:
            if not visit.partner_id._field_position():
                notes[visit.id] = "unknown"
            elif hours.get(visit.partner_id.id) == [] and not visit.plan_time:
                notes[visit.id] = "closed"
        return notes

    def _get_points(self, done, routed, setup):
        """``(points, start node)``: where one is, the stops, the end if it is another."""
        fixed = self._get_start()
        here = done[-1:].partner_id._field_position() if done else None
        here = here or fixed
        points = [here] if here else []
        start = 0 if here else None
        # in an order of their own: the same stops ask a road service the same question
        points += [v.partner_id._field_navigation_point() for v in routed.sorted("id")]
        end = self._get_end(setup)
        if end and end != here:
            points.append(end)
        return points, start

    def _get_end(self, setup):
        """``(lat, lng)`` where the day ends, None: with the last stop."""
        if setup["start_kind"] == "point" and setup["returns"]:
            return self._get_start()
        place = setup["end_lat"], setup["end_lng"]
        return place if any(place) else None

    def _get_end_node(self, points, setup):
        end = self._get_end(setup)
        if not end:
            return None
        return 0 if points and points[0] == end else len(points) - 1

    def _prepare_stops(self, routed, hours, setup, first):
        """``{visit.id: Stop}``; pinned ones keep the place they have."""
        stops, place = {}, 0
        node_of = {visit.id: node for node, visit in enumerate(routed.sorted("id"), start=first)}
        for visit in routed:
            pinned = visit.route_pinned and not visit.route_note
            stops[visit.id] = visit._prepare_stop(
                node_of[visit.id],
                hours.get(visit.partner_id.id),
                setup["visit_minutes"],
                place if pinned else None,
            )
            place += not visit.route_note
        return stops

    def _get_opening(self, done, setup, any_left):
        """When the rest of the day can begin: not before now, once it is that day."""
        opens = round(3600 * setup["day_start"])
        tz = ZoneInfo(self.user_id._field_tz())
        now = fields.Datetime.now().replace(tzinfo=timezone.utc).astimezone(tz)
        if now.date() != self.date or not any_left:
            return opens
        return max(opens, now.hour * 3600 + now.minute * 60)

    def _get_lunch(self, opens, setup):
        if not setup["lunch_minutes"] or opens > 3600 * setup["lunch_to"]:
            return None
        latest = round(3600 * setup["lunch_to"])
        if 3600 * setup["day_end"] < latest:
            return None
        return round(3600 * setup["lunch_from"]), latest, 60 * setup["lunch_minutes"]

    def _with_lunch(self, day, order):
        if not day.lunch:
            return order
        trials = [[*order[:n], LUNCH, *order[n:]] for n in range(len(order) + 1)]
        return min(trials, key=lambda trial: (walk(day, trial).late, walk(day, trial).ends_at))

    def _get_matrix(self, points):
        """``(seconds, metres)``; a road service is asked once for the same places."""
        provider = self.env["field.matrix.provider"]._get_for(self.company_id)
        text = f"{provider.id} {provider.write_date} {points}"
        key = hashlib.sha256(text.encode()).hexdigest()
        known = self.matrix_data or {}
        if known.get("key") == key:
            return known["travel"], known["metres"]
        travel, metres, source = provider._get_matrix(points)
        keep = {"key": key, "travel": travel, "metres": metres}
        # straight lines are quicker made than read, and a service may answer the next time
        self.write(
            {
                "matrix_source": source,
                "matrix_data": keep if source not in ("straight", "failed") else False,
            }
        )
        return travel, metres

    # ---------------------------------------------------------------- and back

    def _take_order(self, today, found, left_out):
        """Write places and times to the visits, and the figures to the route."""
        Visit = self.env["field.visit"]
        stops = {stop.id: stop for stop in today["day"].stops}
        sequence = 10
        for visit in today["done"]:
            self._write_changed(visit, {"route_sequence": sequence, "route_note": False})
            sequence += 10
        for visit_id in found.order:
            times = self._get_times(found, stops[visit_id])
            values = {"route_sequence": sequence, "route_note": False, **times}
            self._write_changed(Visit.browse(visit_id), values)
            sequence += 10
        reasons = dict.fromkeys(left_out, "unfit") | today["notes"]
        for visit_id, reason in reasons.items():
            values = {"route_sequence": sequence, "route_note": reason, "route_pinned": False}
            self._write_changed(Visit.browse(visit_id), values | NO_TIMES)
            sequence += 10
        late = [one for one in found.order if found.begin[one] > _latest(stops[one])]
        self.write(
            {
                "leaves_at": self._at(found.leaves_at),
                "ends_at": self._at(found.ends_at),
                "lunch_at": found.lunch_at is not None and self._at(found.lunch_at),
                "km": found.metres / 1000,
                "travel_min": round(found.travel / 60),
                "waiting_min": round(found.waiting / 60),
                "late_count": len(late) + (found.ends_at > today["day"].closes),
            }
        )
        self.invalidate_recordset(["map_data", "left_out_text", "left_out_count"])

    def _get_times(self, found, stop):
        begin = found.begin[stop.id]
        return {
            "route_at": self._at(begin),
            "route_wait_min": round((begin - found.arrive[stop.id]) / 60),
            "route_late_min": math.ceil(max(0, begin - _latest(stop)) / 60),
        }

    def _write_changed(self, visit, values):
        """Only what differs: opening a route again writes nothing."""
        changed = {name: value for name, value in values.items() if visit[name] != value}
        if changed:
            visit.write(changed)
