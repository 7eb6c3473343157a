/* global L */

import { isPosition } from "./geo";
import { bindTitle, createCanvas } from "./marker_layer";
import { safeColor } from "./palette";

const DASHES = "6 8";

/** Draws lines and circles. They are few and long, so each change draws all again. */
export class ShapeLayer {
    /**
     * @param {L.Map} map
     * @param {string} casing colour round the lines, so that they stand out from the map
     */
    constructor(map, casing) {
        this.casing = casing;
        this.canvas = createCanvas({ padding: 0.5, tolerance: 6 });
        this.group = L.layerGroup().addTo(map);
    }

    destroy() {
        this.group.remove();
        this.canvas.remove();
    }

    /**
     * @param {Array<object>} lines see FieldMap
     * @param {Array<object>} circles see FieldMap
     */
    set(lines, circles) {
        this.group.clearLayers();
        circles.filter(({ lat, lng }) => isPosition(lat, lng)).forEach(this.addCircle, this);
        lines.forEach(this.addLine, this);
    }

    addCircle({ lat, lng, radius, color, title }) {
        const circle = L.circle([lat, lng], {
            radius,
            renderer: this.canvas,
            color: safeColor(color),
            weight: 1.5,
            fillOpacity: 0.12,
            interactive: Boolean(title),
        });
        this.add(circle, title);
    }

    addLine({ points, color, dashed, weight = 4, title }) {
        const positions = points.filter(([lat, lng]) => isPosition(lat, lng));
        if (positions.length < 2) {
            return;
        }
        const style = { renderer: this.canvas, lineJoin: "round", lineCap: "round" };
        if (!dashed) {
            const casing = { ...style, color: this.casing, weight: weight + 3, interactive: false };
            this.add(L.polyline(positions, casing));
        }
        const line = L.polyline(positions, {
            ...style,
            color: safeColor(color),
            weight: dashed ? Math.max(2, weight - 1) : weight,
            opacity: dashed ? 0.75 : 1,
            dashArray: dashed ? DASHES : null,
            interactive: Boolean(title),
        });
        this.add(line, title);
    }

    add(layer, title) {
        if (title) {
            bindTitle(layer, () => title, 4);
        }
        this.group.addLayer(layer);
    }
}
