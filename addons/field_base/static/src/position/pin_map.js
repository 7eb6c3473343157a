import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FieldMap } from "../map/field_map";

const OLD_COLOR = "#8b95a1";
const NEW_COLOR = "#2a9d8f";

/** Where the pin is, where it would go, and how well the check-ins agree on that. */
export class PinMap extends Component {
    static template = "field_base.PinMap";
    static components = { FieldMap };
    static props = { ...standardWidgetProps };

    get markers() {
        const { data } = this.props.record;
        const now = { id: "old", lat: data.old_lat, lng: data.old_lng, color: OLD_COLOR };
        const next = { id: "new", lat: data.lat, lng: data.lng, color: NEW_COLOR, shape: "pin" };
        return [
            { ...next, title: _t("Proposed position"), selected: true },
            ...(data.had_pin ? [{ ...now, title: _t("Position now") }] : []),
        ];
    }

    get circles() {
        const { lat, lng, spread_m: radius } = this.props.record.data;
        return radius ? [{ lat, lng, radius, color: NEW_COLOR }] : [];
    }

    get lines() {
        const { data } = this.props.record;
        const points = [
            [data.old_lat, data.old_lng],
            [data.lat, data.lng],
        ];
        return data.had_pin ? [{ points, color: OLD_COLOR, dashed: true }] : [];
    }
}

registry.category("view_widgets").add("field_pin_map", {
    component: PinMap,
    fieldDependencies: [
        ...["lat", "lng", "old_lat", "old_lng", "spread_m"].map((name) => ({
            name,
            type: "float",
        })),
        { name: "had_pin", type: "boolean" },
    ],
});
