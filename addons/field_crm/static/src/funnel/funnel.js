import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { serializeDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;
const PERIODS = { quarter: 3, half: 6, year: 12, three: 36 };

/** Where deals are won and lost, by the month they came in. */
export class Funnel extends Component {
    static template = "field_crm.Funnel";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({
            period: "year",
            team_id: 0,
            user_id: 0,
            loss_by: "reason",
            tab: "losses",
            data: null,
        });
        this.periods = {
            quarter: _t("Last 3 months"),
            half: _t("Last 6 months"),
            year: _t("Last 12 months"),
            three: _t("Last 3 years"),
        };
        this.losses = {
            reason: _t("Reason"),
            stage: _t("Stage"),
            user: _t("Salesperson"),
            product: _t("Product line"),
            competitor: _t("Competitor"),
        };
        onWillStart(() => this.load());
    }

    get filters() {
        const { period, team_id, user_id, loss_by } = this.state;
        const today = DateTime.local();
        const months = PERIODS[period] - 1;
        return {
            date_from: serializeDate(today.minus({ months }).startOf("month")),
            date_to: serializeDate(today),
            team_id,
            user_id,
            loss_by,
        };
    }

    async load() {
        // Only the last answer counts when somebody changes his mind quickly.
        const asked = (this.asked = this.orm.call("field.funnel", "get_funnel", [this.filters]));
        const data = await asked;
        if (asked === this.asked) {
            this.state.data = data;
        }
    }

    async set(name, value) {
        this.state[name] = value;
        await this.load();
    }

    async onSelect(name, ev) {
        const { value } = ev.target;
        await this.set(name, name.endsWith("_id") ? Number(value) : value);
    }

    async drill(what, value = null) {
        const action = await this.orm.call("field.funnel", "get_drill_action", [
            this.filters,
            what,
            value,
        ]);
        await this.action.doAction(action);
    }

    width(step) {
        const widest = this.state.data.steps[0]?.reached || 1;
        return `width: ${Math.max(2, (100 * step.reached) / widest)}%`;
    }

    percent(part) {
        return part === null || part === undefined ? "–" : `${Math.round(100 * part)} %`;
    }

    share(count, total) {
        return this.percent(total ? count / total : null);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    days(value) {
        return value === undefined || value === null
            ? "–"
            : formatFloat(value, { digits: [16, value < 10 ? 1 : 0] });
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    month(iso) {
        return DateTime.fromISO(iso).toLocaleString({ year: "numeric", month: "short" });
    }

    shade(part) {
        return `background-color: rgba(42, 157, 143, ${(0.08 + 0.5 * part).toFixed(2)})`;
    }
}

registry.category("actions").add("field_crm.funnel", Funnel);
