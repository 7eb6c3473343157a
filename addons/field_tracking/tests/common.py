from datetime import datetime, timedelta

from odoo import fields

from . import tracks
from odoo.addons.field_base.tests.people import new_chart, new_people
from odoo.addons.field_tracking.tools.parse import Fix

SHANGHAI = "Asia/Shanghai"


class TrackCase:
    """Mixed into Odoo test classes.

    Organisation chart::

        director (leader) ── leader ── rep
                          └─ neighbour (leader) ── stranger (rep)
        admin · auditor · nobody (employee without a role)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "field_base.field_base_group_%s"
        make = {
            "rep": "rep",
            "stranger": "rep",
            "leader": "leader",
            "neighbour": "leader",
            "director": "leader",
            "boss": "admin",
            "auditor": "auditor",
        }
        roles = {name: group % role for name, role in make.items()} | {"nobody": "base.group_user"}
        logins = {f"track_{name}": role for name, role in roles.items()}
        users = new_people(cls.env, logins, tz=SHANGHAI)
        for name, user in zip(roles, users, strict=True):
            setattr(cls, name, user)
        new_chart(
            cls.env,
            {
                cls.director: None,
                cls.leader: cls.director,
                cls.neighbour: cls.director,
                cls.rep: cls.leader,
                cls.stranger: cls.neighbour,
            },
        )
        cls.device, cls.token = cls.new_device(cls.rep)
        cls.Day = cls.env["field.track.day"]
        cls.Position = cls.env["field.position"]

    @classmethod
    def new_device(cls, user, name="Phone", kind="tracker"):
        device = cls.env["field.device"].create({"name": name, "user_id": user.id, "kind": kind})
        return device, device._issue_token()

    def yesterday(self):
        """Midnight of yesterday in Shanghai, as seconds since 1970."""
        local = datetime.utcnow() + timedelta(hours=8)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
            days=1, hours=8
        )
        return int((midnight - datetime(1970, 1, 1)).total_seconds())

    def workday_fixes(self, **options):
        """Yesterday 09:00-12:40: three stays, ways between them, one gap."""
        maker = tracks.Maker(every=30, **options)
        maker.stay(1800).go(4000, 0, 10).stay(2400).silent(1500).shift(9000, 0)
        maker.go(12000, 0, 12).stay(3600)
        arrays = maker.arrays(speed=True)
        shift = self.yesterday() + 9 * 3600 - tracks.T0
        return [
            Fix(ts=int(ts) + shift, lat=round(lat, 7), lon=round(lon, 7), accuracy=8.0, speed=speed)
            for ts, lat, lon, speed in zip(
                *(arrays[n].tolist() for n in ("ts", "lat", "lon", "speed")), strict=True
            )
        ]

    def store(self, fixes, device=None, source="form"):
        return self.Position._store(device or self.device, fixes, source)

    def rebuild(self, user=None):
        """What the job does, without its commits."""
        self.env.flush_all()
        users = self.Day._users_to_rebuild(debounce=timedelta(0))
        days = self.Day.browse()
        for one in users if user is None else users & user:
            days |= self.Day._rebuild_user(one)
        return days

    def snapshot(self, day):
        """All figures and child rows of a day, ids included."""
        day.invalidate_recordset()
        skip = {"built_at", "write_date", "create_date", "write_uid", "create_uid", "display_name"}
        result = {}
        for records in (day, day.stay_ids, day.trip_ids, day.gap_ids):
            names = [
                n
                for n, f in records._fields.items()
                if f.store and n not in skip and f.type != "one2many"
            ]
            result[records._name] = records.sorted("id").read(names)
        return result

    def now(self):
        return fields.Datetime.now()
