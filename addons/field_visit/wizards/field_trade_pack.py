"""Ready settings for a trade: shown first, then loaded; taken away again without a trace."""

from markupsafe import Markup

from odoo import api, fields, models

from ..tools import packs

#: Under this name the records of packs are remembered.
MODULE = "__field_pack__"
MODELS = {
    "channels": "field.channel",
    "grades": "field.grade",
    "products": "product.product",
    "forms": "field.form",
    "sops": "field.sop",
    "types": "field.visit.type",
    "reasons": "field.visit.reason",
    "frequencies": "field.frequency.rule",
    "fences": "field.fence.rule",
    "shelves": "field.shelf.standard",
    "policies": "field.policy",
    "filters": "ir.filters",
}
#: Where a record may be used; one that is stays, out of sight.
USED_BY = {
    "field.channel": [
        ("res.partner", "field_channel_id"),
        ("field.sop.step", "channel_ids"),
        ("field.fence.rule", "channel_ids"),
        ("field.shelf.standard", "channel_ids"),
        ("field.knowledge.article", "channel_ids"),
    ],
    "field.grade": [
        ("res.partner", "field_grade_id"),
        ("field.grade.change", "old_grade_id"),
        ("field.grade.change", "new_grade_id"),
        ("field.sop.step", "grade_ids"),
        ("field.fence.rule", "grade_ids"),
        ("field.shelf.standard", "grade_ids"),
        ("field.knowledge.article", "grade_ids"),
    ],
    "product.product": [
        ("field.form.answer", "product_id"),
        ("field.form.question", "product_ids"),
        ("field.shelf.line", "product_id"),
        ("field.shelf.count", "product_id"),
        ("field.price.observation", "product_id"),
        ("field.rival.product", "product_id"),
        ("field.knowledge.article", "product_ids"),
        ("sale.order.line", "product_id"),
        ("account.move.line", "product_id"),
        ("stock.move", "product_id"),
        ("res.company", "field_mileage_product_id"),
    ],
    "field.form": [("field.visit.step", "form_version_id.form_id"), ("field.sop.step", "form_id")],
    "field.sop": [
        ("field.visit", "sop_id"),
        ("field.task", "sop_id"),
        ("field.visit.type", "sop_id"),
        ("field.frequency.rule", "sop_id"),
    ],
    "field.visit.type": [
        ("field.visit", "type_id"),
        ("field.line", "type_id"),
        ("field.task", "type_id"),
        ("field.frequency.rule", "type_id"),
    ],
    "field.visit.reason": [
        ("field.visit", "reason_id"),
        ("field.visit", "result_id"),
        ("field.visit", "goal_id"),
        ("field.visit", "move_reason_id"),
        ("field.visit.reason", "reached_by_ids"),
        ("mail.activity", "field_result_id"),
        ("field.visit.step", "cannot_reason_id"),
    ],
    "field.frequency.rule": [("field.visit", "rule_id"), ("field.period.plan.line", "rule_id")],
    "field.fence.rule": [],
    "ir.filters": [],
    "field.shelf.standard": [
        ("field.shelf.count", "standard_id"),
        ("field.visit.step", "shelf_version_id.standard_id"),
    ],
}
_LATE = 50


class FieldTradePack(models.TransientModel):
    _name = "field.trade.pack"
    _description = "Ready settings for a trade"

    code = fields.Selection("_get_codes", "Trade", required=True)
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    is_loaded = fields.Boolean(compute="_compute_preview")

    @api.model
    def _get_codes(self):
        lang = self.env.lang
        return [(code, packs.text(pack["name"], lang)) for code, pack in packs.read_all().items()]

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_preview(self):
        words = {
            "channels": self.env._("Channels"),
            "grades": self.env._("Grades with their days"),
            "products": self.env._("Products"),
            "forms": self.env._("Forms"),
            "sops": self.env._("Standard procedures"),
            "types": self.env._("Kinds of visits"),
            "reasons": self.env._("Reasons and results"),
            "frequencies": self.env._("Visit frequencies"),
            "fences": self.env._("Fences of kinds of customers"),
            "shelves": self.env._("Shelf standards"),
            "policies": self.env._("Policies, as drafts"),
            "filters": self.env._("Saved filters, with their figures"),
        }
        for wizard in self:
            loaded = wizard.code and wizard._get_loaded().values()
            wizard.is_loaded = any(record.active for record in loaded or ())
            wizard.preview = wizard.code and wizard._render_preview(words)

    def _render_preview(self, words):
        pack, lang = packs.read_all()[self.code], self.env.lang
        rows = Markup().join(
            Markup("<dt>%s</dt><dd>%s</dd>") % (words[part], ", ".join(names))
            for part, names in packs.sentences(pack, lang)
        )
        summary = packs.text(pack["summary"], lang)
        return Markup("<p>%s</p><dl>%s</dl>") % (summary, rows)

    # ---------------------------------------------------------------- load

    def action_load(self):
        """Make the records of the pack; those that are there already stay as they are, those that
        were taken out of sight come back."""
        self.ensure_one()
        self._check_can_load()
        pack, known, made = packs.read_all()[self.code], self._get_loaded(), {}
        self._show_again(known.values())
        known = self._get_same_grades(pack) | known
        for part in packs.PARTS:
            for item in pack.get(part, []):
                name = part, item["key"]
                if name not in known:
                    made[name] = getattr(self, f"_make_{part}")(item, known | made)
        self._mark(made)
        return self._tell(self.env._("%(count)s records were made.", count=len(made)))

    def _show_again(self, records):
        for record in records:
            if not record.active:
                self._as_writer(record).active = True

    def _as_writer(self, record):
        """Administrators of visits need no right on products, nor on what everybody's lists offer,
        for the few of a pack."""
        return record.sudo(record._name in ("product.product", "ir.filters"))

    def _check_can_load(self):
        """Wizards have no scope rules: who may write procedures may load them."""
        self.env["field.sop"].check_access("create")

    def _make_record(self, model, item, **values):
        """A record with its name, and hint, in both languages."""
        names = {"name": item["name"], **{key: item[key] for key in ("unit",) if key in item}}
        if "hint" in item:
            names["instruction" if model == "field.sop.step" else "hint"] = item["hint"]
        Model = self.env[model]
        plain = {
            field: packs.text(pair, self.env.lang)
            for field, pair in names.items()
            if not Model._fields[field].translate
        }
        names = {field: pair for field, pair in names.items() if field not in plain}
        english = {field: pair[0] for field, pair in names.items()}
        record = Model.with_context(lang="en_US").create({**english, **plain, **values})
        if names and self._has_chinese():
            chinese = {field: pair[1] for field, pair in names.items()}
            record.with_context(lang="zh_CN").write(chinese)
        return record.with_env(self.env)

    def _has_chinese(self):
        return "zh_CN" in dict(self.env["res.lang"].get_installed())

    def _make_channels(self, item, _made):
        return self._make_record("field.channel", item, sequence=_LATE)

    def _make_reasons(self, item, _made):
        success = item.get("success", False)
        return self._make_record(
            "field.visit.reason", item, usage=item["usage"], is_success=success
        )

    def _make_types(self, item, made):
        return self._make_record(
            "field.visit.type",
            item,
            sequence=_LATE,
            channel=item["channel"],
            sop_id=made["sops", item["sop"]].id,
            min_minutes=item["min"],
            max_minutes=item["max"],
        )

    def _make_sops(self, item, made):
        sop = self._make_record(
            "field.sop", item, sequence=_LATE, strict_order=item.get("strict", False)
        )
        steps = {}
        for number, step in enumerate(item["steps"]):
            when, state = step.get("when", (None, None))
            condition = {
                "required": step["required"] or bool(when),
                "required_when": "if" if when else "always",
                "if_step_id": steps[when].id if when else False,
                "if_state": state or "done",
            }
            steps[step["key"]] = self._make_record(
                "field.sop.step",
                step,
                sop_id=sop.id,
                sequence=10 * number,
                kind=step["kind"],
                min_photos=step.get("min_photos", 1),
                form_id=made["forms", step["form"]].id if "form" in step else False,
                **condition,
            )
        return sop

    def _make_forms(self, item, made):
        form = self._make_record("field.form", item)
        questions = {}
        for number, question in enumerate(item["questions"]):
            questions[question["key"]] = self._make_question(
                form, number, question, questions, made
            )
        return form

    def _make_question(self, form, number, question, above, made):
        values = {
            "form_id": form.id,
            "sequence": 10 * number,
            "kind": question["kind"],
            "required": question.get("required", True),
            "is_prefilled": question.get("prefill", False),
            "points": question.get("points", 0),
        }
        if "min" in question:
            values |= {"has_bounds": True, "min_value": question["min"]}
            values["max_value"] = question["max"]
        if "options" in question:
            values["option_ids"] = [
                fields.Command.create({"name": english, "points": points})
                for english, _chinese, points in question["options"]
            ]
        if "columns" in question:
            values |= self._prepare_columns(question, made)
        if "if" in question:
            values |= self._prepare_condition(above[question["if"][0]], question["if"][1])
        record = self._make_record("field.form.question", question, **values)
        if self._has_chinese():
            self._translate_parts(record, question)
        return record

    def _prepare_columns(self, question, made):
        """Product lines: what is chosen from, and what is asked of each."""
        products = [made["products", key].id for key in question["products"]]
        columns = [
            fields.Command.create(
                {
                    "name": column["name"][0],
                    "kind": column["kind"],
                    "unit": column.get("unit", (False,))[0],
                }
            )
            for column in question["columns"]
        ]
        return {"product_ids": [fields.Command.set(products)], "column_ids": columns}

    def _translate_parts(self, record, question):
        chinese = record.with_context(lang="zh_CN")
        for option, words in zip(chinese.option_ids, question.get("options", ()), strict=True):
            option.name = words[1]
        for column, words in zip(chinese.column_ids, question.get("columns", ()), strict=True):
            column.name = words["name"][1]
            if "unit" in words:
                column.unit = words["unit"][1]

    def _prepare_condition(self, other, answer):
        if other.kind == "yes_no":
            return {"if_question_id": other.id, "if_yes": answer}
        english = other.with_context(lang="en_US").option_ids
        option = english.filtered(lambda one: one.name == answer)
        return {"if_question_id": other.id, "if_option_id": option.id}

    # ---------------------------------------------------------------- remember

    def _get_marks(self):
        domain = [("module", "=", MODULE), ("name", "=like", f"{self.code}\\_%")]
        return self.env["ir.model.data"].sudo().search(domain)

    def _get_loaded(self):
        """``{(part, key): record}`` of what a load has left, also out of sight."""
        found = {}
        for mark in self._get_marks():
            part, key = mark.name.removeprefix(f"{self.code}_").split("_", 1)
            record = self.env[mark.model].browse(mark.res_id).exists()
            if record:
                found[part, key] = record
        return found

    def _mark(self, made):
        self.env["ir.model.data"].sudo().create(
            [
                {
                    "module": MODULE,
                    "name": f"{self.code}_{part}_{key}",
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for (part, key), record in made.items()
            ]
        )

    # ---------------------------------------------------------------- remove

    def action_remove(self):
        """Take the records of the pack away; what is used by visits stays, out of sight."""
        self.ensure_one()
        self._check_can_load()
        loaded = self._get_loaded()
        gone = kept = 0
        for part in reversed(packs.PARTS):
            found = [record for (one, _key), record in loaded.items() if one == part]
            # a record that goes takes its mark along; one that stays comes back with its pack
            used = [record for record in found if self._is_used(record)]
            for record in found:
                if record not in used:
                    self._as_writer(record).unlink()
                elif not self._is_in_force(record):
                    self._as_writer(record).active = False
            gone, kept = gone + len(found) - len(used), kept + len(used)
        return self._tell(
            self.env._(
                "%(gone)s records were removed, %(kept)s are in use and out of sight.",
                gone=gone,
                kept=kept,
            )
        )

    def _is_in_force(self, record):
        """Rules people work under are no matter of a pack any more."""
        return record._name == "field.policy" and record.state == "active"

    def _is_used(self, record):
        if record._name == "field.policy":
            return self._is_in_force(record)
        return any(
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            .search_count([(field, "=", record.id)], limit=1)
            for model, field in USED_BY[record._name]
            if model in self.env and field.split(".")[0] in self.env[model]._fields
        )

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
