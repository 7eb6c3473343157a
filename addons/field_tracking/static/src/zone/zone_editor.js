/* global L */

import { ZONE_COLOR } from "../live/zone_shapes";

const SEVEN_DIGITS = 1e7;
export const rounded = (degrees) => Math.round(degrees * SEVEN_DIGITS) / SEVEN_DIGITS;
const STYLE = { color: ZONE_COLOR, weight: 2, fillOpacity: 0.12 };

/**
 * A circle or an outline that can be dragged, on Geoman's handles. Works in the system of the base
 * map; `read` gives WGS-84.
 */
export class ZoneEditor {
    /**
     * @param {FieldMap} fieldMap whose Leaflet map was made after Geoman had been loaded
     * @param {{shape: string, lat: number, lng: number, radius: number, corners: Array}} zone
     * @param {Function} onChange
     */
    constructor(fieldMap, zone, onChange) {
        this.map = fieldMap.map;
        this.adapter = fieldMap.adapter;
        this.zone = zone;
        this.onChange = onChange;
        this.points = [];
        if (zone.shape === "polygon" && zone.corners?.length) {
            this.setOutline(zone.corners);
        } else if (zone.shape === "circle" && (zone.lat || zone.lng)) {
            this.setCircle(zone);
        }
    }

    /** All of it in sight, handles included. */
    fit() {
        if (this.layer) {
            this.map.fitBounds(this.layer.getBounds(), { padding: [40, 40], animate: false });
        }
    }

    get isEmpty() {
        return !this.layer;
    }

    /** A click: the middle of a circle, or one more corner. */
    click(point) {
        if (this.zone.shape === "circle") {
            if (!this.layer) {
                this.setCircle({ ...point, radius: this.zone.radius });
            }
        } else if (!this.layer) {
            this.addCorner(point);
        }
        this.onChange();
    }

    setCircle({ lat, lng, radius }) {
        const middle = this.adapter.toMap(lat, lng);
        this.layer = L.circle(middle, { ...STYLE, radius }).addTo(this.map);
        this.layer.pm.enable({ draggable: true, snappable: false });
    }

    addCorner({ lat, lng }) {
        this.points.push([lat, lng]);
        this.sketch?.remove();
        const points = this.points.map((corner) => this.adapter.toMap(...corner));
        this.sketch = L.polyline(points, { ...STYLE, dashArray: "4 6" }).addTo(this.map);
    }

    /** The corners clicked so far become an outline whose corners can be dragged. */
    close() {
        if (this.points.length >= 3) {
            this.sketch.remove();
            this.setOutline(this.points);
            this.points = [];
            this.onChange();
        }
    }

    get canClose() {
        return this.points.length >= 3;
    }

    setOutline(corners) {
        const points = corners.map((corner) => this.adapter.toMap(...corner));
        this.layer = L.polygon(points, STYLE).addTo(this.map);
        this.layer.pm.enable({ draggable: true, snappable: false, allowSelfIntersection: false });
    }

    clear() {
        this.layer?.remove();
        this.sketch?.remove();
        this.layer = null;
        this.points = [];
        this.onChange();
    }

    /** @returns {Object|null} fields of the zone, or nothing while nothing is drawn */
    read() {
        if (!this.layer) {
            return null;
        }
        if (this.zone.shape === "circle") {
            const { lat, lng } = this.adapter.fromMap(this.layer.getLatLng());
            const radius = Math.round(this.layer.getRadius());
            return { lat: rounded(lat), lng: rounded(lng), radius: Math.max(30, radius) };
        }
        const corners = this.layer.getLatLngs()[0].map((point) => {
            const { lat, lng } = this.adapter.fromMap(point);
            return [rounded(lat), rounded(lng)];
        });
        return { corners };
    }
}
