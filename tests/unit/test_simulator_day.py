"""The plan of a simulated day: the same again, physically possible, and the cheat is not."""

import itertools
import math
import random
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from statistics import median

import pytest

from demo import SEED, places
from demo.people import REPS
from simulator import answers, day, shifts
from simulator.geo import distance_m
from simulator.habits import HABITS

DATES = [date(2026, 11, 2) + timedelta(days=i) for i in range(5)]
STEPS = (
    day.Step("front", "photo", True, 2),
    day.Step("stock", "check"),
    day.Step("talk", "note", False),
)
HONEST = [person for person in REPS if not HABITS[person.habit].cheats]
CHEATS = [person for person in REPS if HABITS[person.habit].cheats]


def shops_of(person):
    return [
        day.Shop(number, shop.lat, shop.lng, STEPS)
        for number, shop in enumerate(places.make_shops(SEED), start=1)
        if shop.territory.key == person.territory
    ]


def make_plan(person, on=DATES[0], name="day", seed=SEED, leads=()):
    shift = shifts.shift_of(on, name)
    home = places.home_of(person.territory, seed)
    habit = HABITS[person.habit]
    return day.plan_day(seed, person.login, habit, shift, home, shops_of(person), leads)


@pytest.fixture(scope="module")
def plans():
    """{(login, date): plan} of a week of everybody."""
    return {(p.login, on): make_plan(p, on) for p in REPS for on in DATES}


def of(plans, people):
    logins = {person.login for person in people}
    return [plan for (login, _on), plan in plans.items() if login in logins]


def legs(plan):
    """(metres, seconds, the two fixes) between neighbouring fixes of different seconds."""
    for a, b in itertools.pairwise(plan.fixes):
        if b.at > a.at:
            yield distance_m((a.lat, a.lng), (b.lat, b.lng)), b.at - a.at, a, b


def at_time(plan, moment):
    """The fix nearest in time."""
    return min(plan.fixes, key=lambda fix: abs(fix.at - moment))


# ---------------------------------------------------------------------- what is reported


def test_a_step_of_each_kind_is_answered_with_the_files_it_names():
    items = {
        "stock": ((1, 9),),
        "price": ((1, 3.5),),
        "competitor": ((2, 4.5),),
        "form": (("a", "yes_no", ()), ("b", "choice", ("x", "y")), ("c", "multi", ("z",))),
    }
    kinds = ("check", "note", "photo", "order", "collection", "document", "signature", "audio")
    steps = tuple(day.Step(k, k, items=items.get(k, ())) for k in (*kinds, *items, "code"))
    files = []

    def take(number, content):
        files.append(content)
        return str(number)

    shop = day.Shop(1, 31.2, 121.4, steps, code="FS1-1")
    rng = random.Random(1)
    given = {step.kind: answers.answer(step, shop, rng, take) for step in steps}
    assert files == ["shelf", "paper", "paper", "sound"]
    assert [kind for kind, payload in given.items() if not payload] == ["check"]
    assert given["code"] == {"value": "FS1-1"}
    assert given["form"]["answers"]["b"] in ("x", "y")
    assert given["form"]["answers"]["c"] == ["z"]
    assert set(given["price"]["lines"][0]) == {"product_id", "price"}
    nameless = day.Shop(1, 31.2, 121.4, steps)
    assert answers.answer(day.Step("code", "code"), nameless, rng, take) is None


def test_days_hold_what_lies_beside_the_visits(plans):
    kinds = Counter(event.kind for plan in plans.values() for event in plan.events)
    assert {"followup.add", "customer.pin", "customer.add"} <= kinds.keys()
    assert kinds["customer.pin"] < kinds["followup.add"] < kinds["visit.check_in"] / 2


def test_the_leader_comes_along_now_and_then():
    person = REPS[0]
    home = places.home_of(person.territory, SEED)
    habit = HABITS[person.habit]
    visits = [
        event.payload.get("companion_ids")
        for on in DATES
        for event in day.plan_day(
            SEED, person.login, habit, shifts.shift_of(on, "day"), home, shops_of(person), (), 7
        ).events
        if event.kind == "visit.check_in"
    ]
    assert [7] in visits
    assert None in visits


# ---------------------------------------------------------------------- the same again


@pytest.mark.parametrize("person", REPS, ids=lambda person: person.habit)
def test_same_seed_same_day(person):
    assert make_plan(person) == make_plan(person)


def test_another_seed_another_day():
    assert make_plan(REPS[0]).fixes != make_plan(REPS[0], seed="other").fixes


def test_another_day_is_another_day():
    assert make_plan(REPS[0]).fixes[5] != make_plan(REPS[0], on=DATES[1]).fixes[5]


def test_uuids_are_unique(plans):
    uuids = [item.uuid for plan in plans.values() for item in (*plan.events, *plan.photos)]
    assert len(uuids) == len(set(uuids))


def test_shifts_of_a_date_share_no_shop():
    person = next(person for person in REPS if HABITS[person.habit].visits == 7)
    chosen = [
        {shop.id for shop, _hour in make_plan(person, name=name).planned} for name in shifts.NAMES
    ]
    assert all(not a & b for a, b in itertools.combinations(chosen, 2))


# ---------------------------------------------------------------------- physically possible


def test_honest_people_never_jump(plans):
    """No leg between good fixes faster than a car in town, noise of both ends included."""
    for plan in of(plans, HONEST):
        for metres, seconds, a, b in legs(plan):
            if max(a.accuracy, b.accuracy) <= 50:
                slack = 1.5 * (a.accuracy + b.accuracy)
                assert (metres - slack) / seconds < 20, (plan.person, a, b)


def test_reported_speed_agrees_with_the_way(plans):
    """The receiver's own speed and displacement tell the same story, in the median."""
    for plan in of(plans, HONEST):
        ratios = [
            metres / seconds / ((a.speed + b.speed) / 2)
            for metres, seconds, a, b in legs(plan)
            if seconds <= 8 and a.speed > 4 and b.speed > 4
        ]
        assert len(ratios) > 20
        assert 0.85 < median(ratios) < 1.15, plan.person


def test_a_phone_that_lies_in_a_shop_stays_there(plans):
    for plan in of(plans, HONEST):
        for stop in plan.stops:
            inside = [fix for fix in plan.fixes if stop.arrive + 5 < fix.at < stop.leave - 5]
            for fix in inside:
                if fix.accuracy <= 50:
                    assert distance_m((fix.lat, fix.lng), stop.shop.place) < 200


def test_fixes_are_in_order_and_rarely_share_a_second(plans):
    for plan in of(plans, HONEST):
        times = [fix.at for fix in plan.fixes]
        assert times == sorted(times)
        assert len(set(times)) > 0.97 * len(times)


def test_a_day_has_the_kilometres_of_a_town_rep(plans):
    for plan in of(plans, HONEST):
        metres = sum(m for m, _s, a, b in legs(plan) if max(a.accuracy, b.accuracy) < 50)
        assert 4_000 < metres < 90_000, plan.person


def test_everything_lies_within_the_shift(plans):
    for (_login, on), plan in plans.items():
        shift = shifts.shift_of(on)
        moments = [item.at for item in (*plan.fixes, *plan.events, *plan.photos)]
        assert min(moments) >= shift.start
        assert max(moments) <= shift.end + 5 * 60, plan.person


def test_check_ins_happen_at_the_shop(plans):
    shops = {shop.id: shop for person in REPS for shop in shops_of(person)}
    for plan in of(plans, HONEST):
        for event in plan.events:
            if event.kind == "visit.check_in":
                where = event.payload["position"]
                distance = distance_m((where["lat"], where["lng"]), shops_place(shops, event))
                assert distance < 100 + 2 * where["accuracy"]


def shops_place(shops, event):
    return shops[event.payload["partner_id"]].place


def test_a_visit_ends_after_it_began_and_answers_lie_between(plans):
    for plan in plans.values():
        spans = {}
        for event in plan.events:
            visit = event.payload.get("visit_uuid")
            if visit:
                spans.setdefault(visit, []).append(event.kind)
        assert spans
        for kinds in spans.values():
            assert kinds[0] == "visit.check_in"
            assert "visit.check_out" not in kinds[:-1]
            assert len(kinds) >= 1 + len(STEPS)


def test_each_photo_of_a_step_is_sent(plans):
    for plan in plans.values():
        named = [b for event in plan.events for b in event.payload.get("blobs", ())]
        assert sorted(named) == sorted(photo.uuid for photo in plan.photos)


def test_leads_are_claimed_on_the_way():
    plan = make_plan(REPS[0], leads=[17])
    [claim] = [event for event in plan.events if event.kind == "lead.claim"]
    assert claim.payload == {"lead_id": 17}


# ---------------------------------------------------------------------- characters


def test_only_the_forgetful_forget_to_check_out(plans):
    for person in REPS:
        visits = ends = 0
        for plan in of(plans, [person]):
            visits += sum(event.kind == "visit.check_in" for event in plan.events)
            ends += sum(event.kind == "visit.check_out" for event in plan.events)
        forgets = HABITS[person.habit].forgets_check_out > 0
        assert (ends < visits) == forgets, person.habit


def test_the_silent_phone_is_silent_on_some_day(plans):
    [person] = [p for p in REPS if HABITS[p.habit].silent]
    longest = [max(s for _m, s, _a, _b in legs(plan)) for plan in of(plans, [person])]
    assert max(longest) > 30 * 60
    others = [p for p in HONEST if p != person]
    for plan in of(plans, others):
        assert max(seconds for _m, seconds, _a, _b in legs(plan)) < 10 * 60


def test_the_offline_phone_loses_the_network_each_day(plans):
    [person] = [p for p in REPS if HABITS[p.habit].hole == 1]
    for plan in of(plans, [person]):
        [(start, end)] = plan.holes
        assert 20 * 60 <= end - start <= 50 * 60


def test_the_cheat_is_implausible_every_day():
    """On each of twenty days his check-ins and his track cannot both be true."""
    [cheat] = CHEATS
    shops = {shop.id: shop for shop in shops_of(cheat)}
    tricks = set()
    for i in range(20):
        plan = make_plan(cheat, on=DATES[0] + timedelta(days=i))
        tricks.add(plan.trick)
        assert _contradictions(plan, shops) or _teleports(plan), plan.trick
    assert tricks == {"armchair", "afar", "teleport"}


def _contradictions(plan, shops):
    """Check-ins while the tracker is somewhere else."""
    found = []
    for event in plan.events:
        if event.kind == "visit.check_in":
            fix = at_time(plan, event.at)
            shop = shops[event.payload["partner_id"]]
            if distance_m((fix.lat, fix.lng), shop.place) > 500:
                found.append(event)
    return found


def _teleports(plan):
    return [
        (a, b)
        for metres, seconds, a, b in legs(plan)
        if metres > 400 and metres / seconds > 30 and max(a.accuracy, b.accuracy) <= 100
    ]


def test_honest_days_contradict_nothing(plans):
    for person in HONEST:
        shops = {shop.id: shop for shop in shops_of(person)}
        for plan in of(plans, [person]):
            silent = HABITS[person.habit].silent
            assert silent or not _contradictions(plan, shops), person.habit
            assert not _teleports(plan)


# ---------------------------------------------------------------------- shifts and clock


def test_shifts_cover_the_day_without_overlap():
    rows = [shifts.shift_of(DATES[0], name) for name in shifts.NAMES]
    rows.append(shifts.shift_of(DATES[1], shifts.NAMES[0]))
    for before, after in itertools.pairwise(rows):
        assert 0 < after.start - before.end <= 15 * 60


@pytest.mark.parametrize("hour", range(24))
def test_some_shift_is_running_at_every_hour(hour):
    now = datetime(2026, 11, 2, hour, 45, tzinfo=timezone.utc).timestamp()
    shift = shifts.running_shift(now)
    assert shift.start - 15 * 60 <= now < shift.end
    last = shifts.last_shift(now)
    assert last.end <= now
    assert now - last.end < 9.5 * 3600


def test_real_time_clock_delivers_the_past_at_once():
    clock = shifts.Clock(begun=10_000, shift_start=4_000, speed=1)
    assert clock.real(5_000) <= 10_000
    assert clock.real(11_000) == 11_000


@pytest.mark.parametrize("speed", [2, 60, math.inf])
def test_fast_clock_is_never_ahead_of_the_real_time(speed):
    clock = shifts.Clock(begun=10_000, shift_start=4_000, speed=speed)
    moments = [clock.real(at) for at in range(4_000, 20_000, 50)]
    assert all(real >= at for real, at in zip(moments, range(4_000, 20_000, 50), strict=True))
    assert moments == sorted(moments)
    assert moments[0] == 10_000
