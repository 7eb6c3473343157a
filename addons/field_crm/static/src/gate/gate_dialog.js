import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { standardErrorDialogProps } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** What a deal still lacks for a stage, each with the way to put it right. */
export class StageGateDialog extends Component {
    static template = "field_crm.StageGateDialog";
    static components = { Dialog };
    static props = { ...standardErrorDialogProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.missing = this.props.data.context.field_gate;
        this.state = useState({ reason: "", isAsking: false });
    }

    get more() {
        return this.missing.count - this.missing.leads.length;
    }

    get canOverride() {
        const { can_override: isEntitled, leads } = this.missing;
        const stages = new Set(leads.map((lead) => lead.stage_id));
        return isEntitled && !this.more && stages.size === 1 && leads.every((lead) => lead.id);
    }

    async onFix(lead, item) {
        const action = await this.orm.call("field.stage.gate", "get_fix_action", [
            [item.gate_id],
            lead.id,
        ]);
        this.props.close();
        // A form with the refused stage in it must not ask whether to save that stage.
        await this.action.doAction(action, { forceLeave: true });
    }

    async onOverride() {
        const { leads } = this.missing;
        await this.orm.call("crm.lead", "action_override_gates", [
            leads.map((lead) => lead.id),
            leads[0].stage_id,
            this.state.reason,
        ]);
        this.props.close();
        await this.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }
}

registry
    .category("error_dialogs")
    .add("odoo.addons.field_crm.tools.gate_error.StageGateError", StageGateDialog);
