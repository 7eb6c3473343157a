import { Component, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FieldMap } from "@field_base/map/field_map";
import { zoneCircles, zoneLines } from "../live/zone_shapes";
import { ZoneEditor } from "./zone_editor";

/** The zone on its form: shown, and drawn by dragging. */
export class ZoneMap extends Component {
    static template = "field_tracking.ZoneMap";
    static components = { FieldMap };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ isEditing: false, isEmpty: true, canClose: false });
        this.onReady = (fieldMap) => this.startEditor(fieldMap);
    }

    get zone() {
        const { shape, lat, lng, radius, corners } = this.props.record.data;
        return { shape, lat, lng, radius, corners: corners || [] };
    }

    get isKnown() {
        const { shape, lat, lng, corners } = this.zone;
        return shape === "polygon" ? corners.length > 2 : Boolean(lat || lng);
    }

    get circles() {
        return this.zone.shape === "circle" ? zoneCircles([this.zone]) : [];
    }

    get lines() {
        return this.zone.shape === "polygon" ? zoneLines([this.zone]) : [];
    }

    get fitKey() {
        const { lat, lng, radius, shape, corners } = this.zone;
        return [this.props.record.resId, shape, lat, lng, radius, corners.length].join();
    }

    get initialView() {
        const { lat, lng } = this.zone;
        return lat || lng ? { lat, lng, zoom: 16 } : null;
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
        if (this.state.isEditing) {
            this.editor = new ZoneEditor(fieldMap, this.zone, () => this.look());
            this.editor.fit();
            this.look();
        }
    }

    look() {
        if (this.editor) {
            this.state.isEmpty = this.editor.isEmpty;
            this.state.canClose = this.editor.canClose;
        }
    }

    onMapClick(point) {
        this.editor?.click(point);
    }

    stop() {
        this.editor = null;
        this.state.isEditing = false;
    }

    async finish() {
        this.editor.close();
        const changes = this.editor.read();
        this.stop();
        if (changes) {
            await this.props.record.update(changes);
        }
    }
}

registry.category("view_widgets").add("field_zone_map", {
    component: ZoneMap,
    fieldDependencies: [
        { name: "shape", type: "selection" },
        { name: "lat", type: "float" },
        { name: "lng", type: "float" },
        { name: "radius", type: "integer" },
        { name: "corners", type: "json" },
    ],
});
