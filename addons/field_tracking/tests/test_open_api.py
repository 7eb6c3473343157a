from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_base.tests.test_open_api import make_client


@tagged("post_install", "-at_install")
class TestTracksByApi(TrackCase, TransactionCase):
    """Tracks leave by the API as by a file: with the right to export, and noted."""

    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        self.day = self.rebuild(self.rep)
        self.leader.group_ids += self.env.ref("field_tracking.field_tracking_group_export")

    def _read(self, user):
        client, _key = make_client(self.env, user, ("tracks.read",))
        return self.env["field.open.api"].with_user(user)._read_page(client, "tracks")["rows"]

    def test_rows_have_the_figures_of_the_day_and_its_way(self):
        (row,) = [row for row in self._read(self.leader) if row["id"] == self.day.id]
        self.assertEqual(row["person"], self.rep.login)
        self.assertEqual(row["date"], self.day.date.isoformat())
        self.assertAlmostEqual(row["distance_m"], self.day.distance_m, places=1)
        self.assertGreater(row["distance_m"], 1000)
        self.assertEqual(row["stays"], self.day.stay_count)
        points = [point for piece in row["pieces"] for point in piece]
        self.assertGreater(len(points), 10)
        seconds, lat, lng = points[0]
        self.assertEqual(seconds, int(self.day.first_fix.timestamp()))
        self.assertTrue(-90 < lat < 90 and -180 < lng < 180)

    def test_the_person_finds_who_read_and_what_for(self):
        self._read(self.leader)
        looks = self.env["field.access.log"].search(
            [("user_id", "=", self.rep.id), ("viewer_id", "=", self.leader.id)]
        )
        self.assertEqual((looks.kind, looks.reason), ("export", "Figures of the month"))

    def test_without_the_right_or_beside_the_team_there_is_nothing(self):
        with self.assertRaises(AccessError):
            self._read(self.boss)
        self.neighbour.group_ids += self.env.ref("field_tracking.field_tracking_group_export")
        self.assertNotIn(self.day.id, [row["id"] for row in self._read(self.neighbour)])
