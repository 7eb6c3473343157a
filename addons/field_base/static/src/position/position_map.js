import { Component, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FieldMap } from "../map/field_map";
import { isPosition } from "../map/geo";
import { NavigateButton } from "../map/navigate_button";
import { FenceEditor } from "./fence_editor";

const PIN_COLOR = "#3f7fd0";
const ENTRANCE_COLOR = "#58a04b";
const DEFAULT_RADIUS_M = 300;
const SEVEN_DIGITS = 1e7;

const rounded = (degrees) => Math.round(degrees * SEVEN_DIGITS) / SEVEN_DIGITS;

/**
 * A customer's place on his form: the pin, the fence round it, the entrance. Everything can also
 * be typed into the fields beside it.
 */
export class PositionMap extends Component {
    static template = "field_base.PositionMap";
    static components = { FieldMap, NavigateButton };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ isEditing: false, what: "pin" });
        this.onReady = (fieldMap) => this.startEditor(fieldMap);
    }

    get values() {
        const { data } = this.props.record;
        return {
            pin: { lat: data.partner_latitude, lng: data.partner_longitude },
            entrance: { lat: data.field_entrance_lat, lng: data.field_entrance_lng },
            radius: data.field_fence_radius,
        };
    }

    get isKnown() {
        const { lat, lng } = this.values.pin;
        return isPosition(lat, lng);
    }

    get country() {
        // the code is not part of the form: without it the border decides
        return this.props.record.data.country_code || undefined;
    }

    get destination() {
        const { pin, entrance } = this.values;
        const point = isPosition(entrance.lat, entrance.lng) ? entrance : pin;
        return { ...point, country: this.country };
    }

    get name() {
        const { display_name: displayName, name } = this.props.record.data;
        return name || displayName || "";
    }

    get markers() {
        const { pin, entrance } = this.values;
        const { country } = this;
        const markers = [{ id: "pin", ...pin, country, shape: "pin", color: PIN_COLOR }];
        if (isPosition(entrance.lat, entrance.lng)) {
            markers.push({ id: "entrance", ...entrance, country, color: ENTRANCE_COLOR });
        }
        return markers.map((marker) => ({ ...marker, title: this.name }));
    }

    get circles() {
        const { pin, radius } = this.values;
        return this.isKnown && radius ? [{ ...pin, radius, color: PIN_COLOR }] : [];
    }

    get canEdit() {
        return !this.props.readonly && this.props.record.isInEdition;
    }

    async edit() {
        await loadBundle("field_base.assets_map");
        await loadBundle("field_base.assets_map_editor");
        this.state.isEditing = true;
    }

    startEditor(fieldMap) {
        if (!this.state.isEditing) {
            return;
        }
        const { pin, entrance, radius } = this.values;
        this.editor = new FenceEditor(fieldMap, {
            pin: this.isKnown ? pin : null,
            entrance: isPosition(entrance.lat, entrance.lng) ? entrance : null,
            radius: radius || DEFAULT_RADIUS_M,
            hasRadius: Boolean(radius),
            colors: { pin: PIN_COLOR, entrance: ENTRANCE_COLOR },
        });
    }

    /** A click sets the pin where there is none yet, or the entrance when that is asked for. */
    onMapClick(point) {
        if (this.state.isEditing) {
            this.editor?.place(this.state.what, point);
            this.state.what = "pin";
        }
    }

    async finish() {
        const { pin, entrance, radius } = this.editor.read();
        this.state.isEditing = false;
        const changes = {};
        if (pin) {
            changes.partner_latitude = rounded(pin.lat);
            changes.partner_longitude = rounded(pin.lng);
            changes.field_fence_radius = radius;
        }
        if (entrance) {
            changes.field_entrance_lat = rounded(entrance.lat);
            changes.field_entrance_lng = rounded(entrance.lng);
        }
        await this.props.record.update(changes);
    }
}

registry.category("view_widgets").add("field_position_map", {
    component: PositionMap,
    fieldDependencies: [
        { name: "partner_latitude", type: "float" },
        { name: "partner_longitude", type: "float" },
        { name: "field_entrance_lat", type: "float" },
        { name: "field_entrance_lng", type: "float" },
        { name: "field_fence_radius", type: "integer" },
    ],
});
