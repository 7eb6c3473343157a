from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from . import tracks
from .common import TrackCase

CORNERS = [
    [round(float(v), 7) for v in tracks.degrees(x, y)]
    for x, y in ((4000 - 150, -150), (4000 + 150, -150), (4000 + 150, 150), (4000 - 150, 150))
]


@tagged("post_install", "-at_install")
class TestZones(TrackCase, TransactionCase):
    def zone(self, **vals):
        lat, lng = tracks.degrees(0, 0)
        return self.env["field.zone"].create(
            {"name": "Workshop", "lat": lat, "lng": lng, "radius": 100, **vals}
        )

    def built(self):
        self.store(self.workday_fixes())
        return self.rebuild(self.rep)

    def test_times_inside_circle_and_polygon(self):
        post = self.zone()
        yard = self.zone(name="Yard", shape="polygon", corners=CORNERS)
        far = self.zone(name="Far", lat=48.1, lng=11.5)
        day = self.built()
        first, second, _third = day.stay_ids.sorted("start")
        inside = day.presence_ids.filtered(lambda row: not row.is_passing)
        self.assertEqual(inside.zone_id, post | yard)
        at_post, at_yard = (inside.filtered(lambda r, z=z: r.zone_id == z) for z in (post, yard))
        self.assertAlmostEqual(at_post.minutes, first.minutes, delta=2)
        self.assertAlmostEqual(at_yard.minutes, second.minutes, delta=2)
        self.assertFalse(at_post.start_after, "inside at the first position of the day")
        self.assertTrue(at_post.end_before)
        self.assertTrue(at_yard.is_vague, "left during the silence")
        self.assertAlmostEqual(yard.lat, tracks.degrees(4000, 0)[0], 5)
        self.assertFalse(far.presence_ids)

    def test_a_second_rebuild_keeps_the_rows(self):
        self.zone()
        day = self.built()
        before = day.presence_ids.sorted("id").read()
        day._rebuild()
        self.assertEqual(day.presence_ids.sorted("id").read(), before)

    def test_two_zones_at_one_place_are_two_rows(self):
        zones = self.zone() | self.zone(name="The same")
        day = self.built()
        self.assertEqual(day.presence_ids.zone_id, zones)
        zones[0].active = False
        day._rebuild()
        self.assertEqual(day.presence_ids.zone_id, zones[1])

    def test_watched_hours(self):
        hours = [
            (0, 0, {"name": "x", "dayofweek": str(n), "hour_from": 9, "hour_to": 9.25})
            for n in range(7)
        ]
        calendar = self.env["resource.calendar"].create(
            {"name": "Early", "tz": "Asia/Shanghai", "attendance_ids": [(5, 0, 0), *hours]}
        )
        zone = self.zone(calendar_id=calendar.id)
        self.built()
        [row] = zone.presence_ids
        self.assertEqual((row.duty_min, row.minutes), (15, 30))

    def test_only_the_people_named(self):
        mine, others = self.zone(user_ids=self.rep.ids), self.zone(user_ids=self.stranger.ids)
        self.built()
        self.assertTrue(mine.presence_ids)
        self.assertFalse(others.presence_ids)

    def test_time_in_the_fence_of_a_customer(self):
        lat, lng = tracks.degrees(10, 10)
        customer = self.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": lat, "partner_longitude": lng}
        )
        day = self.built()
        [row] = day.presence_ids
        self.assertEqual((row.partner_id, row.display_name), (customer, "Shop"))
        self.assertAlmostEqual(row.minutes, 30, delta=2)

    def test_late_and_shuffled_the_same_times(self):
        self.zone()
        fixes = self.workday_fixes()
        self.store(fixes)
        names = ("zone_id", "start", "end", "start_after", "end_before", "is_passing", "fixes")
        in_time = self.rebuild(self.rep).presence_ids.read(names)
        other, _token = self.new_device(self.stranger)
        self.store(fixes[::-2], other)
        self.rebuild(self.stranger)
        self.store(fixes[5:] + fixes[:50], other)
        self.store(fixes, other)
        late = self.rebuild(self.stranger).presence_ids.read(names)
        strip = [[row.pop("id") for row in rows] for rows in (in_time, late)]
        self.assertTrue(strip[0])
        self.assertEqual(late, in_time)

    def test_a_changed_zone_makes_todays_days_again(self):
        self.built()
        last = self.env["field.position.last"].search([("user_id", "=", self.rep.id)])
        last.ts = self.now() - timedelta(hours=1)
        self.env.flush_all()
        self.zone(user_ids=self.stranger.ids)
        marks = self.env["field.track.mark"]
        self.assertFalse(marks.search_count([("user_id", "=", self.rep.id)]))
        zone = self.zone(user_ids=self.rep.ids)
        self.assertTrue(marks.search_count([("user_id", "=", self.rep.id)]))
        self.assertIn(zone.id, [row[0] for row in zone._get_fences(zone.company_id.id)])
        zone.radius = 250
        self.assertIn(250, [row[2] for row in zone._get_fences(zone.company_id.id)])

    def test_what_is_no_place_is_refused(self):
        for vals in (
            {"shape": "polygon"},
            {"shape": "polygon", "corners": CORNERS[:2]},
            {"shape": "polygon", "corners": [[1, 2], [3], [4, 5]]},
            {"shape": "polygon", "corners": [[1, 2], [95, 3], [4, 5]]},
            {"lat": 0.0, "lng": 0.0},
            {"lat": 91.0},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.zone(**vals)

    # --- roles ---------------------------------------------------------------------------------

    def test_a_leader_makes_zones_for_his_people_only(self):
        Zone = self.env["field.zone"].with_user(self.leader)
        with Form(Zone) as form:
            form.name, form.lat, form.lng = "Depot", 31.2, 121.4
            form.user_ids.add(self.rep)
        zone = form.record.with_env(Zone.env)
        self.assertEqual(zone.responsible_id, self.leader)
        for people in (self.stranger, self.rep | self.stranger, self.env["res.users"]):
            with self.subTest(people=people.mapped("login")), self.assertRaises(AccessError):
                zone.user_ids = people
            zone.invalidate_recordset()

    def test_who_may_change_what(self):
        zone = self.zone(user_ids=self.rep.ids, responsible_id=self.leader.id)
        for user, may in (
            (self.rep, False),
            (self.leader, True),
            (self.neighbour, False),
            (self.boss, True),
            (self.auditor, False),
        ):
            with self.subTest(user=user.login):
                self.assertTrue(zone.with_user(user).has_access("read"))
                self.assertEqual(zone.with_user(user).has_access("write"), may)
                self.assertEqual(zone.with_user(user).has_access("unlink"), may)
        self.assertFalse(zone.with_user(self.nobody).has_access("read"))
        with self.assertRaises(AccessError):
            zone.with_user(self.rep).read(["user_ids"])
