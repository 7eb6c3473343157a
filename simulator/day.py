"""A rep's day: what he plans, where he drives, what his phone records and reports.

Pure: the same seed, person, date and shops give the same day, for the demo's history and for the
live simulation. Moments are whole seconds since 1970, UTC.
"""

import math
import random
import uuid
from dataclasses import dataclass, field

from . import answers, texts
from .besides import beside_visit, companions, found_shop, one_of
from .geo import Plane, distance_m
from .phone import Fix, Receiver
from .route import plan_drive

NAMESPACE = uuid.UUID("6f1f3e0a-52c4-4f0e-9d0a-4d1a7c0b2e11")
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a standard procedure."""

    key: str
    kind: str  #: see answers.py
    required: bool = True
    min_photos: int = 1
    #: (id, usual number or price) of the products a step goes through, or (key, kind, keys of the
    #: options) of the questions it asks
    items: tuple = ()


@dataclass(frozen=True, slots=True)
class Shop:
    """A customer as the planner needs him; ``id`` is whatever the caller calls him."""

    id: int
    lat: float
    lng: float
    steps: tuple = ()
    articles: tuple = ()  #: ids of what he may show there
    code: str = ""  #: what the label at his door says
    #: (id, what for) of the reasons, goals and results that can be chosen
    reasons: tuple = ()

    @property
    def place(self):
        return self.lat, self.lng

    def reasons_for(self, usage):
        return [reason for reason, what_for in self.reasons if what_for == usage]


@dataclass(frozen=True, slots=True)
class Event:
    """Something the phone's app reports to the journal."""

    at: int
    uuid: str
    kind: str
    payload: dict


@dataclass(frozen=True, slots=True)
class Photo:
    """A file that follows its event."""

    at: int
    uuid: str
    seed: str
    content: str = "shelf"  #: shelf, paper or sound, see files.py


@dataclass(frozen=True, slots=True)
class Stop:
    """A true stay, for tests and statistics."""

    shop: Shop
    arrive: int
    leave: int


@dataclass(slots=True)
class DayPlan:
    """Everything about one rep's day, each list in the order of time."""

    person: str
    date: object
    planned: list = field(default_factory=list)  #: (shop, hour of the local day)
    fixes: list = field(default_factory=list)
    events: list = field(default_factory=list)
    photos: list = field(default_factory=list)
    stops: list = field(default_factory=list)
    holes: list = field(default_factory=list)  #: (start, end) without network
    trick: str = ""  #: how he cheats today, if he does

    def forged(self, fix):
        """Whether the tracker made this fix up."""
        return fix.event == "forged"


def make_uuid(*parts):
    """A UUID that follows from these values."""
    return str(uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts)))


def choose_shops(seed, person, habit, shift, shops):
    """Which shops a rep plans for a shift. The shifts of one date never share a shop."""
    rng = random.Random(f"{seed}/choice/{person}/{shift.date}")
    order = rng.sample(sorted(shops, key=lambda shop: shop.id), len(shops))
    first = {"day": 0, "evening": habit.visits, "night": habit.visits + 4}[shift.name]
    count = habit.visits if shift.name == "day" else 4
    return [order[i % len(order)] for i in range(first, min(first + count, first + len(order)))]


def plan_day(seed, person, habit, shift, home, shops, leads=(), leader=None):
    """The day of one rep.

    :param str person: key of the rep; with the seed and the date it decides everything
    :param Habit habit: how he works
    :param Shift shift: when
    :param tuple home: (lat, lng) where the day begins and ends
    :param list shops: his customers, as :class:`Shop`
    :param leads: ids of leads he claims on the way
    :param leader: id of the user who comes along now and then
    """
    return _Planner(seed, person, habit, shift, home, shops, leads, leader).plan()


class _Planner:
    """Walks through the day with a clock and writes down what happens."""

    def __init__(self, seed, person, habit, shift, home, shops, leads, leader=None):
        self.leader = leader
        self.key = f"{seed}/{person}/{shift.date}/{shift.name}"
        self.rng = random.Random(self.key)
        self.habit, self.shift, self.leads = habit, shift, list(leads)
        self.plane = Plane(*home)
        self.chosen = self._in_driving_order(choose_shops(seed, person, habit, shift, shops))
        self.day = DayPlan(person, shift.date)
        self.now = shift.start + self.rng.randrange(25) * MINUTE + self.rng.randrange(60)
        self.receiver = Receiver(self.plane, self.rng, habit.tracker, self.now)
        self.place = (0.0, 0.0)
        self.rested = False
        self.count = 0

    def plan(self):
        self._plan_times()
        if self.habit.cheats:
            self.day.trick = self.rng.choice(("armchair", "afar", "teleport"))
        self._fix(event="motionchange")
        self.opened = self._report("workday.open", {"position": self._position()})
        honest = len(self.chosen) if not self.day.trick else len(self.chosen) // 2
        for number, shop in enumerate(self.chosen[:honest]):
            if self._runs_out_of_time(shop):
                break
            if self.rng.random() < self.habit.skips_visit:
                continue
            self._rest_if_due()
            self._wait_for(number)
            self._visit(shop, last=number == len(self.chosen) - 1)
        else:
            if self.day.trick:
                self._cheat(self.chosen[honest:])
        self._find_shop()
        self._go_home()
        self._lose_network()
        self._silence_tracker()
        self._add_words()
        self.day.events.sort(key=lambda event: event.at)
        self.day.photos.sort(key=lambda photo: photo.at)
        return self.day

    # ------------------------------------------------------------------ the plan

    def _in_driving_order(self, shops):
        """Nearest next, from home."""
        left, order, place = list(shops), [], (self.plane.lat, self.plane.lng)
        while left:
            nearest = min(left, key=lambda shop: (distance_m(place, shop.place), shop.id))
            left.remove(nearest)
            order.append(nearest)
            place = nearest.place
        return order

    def _plan_times(self):
        midnight = self.shift.start - self.shift.start_of_day
        for number, shop in enumerate(self.chosen):
            hour = (self._planned_at(number) - midnight) / 3600
            self.day.planned.append((shop, round(hour * 4) / 4))

    def _planned_at(self, number):
        span = (self.shift.end - self.shift.start - 80 * MINUTE) / max(1, len(self.chosen))
        return self.shift.start + 35 * MINUTE + number * span

    def _runs_out_of_time(self, shop):
        way = distance_m(self.plane.to_degrees(*self.place), shop.place)
        way_home = distance_m(shop.place, (self.plane.lat, self.plane.lng))
        needed = (way + way_home) * 1.35 / 6 + self.habit.stay[1] * MINUTE + 15 * MINUTE
        return self.now + needed > self.shift.end

    # ------------------------------------------------------------------ moving

    def _drive_to(self, place):
        if self.place == place:
            return
        drive = plan_drive(self.place, place, self.rng, self.habit.cruise)
        self.day.fixes += self.receiver.record_drive(drive, self.now)
        self.now += int(drive.seconds) + 1
        self.place = place

    def _stay(self, seconds):
        end = self.now + int(seconds)
        self.day.fixes += self.receiver.record_stay(self.place, self.now, end)
        self.now = end

    def _beside(self, shop, metres):
        east, north = self.plane.to_plane(*shop.place)
        return east + self.rng.uniform(-metres, metres), north + self.rng.uniform(-metres, metres)

    def _fix(self, **options):
        self.day.fixes.append(self.receiver.fix(self.now, self.place, **options))

    def _rest_if_due(self):
        middle = self.shift.start + (self.shift.end - self.shift.start) * 0.4
        if self.rested or self.now < middle:
            return
        self.rested = True
        self._step_aside()
        self._stay(self.rng.uniform(32, 50) * MINUTE)

    def _wait_for(self, number):
        """Early for the next shop: wait around the corner."""
        shop, _hour = self.day.planned[number]
        way = distance_m(self.plane.to_degrees(*self.place), shop.place) * 1.35 / 6
        target = self._planned_at(number) + self.rng.uniform(-15, 8) * MINUTE
        if target - way - self.now > 12 * MINUTE:
            self._step_aside()
            self._stay(max(0, target - way - self.now))

    def _step_aside(self):
        """Somewhere near, but not at the shop."""
        east, north = self.place
        turn = self.rng.uniform(0, 2 * math.pi)
        reach = self.rng.uniform(260, 480)
        self._drive_to((east + reach * math.cos(turn), north + reach * math.sin(turn)))

    def _go_home(self):
        self._claim_leads()
        self._drive_to((0.0, 0.0))
        self.now += self.rng.randrange(60, 300)
        if self.rng.random() >= self.habit.forgets_close:
            payload = {"position": self._position(), "workday_uuid": self.opened.uuid}
            self._report("workday.close", payload)

    def _add_words(self):
        """Every second day that was ended has something to say."""
        closed = [event for event in self.day.events if event.kind == "workday.close"]
        if closed and self.rng.random() < 0.5:
            words = {
                "blockers": self.rng.choice(texts.BLOCKERS),
                "tomorrow": self.rng.choice(texts.TOMORROW),
            }
            payload = {"date": self.shift.date.isoformat(), **words}
            self._report("report.words", payload, closed[0].at + 30)

    # ------------------------------------------------------------------ visits

    def _visit(self, shop, last=False):
        self._drive_to(self._beside(shop, 22))
        arrive = self.now
        stay = self.rng.uniform(*self.habit.stay) * MINUTE
        check_in = arrive + self.rng.randrange(20, 90)
        check_out = max(check_in + 90, arrive + int(stay) - self.rng.randrange(15, 60))
        visit = self._check_in(shop, check_in, self._position(check_in))
        self._do_steps(shop, visit, check_in, check_out)
        self._show_article(shop, visit, (check_in + check_out) // 2)
        self._do_besides(shop, visit, check_out - 20)
        if last or self.rng.random() >= self.habit.forgets_check_out:
            self._check_out(visit, check_out, self._position(check_out))
        self._stay(max(stay, check_out - arrive + 20))
        self.day.stops.append(Stop(shop, arrive, self.now))

    def _check_in(self, shop, at, position, reason=None):
        visit = make_uuid(self.key, "visit", shop.id)
        payload = {
            "visit_uuid": visit,
            "partner_id": shop.id,
            "position": position,
            "close_previous": True,
        }
        along = companions(visit, self.leader)
        if along:
            payload["companion_ids"] = along
        if goal := one_of(shop, "goal", visit):
            payload["goal_id"] = goal
        self._report("visit.check_in", payload | ({"reason": reason} if reason else {}), at)
        return visit

    def _check_out(self, visit, at, position):
        payload = {"visit_uuid": visit, "position": position}
        if self.rng.random() < 0.5:
            payload["note"] = self.rng.choice(texts.NOTES)
        self._report("visit.check_out", payload, at)

    def _do_steps(self, shop, visit, start, end, picture=None):
        """Answer the steps of the shop's procedure between check-in and check-out."""
        for number, step in enumerate(shop.steps, start=1):
            at = start + (end - start) * number // (len(shop.steps) + 1)
            payload = {"visit_uuid": visit, "step_key": step.key}
            answer = None
            if self.rng.random() >= self.habit.skips_step:
                answer = self._answer(step, shop, visit, at, picture)
            if answer is None:
                why = {"reason": self.rng.choice(texts.CANNOT)}
                if chosen := one_of(shop, "cannot", visit, step.key):
                    why["reason_id"] = chosen
                self._report("visit.step_cannot", payload | why, at)
                continue
            self._report("visit.step_done", payload | answer, at)

    def _do_besides(self, shop, visit, at):
        place = {"lat": shop.lat, "lng": shop.lng, "accuracy": 8.0, "fix_age": 1.0}
        for kind, payload in beside_visit(visit, shop, self.shift.date, place, make_uuid):
            self._report(kind, payload, at)

    def _find_shop(self):
        found = found_shop(self.key, self.day.stops, make_uuid)
        if found:
            self._report("customer.add", found, self.day.stops[-1].leave + 30)

    def _show_article(self, shop, visit, at):
        """In one visit of three; drawn apart, so that it changes nothing else of the day."""
        rng = random.Random(f"article/{visit}")
        if shop.articles and rng.random() < 1 / 3:
            payload = {"visit_uuid": visit, "article_id": rng.choice(shop.articles)}
            self._report("article.used", payload, at)

    def _answer(self, step, shop, visit, at, picture):
        """What he answers, with the files it names; None when it cannot be done."""

        def take(number, content):
            blob = make_uuid(visit, step.key, number)
            self.day.photos.append(Photo(at, blob, picture or blob, content))
            return blob

        return answers.answer(step, shop, self.rng, take)

    def _claim_leads(self):
        for lead in self.leads:
            self._report("lead.claim", {"lead_id": lead}, self.now - self.rng.randrange(60, 900))

    # ------------------------------------------------------------------ cheating

    def _cheat(self, shops):
        """From a tea house: check in where he is not, and sometimes forge the track as well."""
        east, north = self._beside(shops[0], 10)
        self._drive_to((east + 1100, north - 800))
        for shop in shops:
            if self.now + 50 * MINUTE > self.shift.end:
                break
            start = self.now
            self._stay_at_shop_on_paper(shop)
            if self.day.trick == "teleport":
                self.day.fixes += self._forge_track(shop, start, self.now)

    def _stay_at_shop_on_paper(self, shop):
        check_in = self.now + self.rng.randrange(60, 180)
        check_out = check_in + self.rng.randrange(8, 16) * MINUTE
        reason = None
        position = {"lat": shop.lat, "lng": shop.lng, "accuracy": 5.0, "fix_age": 0.0}
        if self.day.trick == "afar":
            position, reason = self._position(check_in), self.rng.choice(texts.AFAR)
        visit = self._check_in(shop, check_in, position, reason)
        self._do_steps(shop, visit, check_in, check_out, picture=f"{self.day.person}/again")
        self._check_out(visit, check_out, position)
        if self.day.trick == "teleport":
            self.now = check_out + 30
        else:
            self._stay(check_out - self.now + self.rng.randrange(5, 15) * MINUTE)

    def _forge_track(self, shop, start, end):
        """A fake location app: there at once, and never a metre beside."""
        return [
            Fix(at, shop.lat, shop.lng, 5.0, 0.0, 0.0, 0.0, self.receiver.battery(at), "forged")
            for at in range(start + 5, end, MINUTE)
        ]

    # ------------------------------------------------------------------ trouble

    def _lose_network(self):
        if self.rng.random() < self.habit.hole:
            length = self.rng.randrange(20, 50) * MINUTE
            start = self.shift.start + self.rng.randrange(60, 300) * MINUTE
            self.day.holes.append((start, start + length))

    def _silence_tracker(self):
        """The phone's system stops the tracker app for a while, as some do to save power."""
        if self.rng.random() >= self.habit.silent:
            return
        start = self.shift.start + self.rng.randrange(90, 300) * MINUTE
        end = start + self.rng.randrange(35, 70) * MINUTE
        self.day.fixes = [fix for fix in self.day.fixes if not start <= fix.at < end]

    # ------------------------------------------------------------------ reports

    def _position(self, at=None):
        """The app's own fix, as it goes into an event."""
        fix = self.receiver.fix(at or self.now, self.place, indoors=True)
        age = round(self.rng.uniform(0, 9), 1)
        return {"lat": fix.lat, "lng": fix.lng, "accuracy": fix.accuracy, "fix_age": age}

    def _report(self, kind, payload, at=None):
        self.count += 1
        identity = make_uuid(self.key, kind, self.count)
        event = Event(int(at or self.now), identity, kind, payload)
        self.day.events.append(event)
        return event
