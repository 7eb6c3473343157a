/* global L */

/**
 * Pin, fence and entrance that can be dragged, on Geoman's editing handles. Works in the system
 * of the base map; `read` gives WGS-84.
 */
export class FenceEditor {
    /**
     * @param {FieldMap} fieldMap whose Leaflet map was made after Geoman had been loaded
     * @param {object} start
     * @param {{lat, lng} | null} start.pin in WGS-84, as `start.entrance`
     * @param {number} start.radius of the fence in metres
     * @param {boolean} start.hasRadius whether the customer has a radius of his own
     * @param {{pin: string, entrance: string}} start.colors
     */
    constructor(fieldMap, start) {
        this.map = fieldMap.map;
        this.adapter = fieldMap.adapter;
        this.start = start;
        this.hasRadius = start.hasRadius;
        if (start.pin) {
            this.setPin(start.pin);
        }
        if (start.entrance) {
            this.setEntrance(start.entrance);
        }
    }

    /** @param {"pin" | "entrance"} what */
    place(what, point) {
        if (what === "entrance") {
            this.setEntrance(point);
        } else if (!this.circle) {
            this.setPin(point);
        }
    }

    setPin({ lat, lng }) {
        this.circle = L.circle(this.adapter.toMap(lat, lng), {
            radius: this.start.radius,
            color: this.start.colors.pin,
            weight: 2,
            fillOpacity: 0.12,
        }).addTo(this.map);
        this.circle.pm.enable({ draggable: true, snappable: false });
        this.circle.on("pm:markerdragend", () => {
            this.hasRadius ||= Math.round(this.circle.getRadius()) !== this.start.radius;
        });
    }

    setEntrance({ lat, lng }) {
        this.entrance?.remove();
        this.entrance = L.circleMarker(this.adapter.toMap(lat, lng), {
            radius: 8,
            color: "#ffffff",
            weight: 2,
            fillColor: this.start.colors.entrance,
            fillOpacity: 1,
        }).addTo(this.map);
        this.entrance.pm.enable({ draggable: true, snappable: false });
    }

    /** @returns {{pin, entrance, radius: number}} radius 0: the one of the policy */
    read() {
        const point = (layer) => (layer ? this.adapter.fromMap(layer.getLatLng()) : null);
        return {
            pin: point(this.circle),
            entrance: point(this.entrance),
            radius: this.hasRadius ? Math.round(this.circle.getRadius()) : 0,
        };
    }
}
