/* global L */

export const AREA_COLOR = "#2a78c4";
// A click on an area is no corner of the next one.
const STYLE = { color: AREA_COLOR, weight: 2, fillOpacity: 0.12, bubblingMouseEvents: false };

/** Outlines that can be dragged, on Geoman's handles, in the system of the base map. */
export class AreaEditor {
    /**
     * @param {FieldMap} fieldMap whose Leaflet map was made after Geoman had been loaded
     * @param {Array} outlines lists of [lat, lng], WGS-84
     * @param {Function} onChange
     */
    constructor(fieldMap, outlines, onChange) {
        this.map = fieldMap.map;
        this.adapter = fieldMap.adapter;
        this.onChange = onChange;
        this.points = [];
        this.layers = [];
        this.map.doubleClickZoom.disable(); // quick clicks are corners
        outlines.forEach((corners) => this.addOutline(corners));
        if (this.layers.length) {
            const bounds = L.featureGroup(this.layers).getBounds();
            this.map.fitBounds(bounds, { padding: [40, 40], animate: false });
        }
    }

    get isEmpty() {
        return !this.layers.length;
    }

    get isDrawing() {
        return this.points.length > 0;
    }

    get canClose() {
        return this.points.length >= 3;
    }

    /** A click is one more corner of the outline that is being drawn. */
    click({ lat, lng }) {
        this.points.push([lat, lng]);
        this.sketch?.remove();
        const points = this.points.map((corner) => this.adapter.toMap(...corner));
        const line = L.polyline(points, { ...STYLE, dashArray: "4 6", pmIgnore: true });
        const dot = { ...STYLE, radius: 4, pmIgnore: true };
        const dots = points.map((point) => L.circleMarker(point, dot));
        this.sketch = L.layerGroup([line, ...dots]).addTo(this.map);
        this.onChange();
    }

    /** The corners clicked so far become an outline; fewer than three are none. */
    close() {
        this.sketch?.remove();
        if (this.canClose) {
            this.addOutline(this.points);
        }
        this.points = [];
        this.onChange();
    }

    addOutline(corners) {
        const points = corners.map((corner) => this.adapter.toMap(...corner));
        const layer = L.polygon(points, STYLE).addTo(this.map);
        layer.pm.enable({ draggable: true, snappable: false, allowSelfIntersection: false });
        this.layers.push(layer);
    }

    clear() {
        this.sketch?.remove();
        this.layers.forEach((layer) => layer.remove());
        this.layers = [];
        this.points = [];
        this.onChange();
    }

    /** @returns {Array} outlines, WGS-84 */
    read() {
        return this.layers.map((layer) =>
            layer.getLatLngs()[0].map((point) => {
                const { lat, lng } = this.adapter.fromMap(point);
                return [lat, lng];
            })
        );
    }
}
