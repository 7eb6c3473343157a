from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..tools.parse import Contact, Parsed, Reject
from . import tracks
from .common import TrackCase

MODELS = (
    "field.track.day",
    "field.stay",
    "field.trip",
    "field.gap",
    "field.zone.presence",
    "field.position",
    "field.position.last",
    "field.position.reject",
    "field.device.journal",
)
PUBLIC = {
    "field.track.day": {
        "get_playback",
        "get_team_day",
        "action_playback",
        "action_rebuild",
        "action_positions",
        "action_label",
        "action_flags",
        "action_export",
        "action_evidence_file",
    },
    "field.position.last": {"get_live", "get_live_context"},
}


@tagged("post_install", "-at_install")
class TestAccess(TrackCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        lat, lng = tracks.degrees(0, 0)
        cls.env["field.zone"].create({"name": "Post", "lat": lat, "lng": lng})
        cls.other_device, _token = cls.new_device(cls.stranger)
        for device in (cls.device, cls.other_device):
            cls.Position._store(device, case.workday_fixes(), "form")
            device._receive(Parsed("form", contacts=[Contact(0)], rejects=[Reject("empty", "")]))
        case.rebuild()
        cls.days = {
            user: cls.Day.search([("user_id", "=", user.id)]) for user in (cls.rep, cls.stranger)
        }

    def owners(self, model, user):
        name = "day_id.user_id" if "day_id" in self.env[model] else "user_id"
        mine = (self.rep | self.stranger).ids
        records = self.env[model].with_user(user).search([(name, "in", mine)])
        return records.sudo().mapped(name)

    def test_who_sees_what_by_search(self):
        both = self.rep | self.stranger
        expected = {
            self.rep: self.rep,
            self.stranger: self.stranger,
            self.leader: self.rep,
            self.neighbour: self.stranger,
            self.director: both,
            self.boss: both,
            self.auditor: both,
        }
        for model in MODELS:
            for user, owners in expected.items():
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self.owners(model, user), owners)

    def test_without_a_role_nothing(self):
        for model in (*MODELS, "field.track.mark"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.nobody).search([])

    def test_foreign_records_are_not_read_exported_or_grouped(self):
        for model in MODELS:
            name = "day_id.user_id" if "day_id" in self.env[model] else "user_id"
            foreign = self.env[model].search([(name, "=", self.stranger.id)], limit=1)
            self.assertTrue(foreign, model)
            seen = foreign.with_user(self.rep)
            first = "start" if "start" in foreign else "user_id"
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    seen.read([first])
                self.env.invalidate_all()
                count = (
                    self.env[model].with_user(self.rep).search_count([("id", "in", foreign.ids)])
                )
                self.assertEqual(count, 0)
                groups = (
                    self.env[model]
                    .with_user(self.rep)
                    ._read_group([("id", "in", foreign.ids)], [], ["__count"])
                )
                self.assertEqual(groups, [(0,)])

    def test_heat_of_presence_is_the_minutes_of_ones_own_people(self):
        spec = {"lat": "lat", "lng": "lng", "sum": "minutes"}
        box = {"south": -85.0, "west": -180.0, "north": 85.0, "east": 180.0}
        domain = [("day_id", "in", [day.id for day in self.days.values()])]
        minutes = {user: sum(day.stay_ids.mapped("minutes")) for user, day in self.days.items()}
        self.assertTrue(all(minutes.values()))
        for user in (self.rep, self.leader, self.neighbour, self.director, self.auditor):
            seen = self.owners("field.stay", user)
            field_map = self.env["field.map"].with_user(user)
            cells = field_map.get_heat("field.stay", domain, spec, box)
            with self.subTest(user=user.login):
                self.assertAlmostEqual(
                    sum(cell[2] for cell in cells), sum(minutes[person] for person in seen)
                )
        with self.assertRaises(AccessError):
            self.env["field.map"].with_user(self.nobody).get_heat("field.stay", domain, spec, box)

    def test_nobody_writes(self):
        for model in MODELS:
            record = self.env[model].search([], limit=1)
            for user in (self.rep, self.leader, self.boss, self.auditor):
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, user=user.login, operation=operation):
                        self.assertFalse(record.with_user(user).has_access(operation))

    def test_playback_and_buttons_check_access(self):
        mine, foreign = self.days[self.rep], self.days[self.stranger]
        self.assertEqual(mine.with_user(self.rep).get_playback()["day"]["id"], mine.id)
        for method in ("get_playback", "action_rebuild", "action_positions", "action_playback"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(foreign.with_user(self.rep), method)()
        self.assertTrue(foreign.with_user(self.auditor).get_playback()["track"])

    def test_other_companies_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        boss = self.boss
        boss.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(self.owners(model, boss))

    def test_live_map_shows_only_own_people(self):
        Last = self.env["field.position.last"]
        for user, names in (
            (self.leader, {self.rep.id}),
            (self.neighbour, {self.stranger.id}),
            (self.rep, {self.rep.id}),
        ):
            rows = Last.with_user(user).get_live()
            self.assertEqual(
                {row["user_id"] for row in rows} & {self.rep.id, self.stranger.id}, names
            )

    def test_public_methods_are_the_known_ones(self):
        """Every method without an underscore can be called by anybody who can log in."""
        for model in (*MODELS, "field.track.mark", "field.zone"):
            own = {
                name
                for cls in type(self.env[model]).__mro__
                if cls.__module__.startswith("odoo.addons.field_tracking")
                for name, value in vars(cls).items()
                if callable(value)
                and not name.startswith("_")
                and name not in ("init", "create", "write", "unlink")
            }
            self.assertEqual(own, PUBLIC.get(model, set()), model)
