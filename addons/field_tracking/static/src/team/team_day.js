import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatDistance, formatDuration } from "../common/format";

const { DateTime } = luxon;

/** Who did what on one day: a row for each person, also for those of whom nothing is known. */
export class TeamDay extends Component {
    static template = "field_tracking.TeamDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.formatDistance = formatDistance;
        this.state = useState({ date: false, rows: [] });
        onWillStart(async () => {
            await this.load(false); // which day it is is said by the server
            this.today = this.state.date;
        });
    }

    async load(date) {
        const answer = await this.orm.call("field.track.day", "get_team_day", [date]);
        Object.assign(this.state, answer);
    }

    move(days) {
        return this.load(DateTime.fromISO(this.state.date).plus({ days }).toISODate());
    }

    get isToday() {
        return this.state.date === this.today;
    }

    get dateLabel() {
        return DateTime.fromISO(this.state.date).toLocaleString({
            weekday: "long",
            year: "numeric",
            month: "short",
            day: "numeric",
        });
    }

    minutes(count) {
        return count ? formatDuration(count * 60) : "–";
    }

    open(row) {
        if (row.day_id) {
            this.action.doAction("field_tracking.field_track_playback_action", {
                additionalContext: { active_id: row.day_id, active_model: "field.track.day" },
            });
        }
    }
}

registry.category("actions").add("field_tracking.team_day", TeamDay);
