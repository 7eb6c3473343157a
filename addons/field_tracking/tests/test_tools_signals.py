from collections import defaultdict

import numpy as np

from odoo.tests import BaseCase

from . import tracks
from .shared_data import geolife_files, read_plt
from odoo.addons.field_tracking.tools import replay, signals

DEFAULTS = {
    "mock": 1,
    "frozen": 10,
    "teleport": 1000,
    "backdated": 10,
    "two_phones": 3,
    "apart": 15,
    "ruled": 10,
    "speed": 3,
    "future": 2,
    "senders": 3,
    "pinned": 20,
    "battery": 6,
    "plain_values": 50,
    "wifi": 10000,
}
DAY = 86400
#: Honest days that are looked at here; the bench takes all.
SAMPLE = 12


def honest(seed=1, every=30, **columns):
    """Columns of a plain day: three stays, two ways; figures as a phone of today gives them."""
    maker = tracks.Maker(every=every, seed=seed)
    maker.stay(1800).go(4000, 0, 10).stay(2400).go(12000, 3000, 13).stay(3600)
    made = maker.arrays(speed=True)
    count = len(made["ts"])
    random = np.random.default_rng(seed)
    values = {
        "accuracy": np.round(random.uniform(4, 25, count), 1),
        "altitude": np.round(12 + random.normal(0, 4, count), 1),
        "speed": np.where(made["speed"] > 0, made["speed"] + random.normal(0, 0.7, count), 0),
        "battery": np.linspace(0.95, 0.4, count),
        "received": made["ts"] + 2,
        **columns,
    }
    return {"t": made["ts"], "lat": made["lat"], "lon": made["lon"], **values}


def find(columns, **thresholds):
    return signals.find(signals.make_fixes(**columns), thresholds or DEFAULTS)


class TestSignals(BaseCase):
    def test_honest_day_raises_nothing(self):
        for seed in range(5):
            self.assertEqual(find(honest(seed)), {})

    def test_phone_that_says_so(self):
        columns = honest()
        columns["mock"] = np.arange(len(columns["t"])) == 40
        [hit] = find(columns)["mock"]
        self.assertEqual(hit.value, 1)
        self.assertEqual(hit.start, columns["t"][40])

    def test_mock_app_with_constant_figures(self):
        columns = honest(accuracy=5.0, altitude=10.0)
        found = find(columns)
        self.assertIn("frozen", found)
        self.assertGreater(found["frozen"][0].facts["metres"], 10_000)

    def test_constant_figures_without_altitude_need_frozen_speed_too(self):
        still_moving = honest(accuracy=5.0, altitude=np.nan)
        self.assertNotIn("frozen", find(still_moving))
        frozen = honest(accuracy=5.0, altitude=np.nan, speed=8.0, course=90.0)
        self.assertIn("frozen", find(frozen))

    def test_threshold_decides(self):
        columns = honest(accuracy=5.0, altitude=10.0)
        self.assertNotIn("frozen", find(columns, frozen=10_000))

    def test_teleport(self):
        maker = tracks.Maker(every=30).stay(3600).shift(15_000, 0).stay(3600)
        made = maker.arrays()
        [hit] = find({"t": made["ts"], "lat": made["lat"], "lon": made["lon"]})["teleport"]
        self.assertAlmostEqual(hit.facts["metres"], 15_000, delta=60)

    def test_gap_stray_fix_and_train_are_no_teleport(self):
        gap = tracks.Maker(every=30).stay(3600).silent(2400).shift(60_000, 0).stay(3600)
        stray = tracks.Maker(every=30).stay(3600).shift(9_000, 0).stay(30).shift(0, 0).stay(3600)
        train = tracks.Maker(every=30).stay(3600).go(80_000, 0, 80).stay(3600)
        for name, maker in (("gap", gap), ("stray", stray), ("train", train)):
            made = maker.arrays()
            found = find({"t": made["ts"], "lat": made["lat"], "lon": made["lon"]})
            self.assertNotIn("teleport", found, name)

    def test_ruler(self):
        count = 400
        lat, lon = tracks.degrees(np.arange(count) * 40.0, np.arange(count) * 9.0)
        made = {"t": tracks.T0 + np.arange(count) * 5.0, "lat": lat, "lon": lon}
        self.assertIn("ruled", find(made))

    def test_speed_that_does_not_fit(self):
        columns = honest()
        columns["speed"] = 0.0
        self.assertIn("speed", find(columns))

    def test_clock_set_back(self):
        columns = honest()
        late = slice(100, 130)  # made now, said to be from 100 minutes ago
        columns["received"] = columns["received"].copy()
        columns["received"][late] = columns["t"][-1] + 5 + np.arange(30)
        [hit] = find(columns)["backdated"]
        self.assertEqual(hit.facts["count"], 30)

    def test_backlog_after_a_dead_spot_is_no_set_back_clock(self):
        columns = honest()
        back = columns["t"][200] + 5
        columns["received"] = np.where(
            (columns["t"] > columns["t"][60]) & (columns["t"] < back), back, columns["received"]
        )
        self.assertEqual(find(columns), {})

    def test_clock_ahead(self):
        columns = honest()
        columns["received"] = columns["t"] - 300
        self.assertIn("future", find(columns))

    def test_two_phones_with_one_code(self):
        columns = honest()
        other = tracks.degrees(50_000 + np.arange(120) * 5.0, np.full(120, 20_000.0))
        both = {
            "t": np.concatenate((columns["t"], columns["t"][:120] + 11)),
            "lat": np.concatenate((columns["lat"], other[0])),
            "lon": np.concatenate((columns["lon"], other[1])),
        }
        self.assertIn("two_phones", find(both))

    def test_two_devices_far_apart(self):
        one, two = honest(seed=1), honest(seed=2)
        both = {name: np.concatenate((one[name], two[name])) for name in ("t", "lat", "lon")}
        both["device"] = np.repeat([1, 2], len(one["t"]))
        self.assertNotIn("apart", find(both))
        both["lon"] = both["lon"] + np.repeat([0, 0.05], len(one["t"]))
        found = find(both)
        self.assertIn("apart", found)
        self.assertNotIn("two_phones", found)

    def test_two_kinds_of_app(self):
        columns = honest()
        columns["source"] = np.arange(len(columns["t"])) // 20 % 2
        self.assertIn("senders", find(columns))

    def test_supporting_signs(self):
        emulator = honest(battery=1.0, altitude=0.0, every=60)
        hours = np.linspace(0, 7 * 3600, len(emulator["t"]))
        emulator["t"] = emulator["t"][0] + hours
        emulator["received"] = emulator["t"]
        found = find(emulator)
        self.assertIn("battery", found)
        self.assertIn("altitude", found["plain_values"][0].facts["signs"])
        lying = {"t": tracks.T0 + np.arange(60) * 60.0, "lat": [31.2] * 60, "lon": [121.4] * 60}
        self.assertIn("pinned", find(lying))
        lying["ping"] = 1
        self.assertNotIn("pinned", find(lying))

    def test_on_wifi_all_the_way(self):
        columns = honest(wifi=1.0)
        [hit] = find(columns)["wifi"]
        self.assertGreaterEqual(hit.facts["km"], 10)
        self.assertNotIn("wifi", find(columns, wifi=30000), "no thirty kilometres were driven")
        count = len(columns["t"])
        columns["wifi"] = np.arange(count) % 20 != 0  # mobile data now and then, as on a real way
        self.assertNotIn("wifi", find(columns))
        columns["wifi"] = np.full(count, np.nan)
        self.assertNotIn("wifi", find(columns), "a phone that does not tell is no cheat")

    def test_order_of_arrival_in_the_table_is_no_matter(self):
        columns = honest(accuracy=5.0, altitude=10.0)
        order = np.random.default_rng(3).permutation(len(columns["t"]))
        mixed = {name: value[order] if np.ndim(value) else value for name, value in columns.items()}
        self.assertEqual(find(columns), find(mixed))

    def test_nothing_and_one_fix(self):
        empty = np.zeros(0)
        self.assertEqual(find({"t": empty, "lat": empty, "lon": empty}), {})
        self.assertEqual(find({"t": [1.0], "lat": [31.0], "lon": [121.0]}), {})


class TestReplay(BaseCase):
    def test_same_day_again_is_found_and_measured(self):
        one, two = honest(seed=1), honest(seed=2)
        lat = np.concatenate((two["lat"][:100], one["lat"][:120]))
        lon = np.concatenate((two["lon"][:100], one["lon"][:120]))
        prints = replay.fingerprint(one["lat"], one["lon"]), replay.fingerprint(lat, lon)
        self.assertTrue(replay.looks_alike(*prints, 50))
        count, first, last = replay.longest_repeat(lat, lon, one["lat"], one["lon"])
        self.assertEqual((count, first, last), (120, 100, 219))

    def test_same_road_driven_twice_is_not_the_same_day(self):
        one, two = honest(seed=1, every=2), honest(seed=2, every=2)
        count, _first, _last = replay.longest_repeat(two["lat"], two["lon"], one["lat"], one["lon"])
        self.assertLess(count, 10)

    def test_standing_still_is_one_place(self):
        keys, index = replay.places(np.full(500, 31.2), np.full(500, 121.4))
        self.assertEqual((len(keys), list(index)), (1, [0]))


class TestHonestPeople(BaseCase):
    """Real days: at most one false question in ten of them."""

    def test_real_days_raise_next_to_nothing(self):
        days = defaultdict(list)
        for path in geolife_files()[:SAMPLE]:
            ts, lat, lon = read_plt(path)
            for day in np.unique(ts // DAY):
                part = ts // DAY == day
                days[path.parts[-3], day].append((ts[part], lat[part], lon[part]))
        asked = 0
        for parts in days.values():
            t, lat, lon = (np.concatenate(column) for column in zip(*parts, strict=True))
            asked += bool(signals.find(signals.make_fixes(t, lat, lon), DEFAULTS))
        self.assertGreaterEqual(len(days), 8)
        self.assertLessEqual(asked, len(days) // 10)
