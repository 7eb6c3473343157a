import { FieldMap } from "@field_base/map/field_map";

/**
 * The map of a moving marker: lines and circles are drawn again only when they changed, not
 * with each step of the marker.
 *
 * The marker with the id "person" lies above all others.
 */
export class TrackMap extends FieldMap {
    drawContent(markers, lines, circles, cluster) {
        if (this.drawnLines === lines && this.drawnCircles === circles) {
            this.markerLayer.set(markers, cluster);
        } else {
            this.drawnLines = lines;
            this.drawnCircles = circles;
            super.drawContent(markers, lines, circles, cluster);
        }
        this.markerLayer.drawn.get("marker:person")?.layer.setZIndexOffset(2000);
    }
}
