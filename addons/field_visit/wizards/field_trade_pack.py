"""Ready settings for a trade: shown first, then loaded; taken away again without a trace."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import packs

#: Under this name the records of packs are remembered.
MODULE = "__field_pack__"
MODELS = {
    "channels": "field.channel",
    "forms": "field.form",
    "sops": "field.sop",
    "types": "field.visit.type",
    "reasons": "field.visit.reason",
}
#: Where a record may be used; one that is stays, out of sight.
USED_BY = {
    "field.channel": [("res.partner", "field_channel_id")],
    "field.form": [("field.visit.step", "form_version_id.form_id"), ("field.sop.step", "form_id")],
    "field.sop": [
        ("field.visit", "sop_id"),
        ("field.task", "sop_id"),
        ("field.visit.type", "sop_id"),
    ],
    "field.visit.type": [("field.visit", "type_id")],
    "field.visit.reason": [
        ("field.visit", "reason_id"),
        ("field.visit", "result_id"),
        ("field.visit", "goal_id"),
        ("mail.activity", "field_result_id"),
        ("field.visit.step", "cannot_reason_id"),
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
            "forms": self.env._("Forms"),
            "sops": self.env._("Standard procedures"),
            "types": self.env._("Kinds of visits"),
            "reasons": self.env._("Reasons and results"),
        }
        for wizard in self:
            wizard.is_loaded = bool(wizard.code and wizard._get_marks())
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
        """Make the records of the pack.

        :raises UserError: it is loaded already
        """
        self.ensure_one()
        self._check_can_load()
        if self._get_marks():
            raise UserError(self.env._("This pack is loaded already."))
        pack = packs.read_all()[self.code]
        made = {}
        for part in packs.PARTS:
            for item in pack.get(part, []):
                made[part, item["key"]] = getattr(self, f"_make_{part}")(item, made)
        self._mark(made)
        return self._tell(self.env._("%(count)s records were made.", count=len(made)))

    def _check_can_load(self):
        """Wizards have no scope rules: who may write procedures may load them."""
        self.env["field.sop"].check_access("create")

    def _make_record(self, model, item, **values):
        """A record with its name, and hint, in both languages."""
        names = {"name": item["name"], **{key: item[key] for key in ("unit",) if key in item}}
        if "hint" in item:
            names["instruction" if model == "field.sop.step" else "hint"] = item["hint"]
        english = {field: pair[0] for field, pair in names.items()}
        record = self.env[model].with_context(lang="en_US").create({**english, **values})
        if "zh_CN" in dict(self.env["res.lang"].get_installed()):
            chinese = {field: pair[1] for field, pair in names.items()}
            record.with_context(lang="zh_CN").write(chinese)
        return record.with_env(self.env)

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

    def _make_forms(self, item, _made):
        form = self._make_record("field.form", item)
        questions = {}
        for number, question in enumerate(item["questions"]):
            questions[question["key"]] = self._make_question(form, number, question, questions)
        return form

    def _make_question(self, form, number, question, above):
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
        if "if" in question:
            values |= self._prepare_condition(above[question["if"][0]], question["if"][1])
        record = self._make_record("field.form.question", question, **values)
        if "options" in question and "zh_CN" in dict(self.env["res.lang"].get_installed()):
            for option, (_english, chinese, _points) in zip(
                record.option_ids, question["options"], strict=True
            ):
                option.with_context(lang="zh_CN").name = chinese
        return record

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
        marks = self._get_marks()
        # a record that goes takes its mark along
        ids = {model: marks.mapped("res_id") for model, marks in marks.grouped("model").items()}
        gone = kept = 0
        for part in reversed(packs.PARTS):
            model = MODELS[part]
            Model = self.env[model].with_context(active_test=False)
            records = Model.browse(ids.get(model, [])).exists()
            used = records.filtered(self._is_used)
            used.write({"active": False})
            gone, kept = gone + len(records - used), kept + len(used)
            (records - used).unlink()
        marks.exists().unlink()
        return self._tell(
            self.env._(
                "%(gone)s records were removed, %(kept)s are in use and out of sight.",
                gone=gone,
                kept=kept,
            )
        )

    def _is_used(self, record):
        return any(
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            .search_count([(field, "=", record.id)], limit=1)
            for model, field in USED_BY[record._name]
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
