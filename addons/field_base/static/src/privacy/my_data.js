import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Everything that is stored about the person in front of the screen, and what he can do about it. */
export class MyData extends Component {
    static template = "field_base.MyData";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("field.privacy", "get_my_data", []);
    }

    /** ISO 8601 in UTC to what the person reads. */
    time(iso) {
        return iso
            ? formatDateTime(deserializeDateTime(iso.replace("T", " ").replace("Z", "")))
            : "";
    }

    get stored() {
        return this.state.data.parts.filter(({ count }) => count);
    }

    open(name) {
        return this.action.doAction(`field_base.${name}`, { onClose: () => this.load() });
    }

    ask(kind) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "field.privacy.request",
                views: [[false, "form"]],
                target: "new",
                context: { default_kind: kind },
            },
            { onClose: () => this.load() }
        );
    }
}

registry.category("actions").add("field_base.my_data", MyData);
