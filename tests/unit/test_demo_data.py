"""The demo's people, places and goods, as far as they need no Odoo."""

import itertools
import math
import re
from collections import Counter
from datetime import datetime, timezone

import pytest

from demo import SEED, catalogue, people, places, watch
from simulator.geo import distance_m
from simulator.habits import HABITS

STEPS = (*catalogue.PROCEDURE_STEPS, *catalogue.TALK_STEPS)
HAN = re.compile(r"[\u4e00-\u9fff]")
# The Huangpu from the south to the Yangpu bridge and on, by its middle.
RIVER = (
    (31.1000, 121.4680), (31.1310, 121.4650), (31.1600, 121.4600), (31.1750, 121.4570),
    (31.1850, 121.4610), (31.1930, 121.4730), (31.1915, 121.4850), (31.2000, 121.4985),
    (31.2085, 121.5025), (31.2200, 121.5060), (31.2280, 121.5000), (31.2370, 121.4930),
    (31.2440, 121.4920), (31.2480, 121.4990), (31.2480, 121.5130), (31.2530, 121.5290),
    (31.2575, 121.5420), (31.2660, 121.5540), (31.2800, 121.5630), (31.3100, 121.5600),
)  # fmt: skip


@pytest.fixture(scope="module")
def shops():
    return places.make_shops(SEED)


def river_distance(place):
    """Metres to the middle of the river, by points 50 m apart."""
    best = math.inf
    for a, b in itertools.pairwise(RIVER):
        pieces = max(1, round(distance_m(a, b) / 50))
        for i in range(pieces + 1):
            point = tuple(a[k] + (b[k] - a[k]) * i / pieces for k in (0, 1))
            best = min(best, distance_m(place, point))
    return best


def test_the_company_has_the_people_it_should():
    assert Counter(person.role for person in people.PEOPLE) == {
        "director": 1,
        "leader": 2,
        "rep": 8,
    }
    by_login = {person.login: person for person in people.PEOPLE}
    assert len(by_login) == 11
    for person in people.REPS:
        assert by_login[person.leader].role == "leader"
        assert HABITS[person.habit]
    assert {person.habit for person in people.REPS} == set(HABITS)
    assert {person.territory for person in people.REPS} == {t.key for t in places.TERRITORIES}


def test_the_logins_that_are_printed_exist():
    logins = {person.login for person in people.PEOPLE} | {"admin"}
    who = " ".join(login.who for login in people.LOGINS)
    assert {login.login for login in people.LOGINS} <= logins
    for word in ("Administrator", "Leader", "Representative", "On a phone"):
        assert word in who
    assert all(login.path.startswith("/") for login in people.LOGINS)


def test_there_are_120_shops_with_names_of_their_own(shops):
    assert len(shops) == 120
    assert len({shop.name for shop in shops}) == 120
    assert Counter(shop.territory.key for shop in shops) == {t.key: 15 for t in places.TERRITORIES}
    assert sum(shop.prospect for shop in shops) == 32
    assert places.make_shops(SEED) == shops


def test_neighbours_are_shops_of_other_names_and_nobodys_customers(shops):
    others = places.make_neighbours(SEED)
    assert len(others) == 80 and places.make_neighbours(SEED) == others
    assert not {shop.zh for shop in shops} & {shop.zh for shop in others}
    assert Counter(shop.territory.key for shop in others) == {t.key: 10 for t in places.TERRITORIES}


def test_shops_lie_in_shanghai_and_not_in_the_river(shops):
    homes = [places.home_of(territory.key, SEED) for territory in places.TERRITORIES]
    for place in [*((shop.lat, shop.lng) for shop in shops), *homes]:
        assert 31.05 < place[0] < 31.35
        assert 121.30 < place[1] < 121.65
        assert river_distance(place) > 450, place


def test_a_territory_lies_on_one_side_and_is_compact(shops):
    for territory in places.TERRITORIES:
        mine = [shop for shop in shops if shop.territory is territory]
        for a in mine:
            assert all(distance_m((a.lat, a.lng), (b.lat, b.lng)) < 9_000 for b in mine)


def test_shops_do_not_stand_on_each_other(shops):
    for i, a in enumerate(shops):
        for b in shops[i + 1 :]:
            assert distance_m((a.lat, a.lng), (b.lat, b.lng)) > 60


def test_every_text_is_there_in_both_languages(shops):
    pairs = [
        *catalogue.CATEGORIES.values(),
        *catalogue.TAGS.values(),
        *catalogue.DEPARTMENTS.values(),
        *catalogue.JOBS.values(),
        *(row[:2] for row in catalogue.PRODUCTS),
        *((step.en, step.zh) for step in STEPS),
        *((step.hint_en, step.hint_zh) for step in STEPS),
        *(name for _kind, name, _options in catalogue.QUESTIONS),
        *(option for _kind, _name, options in catalogue.QUESTIONS for option in options),
        catalogue.FORM,
        catalogue.TALK,
        catalogue.POLICY,
        catalogue.PROCEDURE,
        catalogue.SHELF,
        *(brand for brand, _goods in catalogue.BRANDS),
        *(name for _brand, goods in catalogue.BRANDS for name, _price in goods),
        *((shop.en, shop.zh) for shop in shops),
    ]
    for english, chinese in pairs:
        assert not HAN.search(english), english
        assert HAN.search(chinese), chinese
        assert not re.search(r"[A-Za-z]{2}", chinese), chinese


def test_prices_leave_a_margin():
    for _en, _zh, price, cost, category, _code in catalogue.PRODUCTS:
        assert 0 < cost < price
        assert category in catalogue.CATEGORIES


def test_the_watched_district_holds_the_shops_of_its_territory(shops):
    district = next(t for t in places.TERRITORIES if t.key == "jingan")
    (south, west), (_, east), (north, _), _ = watch.outline(district)
    own = [shop for shop in shops if shop.territory.key == "jingan"]
    assert own
    assert all(south < shop.lat < north and west < shop.lng < east for shop in own)


def test_the_freezer_stood_open_long_enough_for_a_task():
    until = datetime(2026, 9, 21, tzinfo=timezone.utc)
    rows = [row for row in watch.values(until) if row["metric"] == "temperature"]
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert rows[-1]["time"] == until.isoformat()
    warm = [row["value"] > -15 for row in rows]
    assert sum(warm) * watch.EVERY_MIN >= 120
    assert warm == sorted(warm), "cold first, then warm until the end"
