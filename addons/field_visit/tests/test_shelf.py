"""Steps that go through products: shelf, prices, competitors; gaps, scores, alerts, roles."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestLineSteps(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cola, cls.water = cls.env["product.product"].create(
            [{"name": "Cola 330"}, {"name": "Water 500"}]
        )
        cls.grade = cls.env["field.grade"].create({"name": "Test A"})
        cls.dragon.field_grade_id = cls.grade
        cls.standard = cls.env["field.shelf.standard"].create(
            {
                "name": "Test standard",
                "sequence": -5,
                "grade_ids": cls.grade.ids,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": cls.cola.id,
                            "min_facings": 4,
                            "target_qty": 12,
                            "price_from": 3,
                            "price_to": 4,
                        },
                    ),
                    (0, 0, {"product_id": cls.water.id, "target_qty": 6}),
                ],
            }
        )
        cls.brand = cls.env["field.rival.brand"].create(
            {"name": "Clear Spring", "watcher_id": cls.lea.id}
        )
        cls.rival = cls.env["field.rival.product"].create(
            {"brand_id": cls.brand.id, "name": "Spring 500", "price_limit": 1.5, "drop_percent": 20}
        )
        kinds = ("stock", "price", "competitor", "collection", "document")
        steps = [
            {
                "sop_id": cls.sop.id,
                "name": kind.title(),
                "kind": kind,
                "key": kind,
                "sequence": 10 + number,
                "required": kind == "stock",
            }
            for number, kind in enumerate(kinds)
        ]
        cls.templates = cls.env["field.sop.step"].create(steps)

    def _begin(self, user=None, **vals):
        visit = self._plan(user=user, **vals)
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _count(self, visit, cola=12, facings=4, price=3.5, water=6, **kwargs):
        lines = [
            {"product_id": self.cola.id, "qty": cola, "facings": facings, "price": price},
            {"product_id": self.water.id, "qty": water},
        ]
        step = self._step(visit, "stock")
        step._do_done(lines=lines, **kwargs)
        return step

    # ---------------------------------------------------------------- shelf

    def test_count_becomes_rows_score_and_suggested_order(self):
        step = self._count(self._begin(), cola=3, facings=2, price=4.2, water=0)
        self.assertEqual(step.state, "done")
        rows = {row.product_id: row for row in step.count_ids}
        self.assertEqual(rows[self.cola].gap, "facings")
        self.assertTrue(rows[self.cola].is_price_off)
        self.assertEqual(rows[self.cola].suggested_qty, 9)
        self.assertEqual((rows[self.water].gap, rows[self.water].is_out), ("missing", True))
        # present 25 of 50, facings 10 of 20, price 0 of 20, stock (3/12 + 0) / 2 of 10
        self.assertEqual(step.shelf_score, 36)
        self.assertEqual(step.gap_count, 3)
        self.assertEqual(step.price_ids.product_id, self.cola)
        self.assertIn("Cola 330", step._get_report_answer())

    def test_what_was_not_counted_is_missing(self):
        visit = self._begin()
        step = self._step(visit, "stock")
        step._do_done(lines=[{"product_id": self.cola.id, "qty": 12, "facings": 4}])
        water = step.count_ids.filtered(lambda row: row.product_id == self.water)
        self.assertEqual(water.gap, "missing")

    def test_standard_of_the_class_and_version_of_the_phone(self):
        other = self.standard.copy({"name": "Everybody", "grade_ids": False, "sequence": 99})
        Standard = self.env["field.shelf.standard"]
        company = self.env.company
        self.assertEqual(Standard._for_partner(self.dragon, company), self.standard)
        self.assertEqual(Standard._for_partner(self.lucky, company), other)
        old = self.standard._get_version()
        self.standard.line_ids[1].is_must = False
        self.standard.weight_present = 80
        new = self.standard._get_version()
        self.assertGreater(new.number, old.number)
        shown = {"id": self.standard.id, "version": old.number}
        step = self._count(self._begin(), water=0, shown=shown)
        self.assertEqual(step.shelf_version_id, old)
        self.assertEqual(step.gap_count, 1)
        self.assertEqual(old.weights["present"], 50)
        visit = self._begin(user=self.ravi)
        wrong = {"id": self.standard.id, "version": 999}
        self.assertRejected("lines_wrong", self._count, visit, shown=wrong)

    def test_wrong_lines_are_refused(self):
        visit = self._begin()
        step = self._step(visit, "stock")
        self.assertRejected("lines_missing", step._do_done, lines=[])
        self.assertRejected(
            "lines_missing", step._do_done, lines=[{"product_id": self.cola.id, "qty": None}]
        )
        for line in (
            {"product_id": self.cola.id, "qty": -1},
            {"product_id": self.cola.id, "facings": "many"},
            {"product_id": True, "qty": 1},
            {"product_id": 2**40, "qty": 1},
            "cola",
        ):
            self.assertRejected("lines_wrong", step._do_done, lines=[line])
        self.assertEqual(step.state, "todo")
        self.assertFalse(step.count_ids)

    def test_rows_stay_as_they_were_answered(self):
        step = self._count(self._begin())
        for rows in (step.count_ids, step.price_ids):
            with self.assertRaises(UserError):
                rows.sudo().write({"facings": 9})
            with self.assertRaises(AccessError):
                rows.with_user(self.rita).unlink()
        with self.assertRaises(UserError):
            step.lines = []

    def test_answer_again_replaces_the_rows(self):
        visit = self._begin()
        step = self._count(visit, cola=1)
        step.action_reopen()
        step = self._count(visit, cola=12)
        self.assertEqual(len(step.count_ids), 2)
        self.assertEqual(step.gap_count, 0)

    def test_counted_by_mistake(self):
        """An answer that is taken back is in no figure; not possible means that nothing is."""
        self.standard.task_days = 7
        visit = self._begin()
        step = self._count(visit, water=0)
        work = self._gap_works("accepted")
        self.assertTrue(step.count_ids and step.price_ids and step.shelf_score)
        step.action_reopen()
        self.assertFalse(step.count_ids or step.price_ids)
        self.assertEqual((step.shelf_score, step.gap_count), (0, 0))
        self.assertTrue(step.lines, "what was typed can be corrected")
        step.action_cannot("It was the shelf of the neighbour")
        self.assertFalse(step.lines)
        self.assertEqual(work.state, "done", "nobody goes there for the gaps of a neighbour")

    def test_promise_that_is_corrected(self):
        step = self._step(self._begin(), "collection")
        step._do_done(money={"promised": 3000, "on": "2026-11-30"})
        Promise = self.env["mail.activity"].sudo().with_context(active_test=False)
        domain = [("field_uuid", "=", step._get_promise_uuid())]
        step.action_reopen()
        self.assertFalse(Promise.search(domain))
        step._do_done(money={"promised": 300, "on": "2026-12-01"})
        promise = Promise.search(domain)
        self.assertEqual(str(promise.date_deadline), "2026-12-01")
        self.assertIn("300.00", promise.summary)
        self.assertNotIn("3,000", promise.summary)
        step.action_reopen()
        step.action_cannot("Asked the wrong person")
        self.assertFalse(Promise.search(domain))
        self.assertEqual((step.amount_promised, step.promised_on), (0, False))

    def test_use_by_date_that_is_too_near(self):
        self.standard.write({"task_days": 7, "expiry_days": 30})
        step = self._step(self._begin(), "stock")
        near, late = "2026-12-23", "2026-12-24"
        line = {"product_id": self.cola.id, "qty": 12, "facings": 4, "price": 3.5}
        lines = [{**line, "until": near}, {"product_id": self.water.id, "qty": 6, "until": late}]
        step._do_done(lines=lines)
        rows = {row.product_id: row for row in step.count_ids}
        self.assertEqual(str(rows[self.cola].expires_on), near)
        self.assertTrue(rows[self.cola].is_expiring)
        self.assertFalse(rows[self.cola].gap)
        self.assertFalse(rows[self.water].is_expiring)
        self.assertEqual((step.gap_count, step.shelf_score), (1, 100))
        task = self.env["field.task"].search([("gap_step_id", "=", step.id)])
        self.assertEqual(task.goal, "Cola 330: Use-by date too near")
        self.assertIn(near, str(step.lines))

    def test_use_by_date_where_nobody_asked(self):
        step = self._step(self._begin(), "stock")
        line = {"product_id": self.cola.id, "qty": 12, "facings": 4}
        water = {"product_id": self.water.id, "qty": 6}
        for wrong in ("2026-02-30", "soon", 7):
            lines = [{**line, "until": wrong}]
            self.assertRejected("lines_wrong", step._do_done, lines=lines)
        step._do_done(lines=[{**line, "until": "2026-11-20"}, water])
        self.assertEqual(step.gap_count, 0)
        self.assertFalse(step.count_ids[0].is_expiring)

    def test_standard_shows_how_it_should_look(self):
        before = self.standard._get_version()._as_app_values()
        self.assertEqual((before["picture"], before["expiry_days"]), ("", 0))
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
            "kJggg=="
        )
        self.standard.image = pixel
        (row,) = self.env["field.app"].with_user(self.rita)._shelf_standards(self.standard)
        self.assertTrue(row["picture"].startswith("data:image/png;base64,"))
        self.assertGreater(row["version"], before["version"], "phones are told")

    def test_gaps_become_one_work_package(self):
        self.standard.task_days = 7
        visit = self._begin()
        step = self._count(visit, water=0)
        task = self.env["field.task"].search([("gap_step_id", "=", step.id)])
        self.assertEqual(task.assignee_id, self.rita)
        self.assertEqual(task.user_id, self.lea, "the leader who is nearest")
        self.assertEqual(str(task.deadline), "2026-11-30")
        self.assertIn("Water 500", task.goal)
        self.assertEqual(task.work_ids.partner_id, self.dragon)
        visit.action_check_out(AT_CUSTOMER)
        second = self._begin(plan_date="2026-11-24")
        self._count(second, cola=0, facings=0)
        works = self.env["field.task.work"].search(
            [("partner_id", "=", self.dragon.id), ("task_id.gap_step_id", "!=", False)]
        )
        self.assertEqual(works.task_id, task)
        self.assertIn("Cola 330", task.goal)

    def _gap_works(self, *states):
        domain = [("partner_id", "=", self.dragon.id), ("task_id.gap_step_id", "!=", False)]
        return self.env["field.task.work"].search([*domain, ("state", "in", states)])

    def test_gaps_at_the_visit_for_the_gaps(self):
        """What is still missing there is for another visit: this one is over with its work."""
        self.standard.task_days = 7
        visit = self._begin()
        self._count(visit, water=0)
        visit.action_check_out(AT_CUSTOMER)
        work = self._gap_works("accepted")
        again = work.visit_id.with_user(self.rita)
        again.action_check_in(AT_CUSTOMER)
        self._count(again, cola=0, facings=0)
        self.assertIn("Water 500", work.goal)
        again.action_check_out(AT_CUSTOMER)
        self.assertEqual(work.state, "done")
        later = self._gap_works("accepted")
        self.assertIn("Cola 330", later.goal)
        self.assertEqual(later.visit_id.state, "planned")

    def test_no_gaps_any_more(self):
        self.standard.task_days = 7
        visit = self._begin()
        self._count(visit, water=0)
        work = self._gap_works("accepted")
        planned = work.visit_id
        visit.action_check_out(AT_CUSTOMER)
        self._count(self._begin(plan_date="2026-11-24"))
        self.assertEqual(work.state, "done")
        self.assertFalse(planned.exists(), "nobody has to go there for nothing")

    def test_gaps_of_another_company(self):
        self.standard.task_days = 7
        company = self.env["res.company"].create({"name": "Other"})
        step = self._count(self._begin(), water=0)
        theirs = self._gap_works("accepted")
        self.rita.sudo().company_ids |= company
        theirs._with_step().company_id = company
        goal = theirs.task_id.goal
        self._step(step.visit_id, "stock").action_reopen()
        self._count(step.visit_id, cola=0, facings=0)
        self.assertEqual(theirs.task_id.goal, goal)
        self.assertIn("Cola 330", (self._gap_works("accepted") - theirs).goal)

    def test_no_gaps_no_task(self):
        self.standard.task_days = 7
        step = self._count(self._begin())
        self.assertEqual((step.gap_count, step.shelf_score), (0, 100))
        self.assertFalse(self.env["field.task"].search([("gap_step_id", "=", step.id)]))

    def test_web_client_answers_with_what_the_form_holds(self):
        step = self._step(self._begin(), "stock")
        choice = step.line_choice
        self.assertEqual([row["name"] for row in choice["rows"]], ["Cola 330", "Water 500"])
        step.lines = [{"product_id": self.cola.id, "qty": 5}]
        step.action_done()
        self.assertEqual(step.count_ids[0].product_id, self.cola)

    # ---------------------------------------------------------------- order of the steps

    def test_required_only_after_gaps(self):
        self.templates.filtered(lambda step: step.key == "document").write(
            {
                "required": True,
                "required_when": "if",
                "if_step_id": self.templates[0].id,
                "if_state": "gap",
            }
        )
        self._policy(visit_block_check_out=True)
        visit = self._begin()
        for key in ("look", "shelf", "talk"):
            self._step(visit, key).action_cannot("closed")
        self._count(visit, water=0)
        sentence = self.assertRejected("steps_missing", visit.action_check_out, AT_CUSTOMER)
        self.assertIn("Document", sentence)
        self._step(visit, "stock").action_reopen()
        self._count(visit)
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(visit.state, "done")

    def test_condition_looks_up_not_down(self):
        with self.assertRaises(ValidationError):
            self.templates[0].write(
                {"required_when": "if", "if_step_id": self.templates[1].id, "required": True}
            )

    def test_fixed_order_holds_for_the_new_kinds(self):
        self.sop.strict_order = True
        step = self._step(self._begin(), "stock")
        lines = [{"product_id": self.cola.id, "qty": 1}]
        self.assertRejected("step_order", step._do_done, lines=lines)

    def test_document_needs_its_picture(self):
        step = self._step(self._begin(), "document")
        self.assertRejected("photos_missing", step.action_done)

    # ---------------------------------------------------------------- prices

    def _see(self, visit, price, promo=None):
        step = self._step(visit, "competitor")
        step._do_done(lines=[{"rival_id": self.rival.id, "price": price, "promo": promo}])
        return step.price_ids

    def test_price_below_the_limit_is_told_once(self):
        row = self._see(self._begin(), 1.4, promo="2 for 1")
        self.assertEqual((row.alert, row.promotion), ("limit", "2 for 1"))
        activity = self.rival.activity_ids
        self.assertEqual(activity.user_id, self.lea)
        self.assertIn("Golden Dragon", activity.summary)
        self._see(self._begin(user=self.ravi), 1.3)
        self.assertEqual(len(self.rival.activity_ids), 1)

    def test_price_that_falls(self):
        first = self._see(self._begin(), 2.5)
        self.assertFalse(first.alert)
        with freeze_time("2026-11-24 01:30:00"):
            row = self._see(self._begin(user=self.ravi), 2.0)
        self.assertEqual((row.alert, row.usual_price), ("drop", 2.5))
        with freeze_time("2027-06-01 01:30:00"):
            late = self._see(self._begin(user=self.olga), 2.0)
        self.assertFalse(late.alert, "the mean of 90 days ago says nothing")

    def test_price_map_and_trend_are_made_of_the_visit(self):
        row = self._see(self._begin(), 2.5)
        self.assertAlmostEqual(row.lat, self.dragon.partner_latitude)
        groups = self.env["field.price.observation"]._read_group(
            [("rival_id", "=", self.rival.id)], ["observed_at:week"], ["price:avg"]
        )
        self.assertEqual(groups[0][1], 2.5)
        self.assertEqual(self.rival.last_price, 2.5)

    # ---------------------------------------------------------------- money

    def test_collection_notes_money_and_the_promise(self):
        visit = self._begin()
        step = self._step(visit, "collection")
        self.assertRejected("amount_missing", step._do_done, money={})
        self.assertRejected("amount_wrong", step._do_done, money={"received": -5})
        self.assertRejected("amount_wrong", step._do_done, money={"promised": 5, "on": "soon"})
        step._do_done(money={"received": 200, "promised": 300, "on": "2026-11-30"})
        self.assertEqual((step.amount_received, step.amount_promised), (200, 300))
        promise = visit.followup_ids.filtered(lambda one: "300" in one.summary)
        self.assertEqual(str(promise.date_deadline), "2026-11-30")
        visit.action_check_out(AT_CUSTOMER)
        self.assertTrue(visit.is_productive)

    def test_overdue_without_the_accounting_app_is_nothing(self):
        step = self._step(self._begin(), "collection")
        if "account.move" not in self.env:
            self.assertEqual((step.overdue_amount, step.overdue_count), (0, 0))
        else:
            self.env["account.move"].sudo()  # the amount comes from there: see the full suite
            self.assertEqual(step.overdue_count, 0)

    # ---------------------------------------------------------------- roles, phone

    def test_roles(self):
        step = self._count(self._begin())
        for model, rows in (
            ("field.shelf.count", step.count_ids),
            ("field.price.observation", step.price_ids),
        ):
            for user, sees in (
                (self.rita, True),
                (self.ravi, False),
                (self.lea, True),
                (self.otis, False),
                (self.dora, True),
                (self.audra, True),
            ):
                Model = self.env[model].with_user(user)
                domain = [("id", "in", rows.ids)]
                self.assertEqual(bool(Model.search(domain)), sees, (model, user.login))
                self.assertEqual(bool(Model._read_group(domain, [], ["__count"])[0][0]), sees)
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.nina).search([])
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.dora).create({"step_id": step.id})

    def test_photo_of_a_product_belongs_to_its_price(self):
        name = "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11"
        step = self._step(self._begin(), "competitor")
        line = {"rival_id": self.rival.id, "price": 2.0, "photo": name}
        step._do_done(lines=[line], blobs=[name])
        self.assertEqual(step.price_ids.photo_id, step.photo_ids)
        self.assertEqual(step.photo_ids.blob_uuid, name)
        domain = step.price_ids.action_open_photo()["domain"]
        self.assertEqual(self.env["field.visit.photo"].search(domain), step.photo_ids)

    def test_photo_of_another_step_is_not_linked(self):
        name = "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11"
        self._step(self._begin(), "document")._do_done(blobs=[name])
        step = self._step(self._begin(user=self.ravi), "competitor")
        line = {"rival_id": self.rival.id, "price": 2.0, "photo": name}
        step._do_done(lines=[line, {**line, "photo": ["x"]}])
        self.assertFalse(step.price_ids.photo_id)

    def test_phone_gets_standards_and_rivals(self):
        app = self.env["field.app"].with_user(self.rita)
        collections = app._collections()
        rows = {
            name: collections[name].rows_of(
                app.env[collections[name].model].search(collections[name].domain)
            )
            for name in ("shelf_standards", "rivals")
        }
        mine = next(row for row in rows["shelf_standards"] if row["id"] == self.standard.id)
        self.assertEqual([line["name"] for line in mine["lines"]], ["Cola 330", "Water 500"])
        self.assertEqual(mine["grade_ids"], self.grade.ids)
        rival = {"id": self.rival.id, "name": "Spring 500", "brand": "Clear Spring"}
        self.assertIn(rival, rows["rivals"])

    def test_what_is_still_empty_keeps_no_phone_from_its_data(self):
        """A standard without products comes with every trade pack."""
        bare = self.env["field.shelf.standard"].create({"name": "Corner shops"})
        form = self.env["field.form"].create({"name": "Nothing asked yet"})
        app = self.env["field.app"].with_user(self.rita)
        self.assertEqual([row["lines"] for row in app._shelf_standards(bare)], [[]])
        self.assertEqual([row["questions"] for row in app._forms(form)], [[]])

    def test_phone_sends_lines(self):
        visit = self._begin()
        event = self.env["field.event"].with_user(self.rita)
        step = self._step(visit, "stock")
        payload = {
            "visit_uuid": visit.uuid,
            "step_key": "stock",
            "lines": [{"product_id": self.cola.id, "qty": 7}],
            "shown": {"id": self.standard.id, "version": self.standard._get_version().number},
        }
        event.new({"happened_at": "2026-11-23 01:35:00"})._apply_visit_step_done(payload)
        self.assertEqual(step.count_ids[0].quantity, 7)
        money = {"visit_uuid": visit.uuid, "step_key": "collection", "money": {"received": 12.5}}
        event.new({"happened_at": "2026-11-23 01:36:00"})._apply_visit_step_done(money)
        self.assertEqual(self._step(visit, "collection").amount_received, 12.5)
