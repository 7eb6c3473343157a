import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from . import tracks
from .test_properties import QUICK, days
from odoo.addons.field_tracking.tools.day import day_of_track, make_track
from odoo.addons.field_tracking.tools.zones import Fence, find_presences, signed_distance

CIRCLE = Fence(tracks.LAT, tracks.LON, 100.0)


def square(half, east=0.0, north=0.0):
    """A polygon fence of ``2 * half`` metres by side."""
    around = [(-half, -half), (half, -half), (half, half), (-half, half)]
    corners = tuple(tuple(float(v) for v in tracks.degrees(east + x, north + y)) for x, y in around)
    return Fence(*(float(v) for v in tracks.degrees(east, north)), corners=corners)


def presences(fence, arrays):
    """As the rebuild asks: believed fixes and the stays of the day."""
    track = make_track(**arrays)
    stays = [(one.start, one.end, one.lat, one.lon) for one in day_of_track(track).stays]
    good = track.good()
    return find_presences(fence, good.t, good.lat, good.lon, good.accuracy, stays)


def points(*rows, accuracy=5.0):
    """(seconds, metres east, metres north) as the columns of a track."""
    t, x, y = np.array(rows, dtype=float).T
    lat, lon = tracks.degrees(x, y)
    return tracks.T0 + t, lat, lon, np.full(len(t), accuracy)


class TestFence(BaseCase):
    def test_distance_to_circle_and_polygon(self):
        lat, lon = tracks.degrees([0, 150, 0], [0, 0, -30])
        self.assertTrue(np.allclose(signed_distance(CIRCLE, lat, lon), [-100, 50, -70], atol=0.5))
        self.assertTrue(
            np.allclose(signed_distance(square(50), lat, lon), [-50, 100, -20], atol=0.5)
        )

    def test_a_hollow_polygon_is_hollow(self):
        shape = [
            (0, 0),
            (300, 0),
            (300, 300),
            (200, 300),
            (200, 100),
            (100, 100),
            (100, 300),
            (0, 300),
        ]
        corners = tuple(tuple(float(v) for v in tracks.degrees(*corner)) for corner in shape)
        fence = Fence(*(float(v) for v in tracks.degrees(150, 150)), corners=corners)
        lat, lon = tracks.degrees([150, 50, 250, 150], [200, 200, 200, 50])
        self.assertEqual((signed_distance(fence, lat, lon) < 0).tolist(), [False, True, True, True])

    def test_across_the_date_line(self):
        fence = Fence(0.0, 179.9999, 100.0)
        self.assertLess(signed_distance(fence, np.array([0.0]), np.array([-179.9998]))[0], 0)


class TestPresence(BaseCase):
    def test_come_and_go(self):
        maker = tracks.Maker(every=30).go(0, 2000, 10).shift(0, 2000)
        maker.go(0, 0, 10).stay(1800).go(3000, 0, 10)
        for fence in (CIRCLE, square(100)):
            with self.subTest(polygon=bool(fence.corners)):
                inside = [one for one in presences(fence, maker.arrays()) if not one.passing]
                start, end, _place = maker.stays[0]
                self.assertAlmostEqual(inside[-1].start, start, delta=20)
                self.assertAlmostEqual(inside[-1].end, end, delta=20)
                self.assertIsNotNone(inside[-1].before)

    def test_glitches_that_claim_two_metres_are_no_exit(self):
        """Eight hours still, 200 m off every ten minutes, sometimes twice in a row."""
        maker = tracks.Maker(every=30).stay(8 * 3600)
        x, y = np.array(maker.x), np.array(maker.y)
        x[20::20] += 200
        x[41::60] += 199
        lat, lon = tracks.degrees(x, y)
        accuracy = np.full(len(x), 1.7)
        t = np.array(maker.t, dtype=float)
        [one] = find_presences(CIRCLE, t, lat, lon, accuracy)
        self.assertEqual((one.start, one.end, one.before), (t[0], t[-1], None))
        day = day_of_track(make_track(t, lat, lon, accuracy))
        self.assertEqual((len(day.trips), len(day.stays), day.distance_m), (0, 1, 0))

    def test_one_fix_outside_is_not_believed_two_are(self):
        inside = [(n * 60, 0, 0) for n in range(5)]
        once = points(*inside, (300, 400, 0), (360, 0, 0), (420, 0, 0))
        self.assertEqual(len(find_presences(CIRCLE, *once)), 1)
        twice = points(*inside, (300, 400, 0), (400, 400, 0), (460, 0, 0), (520, 0, 0))
        self.assertEqual(len(find_presences(CIRCLE, *twice)), 2)

    def test_bad_accuracy_is_no_entry_and_no_exit(self):
        vague = points(*((n * 60, 0, 0) for n in range(5)), accuracy=150.0)
        self.assertFalse(find_presences(CIRCLE, *vague))
        *columns, accuracy = points(
            *((n * 60, 0, 0) for n in range(5)), (400, 140, 0), (600, 140, 0)
        )
        accuracy[5:] = 60.0
        [one] = find_presences(CIRCLE, *columns, accuracy)
        self.assertIsNone(one.before, "140 m off give or take 60 m is not outside")

    def test_between_the_lines_nothing_changes(self):
        edge = points(
            (0, 0, 0), (60, 0, 0), *((120 + n * 60, 118, 0) for n in range(20)), accuracy=1.0
        )
        self.assertIsNone(find_presences(CIRCLE, *edge)[0].before)
        [one] = find_presences(
            CIRCLE, *points(*((n * 60, 118, 0) for n in range(20)), (1200, 0, 0))
        )[:1] or [None]
        self.assertIsNone(one, "never inside but for a last fix nobody has confirmed")

    def test_tolerance(self):
        away = [(n * 60, 0, 0) for n in range(5)]
        away += [(300 + n * 60, 400, 0) for n in range(8)]
        away += [(780 + n * 60, 0, 0) for n in range(5)]
        patient = Fence(tracks.LAT, tracks.LON, 100.0, tolerance_s=600)
        self.assertEqual(len(find_presences(CIRCLE, *points(*away))), 2)
        self.assertEqual(len(find_presences(patient, *points(*away))), 1)

    def test_passing_by(self):
        for every in (5, 40):
            track = [(n * every, -1000 + n * every * 15, 0) for n in range(2000 // (15 * every))]
            with self.subTest(every=every):
                found = find_presences(CIRCLE, *points(*track))
                self.assertEqual([one.passing for one in found], [True])
                found = find_presences(square(80), *points(*track))
                self.assertEqual([one.passing for one in found], [True])
        beside = [(n * 40, -1000 + n * 600, 150) for n in range(4)]
        self.assertFalse(find_presences(square(120), *points(*beside)))

    def test_gone_in_a_silence_between_two_moments(self):
        maker = tracks.Maker(every=60).stay(600).silent(3600).shift(5000, 0).stay(600)
        [one] = presences(CIRCLE, maker.arrays())
        self.assertEqual((one.end, one.before), (maker.t[9], maker.t[10]))

    def test_a_phone_asleep_inside_that_wakes_up_outside(self):
        maker = tracks.Maker(every=60).stay(600).silent(3600).shift(0, 180).go(0, 4000, 10)
        [one] = [one for one in presences(CIRCLE, maker.arrays()) if not one.passing]
        self.assertGreater(one.end - one.start, 3900)
        self.assertLessEqual(one.end, one.before)

    @QUICK
    @given(arrays=days(), seed=st.integers(0, 10**6))
    def test_order_and_duplicates_change_nothing(self, arrays, seed):
        count = len(arrays["ts"])
        random = np.random.default_rng(seed)
        order = np.concatenate((random.permutation(count), random.integers(0, count, count // 2)))
        mixed = {name: values[order.astype(int)] for name, values in arrays.items()}
        for fence in (CIRCLE, square(150)):
            found = presences(fence, arrays)
            self.assertEqual(found, presences(fence, mixed))
            for one in found:
                self.assertLessEqual(one.start, one.end)
                self.assertLessEqual(one.after or one.start, one.start)
                self.assertLessEqual(one.end, one.before or one.end)
