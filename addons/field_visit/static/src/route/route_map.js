import { Component } from "@odoo/owl";
import { FieldMap } from "@field_base/map/field_map";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatTimeField, floatTimeField } from "@web/views/fields/float_time/float_time_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLORS = { planned: "#2563eb", in_progress: "#d97706", done: "#16a34a" };
const LEFT_OUT_COLOR = "#8b95a1";
const START_COLOR = "#374151";

/** The stops of a day in their order, joined by straight lines. */
export class RouteMap extends Component {
    static template = "field_visit.RouteMap";
    static components = { FieldMap };
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name] || { stops: [], start: null };
    }

    get markers() {
        const stops = this.data.stops.map((stop) => ({
            id: stop.id,
            lat: stop.lat,
            lng: stop.lng,
            label: stop.left_out ? "" : String(stop.number),
            title: stop.name,
            color: stop.left_out ? LEFT_OUT_COLOR : COLORS[stop.state],
        }));
        const [lat, lng] = this.data.start || [];
        const start = { id: 0, lat, lng, color: START_COLOR, shape: "pin", title: _t("Start") };
        return this.data.start ? [start, ...stops] : stops;
    }

    get lines() {
        const points = this.data.stops
            .filter(({ left_out }) => !left_out)
            .map(({ lat, lng }) => [lat, lng]);
        if (this.data.start) {
            points.unshift(this.data.start);
        }
        return points.length > 1 ? [{ points, color: COLORS.planned, weight: 3 }] : [];
    }

    get fitKey() {
        return `${this.props.record.resId}-${this.data.stops.length}`;
    }
}

/** A moment as the time of day only: the day stands above. */
export class RouteTime extends Component {
    static template = "field_visit.RouteTime";
    static props = { ...standardFieldProps };

    get text() {
        const value = this.props.record.data[this.props.name];
        const moment = typeof value === "string" ? deserializeDateTime(value) : value;
        return moment ? formatDateTime(moment, { format: "HH:mm" }) : "–";
    }
}

/** A time of day; none is shown as nothing, not as midnight. */
export class HourOrNone extends FloatTimeField {
    get formattedValue() {
        return this.props.record.data[this.props.name] ? super.formattedValue : "";
    }
}

registry.category("fields").add("field_hour_or_none", {
    ...floatTimeField,
    component: HourOrNone,
});
registry.category("fields").add("field_route_map", {
    component: RouteMap,
    supportedTypes: ["json"],
});
registry.category("fields").add("field_route_time", {
    component: RouteTime,
    supportedTypes: ["datetime"],
});
