"""Phones in the background (tracking.md §6), and strays that only such phones send."""

import numpy as np

from odoo.tests import BaseCase

from . import background, tracks
from odoo.addons.field_tracking.tools import clean
from odoo.addons.field_tracking.tools.day import build_day

DAYS, WORST = 19, 7
NEAR_S = 300
#: The worst day that was measured: nine times the true way, if every position is believed.
WORST_RAW = 9


class TestBackgroundPhones(BaseCase):
    """Nineteen days as there were nineteen labelled ones; the eighth phone is a bad one."""

    def live(self, phones, seed, days=DAYS):
        """Days of these kinds of phones, in turns."""
        rng = np.random.default_rng(seed)
        self.ratios, self.raw, hits, said, real = [], [], 0, 0, 0
        for number in range(days):
            day = background.real_day(rng)
            phone = phones[number % len(phones)](rng)
            sent = self.bad_day(day, phone) if number == WORST else background.send(day, phone, rng)
            found = build_day(**sent)
            self.ratios.append(found.distance_m / day.true_m)
            self.raw.append(self.chords(sent) / day.true_m)
            hits += sum(self.matches(found.trips, trip) for trip in day.trips)
            said, real = said + len(found.trips), real + len(day.trips)
        self.ratios, self.raw = np.array(self.ratios), np.array(self.raw)
        return 2 * hits / (said + real)

    def bad_day(self, day, phone):
        for wild in np.arange(0.02, 0.4, 0.01):
            rng = np.random.default_rng(WORST)
            phone.rng = rng
            sent = background.send(day, phone, rng, wild)
            if self.chords(sent) >= WORST_RAW * day.true_m:
                break
        return sent

    def chords(self, sent):
        return clean.leg_lengths(sent["lat"], sent["lon"]).sum()

    def matches(self, trips, true):
        start, end = true
        return any(
            abs(trip.start - start) <= NEAR_S and abs(trip.end - end) <= NEAR_S for trip in trips
        )

    def test_traccar_client_with_our_settings_and_owntracks_in_move_mode(self):
        f1 = self.live((background.Phone, background.MovingPhone), seed=1)
        within = ((self.ratios >= 0.9) & (self.ratios <= 1.15)).mean()
        told = f"F1 {f1:.2f}, within {within:.2f}, {self.ratios.round(2)}, raw {self.raw.round(1)}"
        self.assertGreaterEqual(within, 0.8, told)
        self.assertGreaterEqual(f1, 0.6, told)
        self.assertLessEqual(self.ratios.max(), 1.3, told)
        self.assertGreaterEqual(self.raw[WORST], WORST_RAW, told)
        self.assertGreater(np.median(self.raw), 1.57, "no easier than the measured days were")

    def test_significant_changes_only_never_say_too_much(self):
        """A position every five minutes shows which way a day went and no more; see docs."""
        self.live((background.SignificantPhone,), seed=1, days=WORST)
        self.assertLessEqual(self.ratios.max(), 1.0)
        self.assertGreater(np.median(self.ratios), 0.5)


class TestFarStrays(BaseCase):
    def verdicts(self, maker, **changes):
        arrays = maker.arrays()
        for index, place in changes.get("moved", {}).items():
            arrays["lat"][index], arrays["lon"][index] = tracks.degrees(*place)
        x, y = clean.project(arrays["lat"], arrays["lon"])
        return clean.judge(arrays["ts"], x, y, np.full(len(x), 8.0))

    def test_one_that_leaps_back_is_stray_although_the_way_there_was_possible(self):
        maker = tracks.Maker().go(2000, 0, 10).silent(200).go(6000, 0, 10)
        arrays = maker.arrays()
        index = int(np.flatnonzero(np.diff(arrays["ts"]) > 100)[0]) + 1
        bad = np.flatnonzero(self.verdicts(maker, moved={index: (2000, 5000)}))
        self.assertEqual(list(bad), [index])

    def test_what_is_said_again_is_as_wrong_as_it_was(self):
        maker = tracks.Maker(noise=2).go(2000, 0, 10)
        first = len(maker.t)
        maker.stay(10).silent(890).stay(10).silent(890).stay(60)
        moved = {first: (9000, 0), first + 1: (9000, 0)}
        bad = np.flatnonzero(self.verdicts(maker, moved=moved))
        self.assertEqual(list(bad), [first, first + 1])

    def test_a_way_out_and_back_is_none_when_nobody_saw_it(self):
        maker = tracks.Maker().stay(300).go(3000, 0, 10)
        index = len(maker.t)
        maker.silent(240).stay(10).silent(240).stay(600)
        bad = np.flatnonzero(self.verdicts(maker, moved={index: (3000, 6000)}))
        self.assertEqual(list(bad), [index])

    def test_a_place_reached_slowly_between_two_silences_stays(self):
        maker = tracks.Maker().stay(300).go(3000, 0, 10)
        index = len(maker.t)
        maker.silent(900).stay(10).silent(900).stay(600)
        self.assertFalse(self.verdicts(maker, moved={index: (3000, 6000)}).any())

    def test_a_phone_that_speaks_seldom_may_have_been_there(self):
        maker = tracks.Maker(every=240).go(30000, 0, 25).go(0, 0, 25)
        self.assertFalse(self.verdicts(maker).any())
