/**
 * Moves the map under the finger without touching a style attribute.
 *
 * The web client's style sheet has rules like `body:has(…)`: with them, a changed style attribute
 * anywhere makes the browser restyle the whole page, 15-20 ms for each step of a drag. What a
 * script animation sets is no attribute, and only the layer itself is looked at. The attribute is
 * written once, when the map has come to rest.
 */
class Glide {
    /** @param {HTMLElement} pane what Leaflet moves */
    constructor(pane) {
        this.pane = pane;
    }

    /** @param {{x: number, y: number}} to in pixels; where Leaflet looks for it as well */
    move(to) {
        const transform = `translate3d(${to.x}px, ${to.y}px, 0)`;
        this.pane._leaflet_pos = to;
        if (this.animation) {
            this.animation.effect.setKeyframes({ transform: [transform, transform] });
        } else {
            this.animation = this.pane.animate({ transform: [transform, transform] }, 1);
            this.animation.pause();
        }
    }

    rest() {
        if (this.animation) {
            this.pane.style.transform = this.animation.effect.getKeyframes()[0].transform;
            this.animation.cancel();
            this.animation = null;
        }
    }
}

/** @param {L.Map} map whose drags shall be smooth; without the handlers everything stays as it is */
export function smoothDrag(map) {
    const draggable = map.dragging?._draggable;
    if (!draggable || !Element.prototype.animate) {
        return;
    }
    const glide = new Glide(map.getPane("mapPane"));
    // Leaflet has no other place between the computed position and the element
    draggable._updatePosition = function () {
        const event = { originalEvent: this._lastEvent };
        this.fire("predrag", event);
        glide.move(this._newPos);
        this.fire("drag", event);
    };
    // first of all listeners: who runs later may read or set the attribute
    draggable.on("dragend", glide.rest, glide);
    map.on("unload", glide.rest, glide);
}
