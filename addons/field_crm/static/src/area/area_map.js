import { Component, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FieldMap } from "@field_base/map/field_map";
import { AREA_COLOR, AreaEditor } from "./area_editor";
import { readArea, writeArea } from "./area_shape";

/** The area of a region on its form: shown, and drawn by clicking and dragging. */
export class AreaMap extends Component {
    static template = "field_crm.AreaMap";
    static components = { FieldMap };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({
            isEditing: false,
            isEmpty: true,
            isDrawing: false,
            canClose: false,
        });
        this.onReady = (fieldMap) => this.startEditor(fieldMap);
    }

    get area() {
        return readArea(this.props.record.data.area || "");
    }

    get lines() {
        return this.area.outlines.map((points) => ({
            points: [...points, points[0]],
            color: AREA_COLOR,
            weight: 2,
        }));
    }

    get fitKey() {
        return [this.props.record.resId, this.props.record.data.area].join();
    }

    get canEdit() {
        return !this.props.readonly && this.props.record.isInEdition && !this.area.hasHoles;
    }

    async edit() {
        await loadBundle("field_base.assets_map");
        await loadBundle("field_base.assets_map_editor");
        this.state.isEditing = true;
    }

    startEditor(fieldMap) {
        this.editor = new AreaEditor(fieldMap, this.area.outlines, () => this.look());
        this.look();
    }

    look() {
        // While the editor is being made there is nothing to look at yet.
        if (this.editor) {
            const { isEmpty, isDrawing, canClose } = this.editor;
            Object.assign(this.state, { isEmpty, isDrawing, canClose });
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
        const area = writeArea(this.editor.read());
        this.stop();
        await this.props.record.update({ area });
    }
}

registry.category("view_widgets").add("field_area_map", {
    component: AreaMap,
    fieldDependencies: [{ name: "area", type: "text" }],
});
