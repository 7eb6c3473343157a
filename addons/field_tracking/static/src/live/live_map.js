import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FieldMap } from "@field_base/map/field_map";
import { useReasonToLook } from "@field_base/privacy/ask_reason";
import { initials } from "@field_base/map/names";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Layout } from "@web/search/layout";
import { formatAge } from "../common/format";
import { CustomerLayer } from "./customer_layer";
import { zoneCircles, zoneLines } from "./zone_shapes";

/** Where the bus does not reach; else it says when to come. */
const POLL_MS = 60000;
/** However often the bus calls. */
const REST_MS = 5000;
/** Ages grow on the screen between two answers. */
const AGE_MS = 15000;
/** By the state, which knows of the last contact: a phone that lies still sends no new position. */
const COLORS = { moving: "#3f7fd0", staying: "#2a9d8f", silent: "#c39a1c", off: "#8b95a1" };
const ORDER = ["silent", "moving", "staying", "off"];

/** Everybody's last position, with its age beside it: an old dot shown as live is a lie. */
export class LiveMap extends Component {
    static template = "field_tracking.LiveMap";
    static components = { Layout, FieldMap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.withReason = useReasonToLook();
        this.display = { controlPanel: {} };
        this.state = useState({
            rows: [],
            context: { plans: {}, needs: [], zones: [] },
            selected: null,
            focus: null,
            failed: false,
            search: "",
            only: null,
            elapsed: 0,
            layers: { customers: true, zones: true },
            customers: { markers: [], clusters: [] },
        });
        this.customers = new CustomerLayer(this.orm, this.state.customers);
        this.formatAge = formatAge;
        this.focusCount = 0;
        this.labels = {
            moving: _t("On the way"),
            staying: _t("Staying"),
            silent: _t("No contact"),
            off: _t("Off duty"),
        };
        this.needLabels = {
            silent: (count) => _t("%(count)s without contact", { count }),
            battery: (count) => _t("%(count)s with a low battery", { count }),
            questions: (count) => _t("%(count)s questions about tracks", { count }),
            outside: (count) => _t("%(count)s check-ins outside the fence", { count }),
            pins: (count) => _t("%(count)s pins to move", { count }),
            zones: (count) => _t("%(count)s zone alerts", { count }),
        };
        this.onPulse = () => this.refreshSoon();
        onWillStart(() => this.refresh());
        onMounted(() => this.watch());
        onWillUnmount(() => this.unwatch());
    }

    // --- keeping up ------------------------------------------------------------------------
    watch() {
        this.timers = [
            setInterval(() => this.refresh(), POLL_MS),
            setInterval(() => this.grow(), AGE_MS),
        ];
        this.channel = this.state.context.channel;
        if (this.channel) {
            this.bus.subscribe("field_tracking.live", this.onPulse);
            this.bus.addChannel(this.channel);
        }
    }

    unwatch() {
        this.timers.forEach(clearInterval);
        clearTimeout(this.soon);
        if (this.channel) {
            this.bus.deleteChannel(this.channel);
            this.bus.unsubscribe("field_tracking.live", this.onPulse);
        }
    }

    grow() {
        this.state.elapsed = (Date.now() - this.answeredAt) / 1000;
    }

    refreshSoon() {
        const wait = Math.max(0, (this.answeredAt || 0) + REST_MS - Date.now());
        clearTimeout(this.soon);
        this.soon = setTimeout(() => this.refresh(), wait);
    }

    async refresh() {
        if (this.isRefused) {
            return; // no reason was given: no question again every minute
        }
        let rows;
        try {
            rows = await this.withReason((reason) =>
                this.orm.silent.call("field.position.last", "get_live", [], { reason })
            );
            if (rows) {
                this.state.context = await this.orm.silent.call(
                    "field.position.last",
                    "get_live_context",
                    []
                );
            }
        } catch (error) {
            // Stay on the screen with what is known, and say that it is not fresh any more.
            this.state.failed = true;
            console.warn("The live map could not be refreshed", error);
            return;
        }
        if (!rows) {
            this.isRefused = true;
            return;
        }
        rows.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.age_s - b.age_s);
        this.answeredAt = Date.now();
        Object.assign(this.state, { rows, failed: false, elapsed: 0 });
    }

    // --- what is shown ---------------------------------------------------------------------
    age(row) {
        return formatAge(row.age_s + this.state.elapsed);
    }

    contact(row) {
        return formatAge(row.contact_s + this.state.elapsed);
    }

    get counts() {
        return ORDER.map((key) => ({
            key,
            label: this.labels[key],
            count: this.state.rows.filter(({ state }) => state === key).length,
        })).filter(({ count }) => count);
    }

    get rows() {
        const { search, only, rows } = this.state;
        const wanted = search.trim().toLowerCase();
        return rows.filter(
            (row) =>
                (!wanted || row.name.toLowerCase().includes(wanted)) &&
                (!only || only.includes(row.user_id))
        );
    }

    get needs() {
        return this.state.context.needs.map((need) => ({
            ...need,
            text: this.needLabels[need.key]?.(need.count) || `${need.key}: ${need.count}`,
        }));
    }

    plan(row) {
        return this.state.context.plans[row.user_id];
    }

    planText(row) {
        const { now, next, is_on_way } = this.plan(row);
        if (now) {
            return _t("at %(name)s", { name: now });
        }
        if (is_on_way) {
            return _t("on the way: %(name)s", { name: next });
        }
        return next ? _t("next: %(name)s", { name: next }) : "";
    }

    get markers() {
        const people = this.rows.map((row) => ({
            id: row.id,
            lat: row.lat,
            lng: row.lng,
            color: COLORS[row.state],
            label: initials(row.name),
            shape: row.state === "moving" && row.course ? "arrow" : undefined,
            course: row.state === "moving" ? row.course : undefined,
            title: `${row.name} · ${this.labels[row.state]} · ${this.age(row)}`,
            selected: row.id === this.state.selected,
            front: true,
        }));
        return this.state.layers.customers ? [...this.state.customers.markers, ...people] : people;
    }

    get clusters() {
        return this.state.layers.customers ? this.state.customers.clusters : [];
    }

    get circles() {
        const row = this.state.rows.find(({ id }) => id === this.state.selected);
        const own = row?.accuracy
            ? [{ lat: row.lat, lng: row.lng, radius: row.accuracy, color: COLORS[row.state] }]
            : [];
        const { layers, context } = this.state;
        return layers.zones ? [...zoneCircles(context.zones), ...own] : own;
    }

    get lines() {
        return this.state.layers.zones ? zoneLines(this.state.context.zones) : [];
    }

    // --- what is done ----------------------------------------------------------------------
    onMarkerClick(id) {
        if (typeof id === "number") {
            this.select(id);
        } else {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "res.partner",
                res_id: this.customers.idOf(id),
                views: [[false, "form"]],
            });
        }
    }

    onMove({ box, zoom }) {
        this.box = { box, zoom };
        if (this.state.layers.customers) {
            this.customers.load(box);
        }
    }

    toggle(layer) {
        this.state.layers[layer] = !this.state.layers[layer];
        if (layer === "customers" && this.state.layers.customers && this.box) {
            this.customers.load(this.box.box);
        }
    }

    onReady(map) {
        this.box = { box: map.getBox() };
    }

    select(id) {
        const row = this.state.rows.find((one) => one.id === id);
        this.state.selected = id;
        this.state.focus = { lat: row.lat, lng: row.lng, key: `${id}:${++this.focusCount}` };
    }

    isPicked({ user_ids: ids }) {
        return Boolean(ids && this.state.only?.join() === ids.join());
    }

    /** People are picked out on the map, everything else is a list with the same domain. */
    openNeed(need) {
        if (need.user_ids) {
            this.state.only = this.isPicked(need) ? null : need.user_ids;
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            name: need.text,
            res_model: need.model,
            domain: need.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    openDay(row) {
        this.action.doAction("field_tracking.field_track_playback_action", {
            additionalContext: { active_id: row.day_id, active_model: "field.track.day" },
        });
    }
}

registry.category("actions").add("field_tracking.live_map", LiveMap);
