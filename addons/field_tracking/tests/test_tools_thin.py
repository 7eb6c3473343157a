import numpy as np

from odoo.tests import BaseCase

from odoo.addons.field_tracking.tools.thin import thin


class TestThin(BaseCase):
    def test_few_points_stay_as_they_are(self):
        t = np.arange(10.0)
        np.testing.assert_array_equal(thin(t, t, t, 10), np.arange(10))

    def test_never_more_than_allowed_and_ends_stay(self):
        random = np.random.default_rng(3)
        t = np.arange(5000.0)
        x, y = random.normal(size=(2, 5000)).cumsum(axis=1)
        kept = thin(t, x, y, 300)
        self.assertEqual((len(kept), kept[0], kept[-1]), (300, 0, 4999))
        self.assertTrue((np.diff(kept) > 0).all())

    def test_arrival_and_departure_stay(self):
        """Else the marker would creep during the stay instead of standing."""
        x = np.concatenate(
            (np.linspace(0, 3000, 300), np.full(400, 3000.0), np.linspace(3000, 0, 300))
        )
        t = np.arange(1000.0)
        kept = thin(t, x, np.zeros(1000), 12)
        played = np.interp(t, t[kept], x[kept])
        self.assertLess(np.abs(played - x).max(), 25)
