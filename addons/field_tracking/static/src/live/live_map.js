import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FieldMap } from "@field_base/map/field_map";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Layout } from "@web/search/layout";
import { formatAge } from "../common/format";

const POLL_MS = 30000;
const COLORS = { moving: "#3f7fd0", staying: "#2a9d8f", silent: "#c39a1c", off: "#8b95a1" };
const ORDER = ["moving", "staying", "silent", "off"];

/** Everybody's last position, with its age beside it: an old dot shown as live is a lie. */
export class LiveMap extends Component {
    static template = "field_tracking.LiveMap";
    static components = { Layout, FieldMap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ rows: [], selected: null, focus: null, failed: false });
        this.formatAge = formatAge;
        this.focusCount = 0;
        this.labels = {
            moving: _t("On the way"),
            staying: _t("Staying"),
            silent: _t("No contact"),
            off: _t("Off duty"),
        };
        onWillStart(() => this.refresh());
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), POLL_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        let rows;
        try {
            rows = await this.orm.silent.call("field.position.last", "get_live", []);
        } catch (error) {
            // Stay on the screen with what is known, and say that it is not fresh any more.
            this.state.failed = true;
            console.warn("The live map could not be refreshed", error);
            return;
        }
        rows.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.age_s - b.age_s);
        this.state.rows = rows;
        this.state.failed = false;
    }

    get counts() {
        return ORDER.map((key) => ({
            key,
            label: this.labels[key],
            count: this.state.rows.filter(({ state }) => state === key).length,
        })).filter(({ count }) => count);
    }

    get markers() {
        return this.state.rows.map((row) => ({
            id: row.id,
            lat: row.lat,
            lng: row.lng,
            color: COLORS[row.state],
            label: initials(row.name),
            title: `${row.name} · ${this.labels[row.state]} · ${formatAge(row.age_s)}`,
            selected: row.id === this.state.selected,
        }));
    }

    get circles() {
        const row = this.state.rows.find(({ id }) => id === this.state.selected);
        return row?.accuracy
            ? [{ lat: row.lat, lng: row.lng, radius: row.accuracy, color: COLORS[row.state] }]
            : [];
    }

    select(id) {
        const row = this.state.rows.find((one) => one.id === id);
        this.state.selected = id;
        this.state.focus = { lat: row.lat, lng: row.lng, key: `${id}:${++this.focusCount}` };
    }

    openDay(row) {
        this.action.doAction("field_tracking.field_track_playback_action", {
            additionalContext: { active_id: row.day_id, active_model: "field.track.day" },
        });
    }
}

/** Two letters, or the last two characters of a Chinese name (the given name). */
export function initials(name) {
    const words = name.trim().split(/\s+/);
    if (/[\u4e00-\u9fff]/.test(name)) {
        return [...words.join("")].slice(-2).join("");
    }
    return words
        .slice(0, 2)
        .map((word) => [...word][0] || "")
        .join("")
        .toUpperCase();
}

registry.category("actions").add("field_tracking.live_map", LiveMap);
