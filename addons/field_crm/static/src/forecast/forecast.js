import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** What cash comes when, how good the last forecasts were, and what the past says. */
export class Forecast extends Component {
    static template = "field_crm.Forecast";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ user_id: 0, data: null });
        this.sources = [
            { key: "invoices", label: _t("Open invoices"), color: "#2a9d8f" },
            { key: "orders", label: _t("Orders to invoice"), color: "#3f7fd0" },
            { key: "deals", label: _t("Deals, weighted"), color: "#e0b84c" },
        ];
        this.methods = {
            seasonal_naive: _t("as in the same quarter last year"),
            seasonal_growth: _t("last year's quarter times the growth"),
            seasonal_regression: _t("line and seasons"),
            holt_winters: _t("smoothed level, trend and season"),
        };
        onWillStart(() => this.load());
    }

    async load() {
        const asked = (this.asked = this.orm.call("field.forecast", "get_forecast", [
            { user_id: this.state.user_id },
        ]));
        const data = await asked;
        if (asked === this.asked) {
            this.state.data = data;
        }
    }

    async onUser(ev) {
        this.state.user_id = Number(ev.target.value);
        await this.load();
    }

    async drill(source, month) {
        const action = await this.orm.call("field.forecast", "get_drill_action", [
            source,
            month,
            this.state.user_id,
        ]);
        await this.action.doAction(action);
    }

    async adjust(month) {
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Adjust the Forecast"),
                res_model: "field.forecast.adjustment",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_month: month,
                    ...(this.state.user_id ? { default_user_id: this.state.user_id } : {}),
                },
            },
            { onClose: () => this.load() }
        );
    }

    get highest() {
        return Math.max(1, ...this.state.data.months.map((month) => this.sum(month)));
    }

    sum(month) {
        return this.sources.reduce((total, { key }) => total + month[key], 0);
    }

    barStyle(month, source) {
        const height = (100 * month[source.key]) / this.highest;
        return `height: ${height}%; background-color: ${source.color}`;
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    percent(part) {
        return part === null || part === undefined ? "–" : `${Math.round(100 * part)} %`;
    }

    signed(part) {
        return part > 0 ? `+${this.percent(part)}` : this.percent(part);
    }

    month(iso) {
        return DateTime.fromISO(iso).toLocaleString({ year: "numeric", month: "short" });
    }
}

registry.category("actions").add("field_crm.forecast", Forecast);
