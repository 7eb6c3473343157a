"""The pure function behind the comparison of visits and tracks."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.presence import Presence, judge
from .common import METRE, PIN

DAY = datetime(2026, 11, 23)


def at(minutes):
    return DAY + timedelta(minutes=minutes)


def stay(start, end, metres=0, radius=30, ref="stay"):
    return {
        "start": at(start),
        "end": at(end),
        "lat": PIN[0] + metres * METRE,
        "lng": PIN[1],
        "radius": radius,
        "ref": ref,
    }


def gap(start, end):
    return {"start": at(start), "end": at(end)}


def judged(start, end, stays=(), gaps=(), **kwargs):
    return judge(at(start), at(end), *PIN, 300, list(stays), list(gaps), **kwargs)


@tagged("post_install", "-at_install")
class TestPresenceRules(BaseCase):
    def test_no_track_says_nothing(self):
        self.assertEqual(judged(60, 90), Presence())

    def test_stay_at_the_customer_verifies(self):
        found = judged(60, 90, [stay(55, 95, ref="field.stay,1")])
        self.assertEqual(
            found, Presence("verified", at(55), at(95), minutes=30, ref="field.stay,1")
        )

    def test_stay_at_the_edge_counts_within_tolerance(self):
        self.assertEqual(judged(60, 90, [stay(60, 90, metres=345)]).state, "verified")
        self.assertEqual(judged(60, 90, [stay(60, 90, metres=355)]).state, "contradicted")
        self.assertEqual(judged(60, 90, [stay(60, 90, metres=400, radius=120)]).state, "verified")
        self.assertEqual(
            judged(60, 90, [stay(60, 90, metres=900, radius=5000)]).state, "contradicted"
        )

    def test_checked_in_and_left_is_partial(self):
        found = judged(60, 120, [stay(50, 65), stay(80, 130, metres=4000)])
        self.assertEqual((found.state, found.minutes), ("partial", 5))

    def test_gap_during_the_visit_is_not_held_against_anybody(self):
        found = judged(60, 120, [stay(55, 75)], [gap(75, 118)])
        self.assertEqual((found.state, found.minutes), ("verified", 15))

    def test_forgotten_end_does_not_spoil_presence(self):
        track = [stay(55, 90), stay(110, 600, metres=4000)]
        self.assertEqual(judged(60, 800, track, end_is_known=False).state, "verified")
        self.assertEqual(judged(60, 800, track).state, "partial")

    def test_check_in_in_a_gap_is_unknown(self):
        found = judged(60, 90, [stay(80, 200, metres=4000)], [gap(30, 80)])
        self.assertEqual(found.state, "unknown")

    def test_stay_elsewhere_contradicts(self):
        found = judged(60, 90, [stay(30, 200, metres=4000)])
        self.assertEqual(found, Presence("contradicted"))

    def test_driving_through_the_visit_contradicts(self):
        track = [stay(0, 40, metres=-9000), stay(110, 200, metres=9000)]
        self.assertEqual(judged(60, 75, track).state, "contradicted")

    def test_short_visit_may_leave_no_stay(self):
        track = [stay(0, 40, metres=-9000), stay(110, 200, metres=9000)]
        self.assertEqual(judged(60, 66, track).state, "unknown")

    def test_before_the_first_and_after_the_last_fix_nothing_is_known(self):
        track = [stay(0, 40, metres=-9000)]
        self.assertEqual(judged(60, 90, track).state, "unknown")
        self.assertEqual(judged(-60, -20, track).state, "unknown")

    def test_visit_of_no_length_has_its_moment(self):
        self.assertEqual(judged(60, 60, [stay(55, 95)]).state, "verified")
        self.assertEqual(judged(60, 60, [stay(55, 95, metres=4000)]).state, "contradicted")

    def test_longest_stay_is_named(self):
        track = [stay(55, 62, ref="a"), stay(64, 90, ref="b")]
        self.assertEqual(judged(60, 90, track).ref, "b")


SPANS = st.tuples(st.integers(0, 1400), st.integers(1, 300))
STAYS = st.lists(
    st.builds(
        lambda span, metres, ref: stay(span[0], span[0] + span[1], metres, ref=f"s,{ref}"),
        SPANS,
        st.sampled_from([0, 100, 345, 355, 2000, 9000]),
        st.integers(1, 99),
    ),
    max_size=8,
)
GAPS = st.lists(st.builds(lambda span: gap(span[0], span[0] + span[1]), SPANS), max_size=6)
VISITS = st.tuples(st.integers(0, 1400), st.integers(0, 300))


@tagged("post_install", "-at_install")
class TestPresenceLaws(BaseCase):
    @settings(deadline=None)
    @given(VISITS, STAYS, GAPS, st.randoms(use_true_random=False), st.booleans())
    def test_order_and_repetition_make_no_difference(self, visit, stays, gaps, random, known):
        start, length = visit
        expected = judged(start, start + length, stays, gaps, end_is_known=known)
        stays, gaps = stays * 2, gaps * 2
        random.shuffle(stays)
        random.shuffle(gaps)
        self.assertEqual(judged(start, start + length, stays, gaps, end_is_known=known), expected)

    @settings(deadline=None)
    @given(VISITS, STAYS, GAPS)
    def test_overlap_never_exceeds_the_visit(self, visit, stays, gaps):
        start, length = visit
        found = judged(start, start + length, stays, gaps)
        self.assertGreaterEqual(found.minutes, 0)
        self.assertLessEqual(found.minutes, length)
        self.assertEqual(bool(found.ref), found.state in ("verified", "partial"))
        if length:
            self.assertEqual(bool(found.minutes), bool(found.ref))

    @settings(deadline=None)
    @given(VISITS, STAYS, GAPS)
    def test_more_gaps_never_accuse(self, visit, stays, gaps):
        """Not knowing more can only take an accusation away, never bring one."""
        start, length = visit
        before = judged(start, start + length, stays, gaps)
        after = judged(start, start + length, stays, [*gaps, gap(start, start + length)])
        if before.state != "contradicted":
            self.assertNotEqual(after.state, "contradicted")
