/* global Supercluster */

import { safeColor } from "./palette";

/** Without an explicit choice, markers are grouped from this number on. */
export const CLUSTER_FROM = 60;
const CLUSTER_RADIUS_PX = 52;
const CLUSTER_MAX_ZOOM = 15;

/** Markers that are grouped with each other where they are near, and with no others. */
export class MarkerGroups {
    /** @param {string} name tells these groups from those of other markers */
    constructor(name) {
        this.name = name;
        this.markers = [];
        this.index = null;
        this.indexKey = "";
    }

    /**
     * @param {Array<object>} markers see FieldMap, each with a position
     * @param {boolean} [cluster] by default from CLUSTER_FROM markers on
     */
    set(markers, cluster) {
        this.markers = markers;
        this.byId = new Map(markers.map((marker) => [marker.id, marker]));
        const grouped = cluster ?? markers.length >= CLUSTER_FROM;
        const key = grouped
            ? markers
                  .map(({ id, lat, lng, color, value }) => [id, lat, lng, color, value].join())
                  .join(";")
            : "";
        if (key !== this.indexKey) {
            this.indexKey = key;
            this.index = grouped ? buildIndex(markers) : null;
        }
    }

    /**
     * @param {L.LatLngBounds} bounds
     * @param {number} zoom
     * @returns {{singles: Array<object>, clusters: Array<object>}} a cluster is a GeoJSON feature
     *     with its `key` and the function `zoomTo()` that tells from which zoom on it is open
     */
    inBounds(bounds, zoom) {
        if (!this.index) {
            const isSeen = ({ lat, lng }) => bounds.contains([lat, lng]);
            return { singles: this.markers.filter(isSeen), clusters: [] };
        }
        const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
        const found = this.index.getClusters(box, Math.round(zoom));
        return {
            singles: found
                .filter(({ properties }) => !properties.cluster)
                .map(({ properties }) => this.byId.get(properties.id)),
            clusters: found.filter(({ properties }) => properties.cluster).map(this.named, this),
        };
    }

    named(feature) {
        const { cluster_id: id, point_count: count } = feature.properties;
        const { index } = this;
        return {
            ...feature,
            key: `${this.name}:${id}:${count}`,
            zoomTo: () => index.getClusterExpansionZoom(id),
        };
    }
}

function buildIndex(markers) {
    const index = new Supercluster({
        radius: CLUSTER_RADIUS_PX,
        maxZoom: CLUSTER_MAX_ZOOM,
        extent: 256,
        map: ({ color, value }) => ({
            [`color:${safeColor(color)}`]: 1,
            ...(Number.isFinite(value) ? { value } : {}),
        }),
        reduce: (sum, part) => {
            for (const key in part) {
                sum[key] = (sum[key] || 0) + part[key];
            }
        },
    });
    return index.load(
        markers.map(({ id, lat, lng, color, value }) => ({
            type: "Feature",
            properties: { id, color, value },
            geometry: { type: "Point", coordinates: [lng, lat] },
        }))
    );
}
