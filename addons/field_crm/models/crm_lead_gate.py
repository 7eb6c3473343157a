from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.gate_error import StageGateError

OVERRIDE_GROUP = "field_crm.field_crm_group_gate_override"
# What can move a deal: itself, or through the stage that Odoo computes from team and owner.
MOVING = {"stage_id", "type", "team_id", "user_id"}
MOST_SHOWN = 20


class CrmLead(models.Model):
    """No deal enters a stage before it has what the stage asks for.

    The check compares the stage before and after the write, so it holds for a drag, the status bar,
    a mass edit, an import, RPC, a conversion, a merge and a change of team alike. It looks at the
    deal as the write leaves it: filling in the field and moving may be one step.
    """

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._check_gates({})
        return leads

    def write(self, vals):
        if not vals.keys() & MOVING or not self.env["field.stage.gate"]._get_watched():
            return super().write(vals)
        before = self._get_places()
        result = super().write(vals)
        self._check_gates(before)
        return result

    def _get_places(self):
        """:return: ``{lead id: stage id, None outside the pipeline}``"""
        return {
            lead.id: lead.stage_id.id if lead.type == "opportunity" else None
            for lead in self.sudo()
        }

    def _check_gates(self, before):
        """Hold the deals that moved to the conditions of the stages they passed.

        :param before: where they stood, see `_get_places`; a deal that is not in it is new
        :raises StageGateError: something is missing and nobody entitled gave a reason
        """
        watched = self.env["field.stage.gate"]._get_watched()
        if not watched:
            return
        missing = self.sudo()._get_missing(before, watched)
        if missing and not self._override_gates(missing):
            report = self._prepare_gate_report(missing, before)
            raise StageGateError(self._describe_missing(report), report)

    def _get_missing(self, before, gate_ids):
        """:return: ``{lead: gates that are not met}`` for the leads that miss something"""
        gates = self.env["field.stage.gate"].sudo().browse(gate_ids)
        asked = {}
        for (team, start, end, is_new), leads in self._group_moves(before).items():
            for gate in team._field_get_gates_between(gates, start, end, is_new):
                asked[gate] = asked.get(gate, self.browse()) | leads
        missing = {}
        for gate in gates:
            leads = gate._holds_for(asked.get(gate, self.browse()))
            if not leads:
                continue
            since = leads._get_last_steps_back() if gate.is_fresh else {}
            for lead in gate._get_lacking(leads, since):
                missing[lead] = missing.get(lead, gate.browse()) | gate
        return missing

    def _group_moves(self, before):
        """Deals that made the same step are asked together.

        :return: ``{(team, from stage id, to stage id, is new): leads}``
        """
        moves = {}
        for lead in self:
            start, end = before.get(lead.id), lead.stage_id.id
            if lead.type == "opportunity" and start != end:
                key = (lead.team_id, start, end, lead.id not in before)
                moves[key] = moves.get(key, self.browse()) | lead
        return moves

    def _get_last_steps_back(self):
        """:return: ``{lead id: when the deal last went back}``"""
        groups = (
            self.env["field.stage.history"]
            .sudo()
            ._read_group(
                [("lead_id", "in", self.ids), ("event", "=", "back")], ["lead_id"], ["at:max"]
            )
        )
        return {lead.id: at for lead, at in groups}

    # ------------------------------------------------------------
    # The way out: by group, with a reason, counted
    # ------------------------------------------------------------

    def _override_gates(self, missing):
        """Let the deals pass when somebody entitled gave a reason, and keep both.

        The reason comes in the context of the write. The group is checked here, so a context that
        anybody can send opens nothing.
        """
        reason = self.env.context.get("field_gate_reason")
        if not isinstance(reason, str) or not reason.strip():
            return False
        if not self.env.user.has_group(OVERRIDE_GROUP):
            return False
        self.env["field.stage.override"].sudo().create(
            [
                {
                    "lead_id": lead.id,
                    "stage_id": lead.stage_id.id,
                    "company_id": lead.company_id.id,
                    "user_id": self.env.uid,
                    "owner_id": lead.user_id.id,
                    "gate_ids": [(6, 0, gates.ids)],
                    "missing": "\n".join(gates.mapped("name")),
                    "reason": reason.strip(),
                }
                for lead, gates in missing.items()
            ]
        )
        return True

    def action_override_gates(self, stage_id, reason):
        """Move deals although something is missing.

        :param int stage_id: the stage to move to
        :param str reason: kept with the name of the person and with what was missing
        :raises AccessError: the person is not entitled to
        :raises UserError: no reason was given
        """
        self.check_access("write")
        if not self.env.user.has_group(OVERRIDE_GROUP):
            raise AccessError(self.env._("You may not move a deal while something is missing."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the deal moves all the same."))
        return self.with_context(field_gate_reason=reason).write({"stage_id": stage_id})

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _prepare_gate_report(self, missing, before):
        """What the dialog of the web client shows.

        :return: ``{"can_override", "count", "leads": [{"id", "name", "stage_id", "stage",
            "items": [{"gate_id", "name"}]}]}``; new records have the id False
        """
        leads = [
            {
                "id": lead.id if lead.id in before else False,
                "name": lead.name,
                "stage_id": lead.stage_id.id,
                "stage": lead.stage_id.name,
                "items": [{"gate_id": gate.id, "name": gate.name} for gate in gates],
            }
            for lead, gates in list(missing.items())[:MOST_SHOWN]
        ]
        can_override = self.env.user.has_group(OVERRIDE_GROUP)
        return {"can_override": can_override, "count": len(missing), "leads": leads}

    def _describe_missing(self, report):
        lines = []
        for lead in report["leads"]:
            lines.append(
                self.env._("%(deal)s → %(stage)s:", deal=lead["name"], stage=lead["stage"])
            )
            lines += [f"  • {item['name']}" for item in lead["items"]]
        if report["count"] > len(report["leads"]):
            more = report["count"] - len(report["leads"])
            lines.append(self.env._("and %(count)s more deals.", count=more))
        return "\n".join([self.env._("Something is still missing for this step."), *lines])
