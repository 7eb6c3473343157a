"""Steps that ask: the form they carry in the version of the visit's start, and its answers."""

from odoo import api, fields, models

from ..tools import forms
from odoo.addons.field_base.tools.errors import FieldRejected


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    form_version_id = fields.Many2one(
        "field.form.version", "Form", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    answers = fields.Json(help="{key of the question: value}, as tools/forms.py reads them.")
    answer_ids = fields.One2many("field.form.answer", "step_id", "Answers as rows", readonly=True)
    form_questions = fields.Json(compute="_compute_form_questions")
    form_points = fields.Float("Points", readonly=True)
    form_most = fields.Float("Points possible", readonly=True)
    form_score = fields.Integer(
        "Score (%)",
        compute="_compute_form_score",
        store=True,
        precompute=True,  # a check-in writes its steps once
        aggregator="avg",
    )

    @api.depends("form_points", "form_most")
    def _compute_form_score(self):
        for step in self:
            most = step.form_most
            step.form_score = round(100 * step.form_points / most) if most else 0

    @api.depends("form_version_id")
    @api.depends_context("lang")
    def _compute_form_questions(self):
        """What the screen asks, in the reader's language, with the last answers where wanted."""
        for step in self:
            questions = step.form_version_id._get_questions() if step.form_version_id else False
            step.form_questions = questions and {
                "questions": questions,
                "last": step._get_prefill(questions) if step.state == "todo" else {},
            }

    def _get_prefill(self, questions):
        """The answers of the customer's last visit to the questions that want them."""
        self.ensure_one()
        wanted = {question["key"] for question in questions if question.get("prefill")}
        if not wanted:
            return {}
        last = self.search(
            [
                ("visit_id.partner_id", "=", self.visit_id.partner_id.id),
                ("form_version_id.form_id", "=", self.form_version_id.form_id.id),
                ("state", "=", "done"),
                ("id", "!=", self._origin.id),
            ],
            order="answered_at desc",
            limit=1,
        )
        given = last.answers or {}
        return forms.fitting(questions, {key: given[key] for key in wanted if key in given})

    def _take_answers(self, answers, version=None):
        """Check what was answered, and keep it for :meth:`_store_answers`.

        :param dict answers: ``{key: value}``
        :param int version: number of the version the phone has shown, when it says so
        :raise FieldRejected: form_wrong, with the question and what is the matter
        """
        self.ensure_one()
        shown = version and self.form_version_id.form_id.sudo().version_ids.filtered(
            lambda one: one.number == version
        )
        used = shown or self.form_version_id
        questions = used._get_questions()
        answers = answers if isinstance(answers, dict) else {}
        wrong = forms.problems(questions, answers)
        if wrong:
            raise FieldRejected("form_wrong", self._describe_problem(questions, *wrong[0]))
        points, most = forms.score(questions, answers)
        return questions, {
            "form_version_id": used.id,
            "answers": forms.kept(questions, answers),
            "form_points": points,
            "form_most": most,
        }

    def _get_most_photos(self):
        """A form has as many as its questions may have; each was looked at for itself."""
        known = self.form_version_id.form_id.sudo().version_ids
        asked = [
            forms.most_files(questions) for questions in known.mapped("definition") if questions
        ]
        return max([super()._get_most_photos(), *asked])

    def _describe_problem(self, questions, key, code):
        question = next(one for one in questions if one["key"] == key)
        words = {"question": question["name"], "min": question.get("min")}
        words["max"] = question.get("max")
        if code == "missing":
            return self.env._("“%(question)s” is not answered yet.", **words)
        if code == "incomplete":
            return self.env._("“%(question)s” is not complete yet.", **words)
        if code == "low":
            return self.env._("“%(question)s”: at least %(min)s.", **words)
        if code == "high":
            return self.env._("“%(question)s”: at most %(max)s.", **words)
        return self.env._("“%(question)s” has an answer that does not fit.", **words)

    def _store_answers(self, questions):
        """The typed rows behind the answers, for lists, pivots and graphs."""
        shown = {q["key"]: q for q in questions}
        points = {
            key: (forms.points(shown[key], value), forms.most(shown[key]))
            for key, value in (self.answers or {}).items()
        }
        self.env["field.form.answer"]._replace(self, questions, self.answers or {}, points)

    def action_answer(self, answers):
        """Answer the form of the step from the web client.

        :param dict answers: ``{key: value}``
        :raise FieldRejected: form_wrong, step_order, not_checked_in, forbidden
        """
        self.ensure_one()
        self._do_done(answers=answers)
        return True

    def _do_done(self, *args, answers=None, form_version=None, **kwargs):
        """A form is done with its answers; they are checked as the phone does, again."""
        if self.kind != "form" or self.state == "done" or not self.form_version_id:
            return super()._do_done(*args, **kwargs)
        self._check_can_answer(kwargs.get("at") or fields.Datetime.now())
        self._check_order()
        given = self.answers if answers is None else answers
        questions, vals = self._take_answers(given or {}, form_version)
        named = forms.files(questions, vals["answers"])
        blobs = list(dict.fromkeys([*(kwargs.pop("blobs", None) or ()), *named]))
        self._expect_signatures(questions, vals["answers"], kwargs.get("at"))
        result = super()._do_done(*args, blobs=blobs, **kwargs)
        self._with_evidence().write(vals)
        self._store_answers(questions)
        return result

    def _retract(self):
        result = super()._retract()
        if self.kind == "form":
            self.env["field.form.answer"]._replace(self, [], {}, {})
            self._with_evidence().write({"form_points": 0, "form_most": 0})
        return result

    def _forget(self):
        if self.answers:
            self._with_evidence().answers = False
        return super()._forget()

    def _expect_signatures(self, questions, answers, at):
        """Signatures are marked before they can be linked: they are no pictures of a place."""
        asked = [question["key"] for question in questions if question["kind"] == "signature"]
        marks = {"source": "app", "is_signature": True}
        files = {uuid: marks for key in asked for uuid in answers.get(key, ())}
        self.env["field.visit.photo"]._expect(self, files, at or fields.Datetime.now())

    def action_open_answers(self):
        """The answers of these steps as rows."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answers"),
            "res_model": "field.form.answer",
            "view_mode": "list",
            "domain": [("step_id", "in", self.ids)],
        }

    def _get_answers_in_words(self):
        """``[(question, answer)]`` in the order of the form and the reader's language."""
        self.ensure_one()
        version = self.form_version_id
        names = {one["key"]: one["name"] for one in version._get_questions()} if version else {}
        place = {key: number for number, key in enumerate(names)}
        rows = self.answer_ids.sorted(
            lambda row: (place.get(row.key, len(place)), row.line, row.id)
        )
        return [(names.get(row.key) or row.question, row.display) for row in rows]

    def _get_report_answer(self):
        parts = [super()._get_report_answer()]
        parts += [f"{question}: {answer}" for question, answer in self._get_answers_in_words()]
        if self.form_most:
            parts.append(self.env._("Score: %(score)s %%", score=self.form_score))
        return "\n".join(filter(None, parts))
