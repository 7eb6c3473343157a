import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;
const REFRESH_MS = 60000;

/** The day of a team on one page: who is where, what is done, what needs a look. */
export class TeamDay extends Component {
    static template = "field_visit.TeamDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ day: false, data: null }); // today is what the server says
        onWillStart(() => this.load());
        const timer = setInterval(() => this.load(), REFRESH_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    async load() {
        const asked = this.state.day;
        const data = await this.orm.silent.call("field.visit", "get_team_day", [asked]);
        if (asked === this.state.day) {
            Object.assign(this.state, { data, day: data.date });
        }
    }

    get title() {
        return DateTime.fromISO(this.state.day).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    move(days) {
        this.state.day = DateTime.fromISO(this.state.day).plus({ days }).toISODate();
        return this.load();
    }

    onDay(ev) {
        if (ev.target.value) {
            this.state.day = ev.target.value;
            return this.load();
        }
    }

    share({ done, planned }) {
        return planned ? Math.round((100 * done) / planned) : 0;
    }

    open(name, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "field.visit",
            domain,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "field_map"],
                [false, "form"],
            ],
        });
    }

    openMap() {
        const { tiles } = this.state.data;
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Map"),
            res_model: "field.visit",
            domain: tiles[0].domain,
            views: [
                [false, "field_map"],
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    openTile(tile) {
        if (tile.key === "review") {
            this.action.doAction("field_visit.field_visit_action_review");
        } else {
            this.open(tile.label, tile.domain);
        }
    }

    openVisit(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "field.visit",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("field_visit.team_day", TeamDay);
