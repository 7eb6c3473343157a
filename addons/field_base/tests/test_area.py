import random

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FieldCase
from .people import new_chart, new_people

SEEDS = range(12)


@tagged("post_install", "-at_install")
class TestArea(FieldCase):
    """Who leads an area sees who works in it, beside the organisation chart."""

    def area(self, name, leaders=(), members=(), parent=None, **vals):
        return self.env["field.area"].create(
            {
                "name": name,
                "leader_ids": [Command.set([user.id for user in leaders])],
                "member_ids": [Command.set([user.id for user in members])],
                "parent_id": parent and parent.id,
                **vals,
            }
        )

    def below(self, leader):
        return leader._field_subordinates()

    def devices_seen(self, user):
        return self.env["field.device"].with_user(user).search([]).user_id

    def test_leaders_of_an_area_see_its_people_and_those_below_them(self):
        device = self.make_device(self.junior)
        self.assertNotIn(self.junior, self.devices_seen(self.sibling))
        area = self.area("East", [self.sibling], [self.senior])
        self.assertEqual(self.below(self.sibling), self.other_rep | self.senior | self.junior)
        self.assertEqual(
            self.junior.field_leader_ids, self.senior | self.leader | self.director | self.sibling
        )
        self.assertIn(self.junior, self.devices_seen(self.sibling))
        self.assertNotIn(self.rep, self.below(self.sibling))
        area.member_ids = False
        with self.assertRaises(AccessError):
            device.with_user(self.sibling).read(["name"])

    def test_an_area_within_belongs_to_those_around_it(self):
        whole = self.area("China", [self.sibling])
        part = self.area("Shanghai", [self.leader], [self.junior], whole)
        self.assertEqual(part.complete_name, "China / Shanghai")
        self.assertIn(self.junior, self.below(self.sibling))
        self.assertIn(self.leader, self.below(self.sibling), "who leads a part is below the whole")
        self.assertIn(self.rep, self.below(self.sibling), "and so is whoever is below him")
        self.assertNotIn(self.sibling, self.below(self.leader))
        self.assertEqual(whole.people_count, 1)
        opened = self.env["res.users"].search(whole.action_open_people()["domain"])
        self.assertEqual(opened, self.junior)

    def test_who_leads_the_leader_of_an_area_sees_it_too(self):
        self.area("East", [self.leader], [self.internal])
        self.assertIn(self.internal, self.below(self.director))
        self.assertEqual(self.internal.field_leader_ids, self.leader | self.director)

    def test_nobody_leads_himself(self):
        """He would approve his own requests."""
        self.area("East", [self.leader, self.sibling], [self.leader, self.sibling])
        self.assertNotIn(self.leader, self.below(self.leader))
        self.assertNotIn(self.leader, self.leader.field_leader_ids)
        self.assertIn(self.sibling, self.leader.field_leader_ids)

    def test_archived_areas_open_nothing(self):
        area = self.area("East", [self.sibling], [self.rep])
        self.assertIn(self.rep, self.below(self.sibling))
        area.active = False
        self.assertNotIn(self.rep, self.below(self.sibling))
        self.assertNotIn(self.sibling, self.rep.field_leader_ids)

    def test_alarms_and_reports_find_the_leader_of_an_area(self):
        around = self.area("China", [self.director])
        self.area("East", [self.sibling], [self.internal, self.rep], around)
        chain = self.internal._field_leader_chain(self.company)
        self.assertEqual(chain.ids, (self.sibling | self.director).ids)
        chain = self.rep._field_leader_chain(self.company)
        self.assertEqual(chain.ids, (self.leader | self.director | self.sibling).ids)

    def test_form_of_a_new_area(self):
        with Form(self.env["field.area"].with_user(self.admin)) as form:
            form.name = "East"
            form.leader_ids.add(self.leader)
        self.assertEqual((form.record.complete_name, form.record.people_count), ("East", 0))

    def test_no_circle(self):
        whole = self.area("China")
        part = self.area("East", parent=whole)
        with self.assertRaises(UserError):
            whole.parent_id = part

    def test_other_companies_see_nothing_of_it(self):
        area = self.area("East", [self.sibling], [self.rep])
        Area = self.env["field.area"].with_user(self.stranger)
        self.assertFalse(Area.search([("id", "=", area.id)]))
        with self.assertRaises(UserError):
            self.area("West", [self.stranger])

    def test_only_administrators_change_areas(self):
        area = self.area("East", [self.leader], [self.rep])
        self.assertEqual(area.with_user(self.leader).name, "East")
        for user in (self.leader, self.auditor):
            with self.assertRaises(AccessError):
                area.with_user(user).member_ids = [Command.link(self.other_rep.id)]
        with self.assertRaises(AccessError):
            area.with_user(self.rep).read(["name"])
        area.with_user(self.admin).member_ids = [Command.link(self.other_rep.id)]
        self.assertIn(self.other_rep, self.below(self.leader))

    def test_without_areas_the_plain_query_is_asked(self):
        self.assertFalse(self.env["field.area"]._is_used())
        self.assertNotIn("field_area", self.env["res.users"]._field_below_sql((1,)).code)
        self.area("East")
        self.assertIn("field_area", self.env["res.users"]._field_below_sql((1,)).code)


@tagged("post_install", "-at_install")
class TestAreaAgainstAModel(FieldCase):
    """Random charts and areas: both directions agree with a plain walk, each time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = "field_base.field_base_group_leader"
        names = {f"walk_{number:02}": role for number in range(10)}
        cls.people = list(new_people(cls.env, names, company_id=cls.company.id))
        cls.employees = new_chart(cls.env, dict.fromkeys(cls.people[:8]))
        cls.areas = cls.env["field.area"].create([{"name": f"Area {n}"} for n in range(5)])

    def _shuffle(self, chance):
        """A chart and areas like no company's; nothing above itself, which Odoo refuses."""
        for place, (_user, employee) in enumerate(self.employees.items()):
            above = list(self.employees.values())[:place]
            employee.parent_id = chance.choice([None, *above]) if above else None
            employee.active = chance.random() < 0.85
        for place, area in enumerate(self.areas):
            area.write(
                {
                    "parent_id": chance.choice([False, *self.areas[:place].ids]),
                    "active": chance.random() < 0.85,
                    "leader_ids": [Command.set([u.id for u in chance.sample(self.people, 1)])],
                    "member_ids": [Command.set([u.id for u in chance.sample(self.people, 2)])],
                }
            )

    def _steps(self, user, employee, area):
        """What is right below one thing, as ``(user, employee, area)``."""
        if employee:
            for child in self.employees.values():
                if child.parent_id == employee:
                    yield child.user_id, child, None
        elif user and user in self.employees:
            yield user, self.employees[user], None
        for led in self.areas.filtered("active"):
            if user and user in led.leader_ids:
                yield None, None, led
            if area and led.parent_id == area:
                yield None, None, led
                yield from ((leader, None, None) for leader in led.leader_ids)
        if area:
            yield from ((member, None, None) for member in area.member_ids)

    def _walk(self, user):
        """Everybody below somebody, step by step."""
        own = self.employees.get(user)
        todo = [(user, None, None)] if not own or own.active else []
        if own and not own.active:
            todo = [(None, None, a) for a in self.areas if a.active and user in a.leader_ids]
        seen = set()
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            todo += self._steps(*place)
        return {found.id for found, _employee, _area in seen if found} - {user.id}

    def test_both_directions_agree(self):
        users = self.env["res.users"].browse([user.id for user in self.people])
        met = 0
        for seed in SEEDS:
            self._shuffle(random.Random(seed))
            self.env.flush_all()
            self.env.invalidate_all()
            wanted = {user.id: self._walk(user) & set(users.ids) for user in self.people}
            met += sum(map(len, wanted.values()))
            for user in self.people:
                with self.subTest(seed=seed, user=user.login):
                    found = set(
                        self.env["res.users"].search([("field_leader_ids", "in", user.ids)]).ids
                    )
                    self.assertEqual(found & set(users.ids), wanted[user.id])
                    above = {leader for leader in users.ids if user.id in wanted[leader]}
                    self.assertEqual(set(user.field_leader_ids.ids), above)
        self.assertGreater(met, 100)
