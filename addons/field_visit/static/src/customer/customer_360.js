import { Component, onWillStart, useState } from "@odoo/owl";
import { FieldMap } from "@field_base/map/field_map";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Everything about one customer; each number opens its records. */
export class Customer360 extends Component {
    static template = "field_visit.Customer360";
    static components = { FieldMap, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null });
        onWillStart(() => this.load());
    }

    get partnerId() {
        return this.props.action.params?.partner_id || this.props.state?.partnerId;
    }

    async load() {
        this.state.data = await this.orm.call("res.partner", "get_field_360", [this.partnerId]);
    }

    get card() {
        return this.state.data.card;
    }

    get asOf() {
        return formatDateTime(deserializeDateTime(this.state.data.as_of), { showSeconds: false });
    }

    get markers() {
        const [lat, lng] = this.card.position;
        return [{ id: this.card.id, lat, lng, shape: "pin", title: this.card.name }];
    }

    count(section) {
        return formatInteger(section.count);
    }

    total(section) {
        return formatFloat(section.total, { digits: [16, 2] });
    }

    async openShelf() {
        const { id } = this.card;
        this.action.doAction(await this.orm.call("res.partner", "action_field_shelf_time", [id]));
    }

    openCard() {
        this.openRecord("res.partner", this.card.id);
    }

    openRecord(resModel, resId) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    openSection(section) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: section.title,
            res_model: section.model,
            domain: section.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("field_visit.customer_360", Customer360);
