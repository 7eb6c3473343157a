import { Component, useState } from "@odoo/owl";

/**
 * Two pictures of the same place, one over the other: a line parts them, which a finger, the mouse or
 * the arrow keys move. On its left one sees how it looked, on its right how it looks now.
 */
export class Swipe extends Component {
    static template = "field_visit.Swipe";
    static props = { label: String, slots: Object };

    setup() {
        this.state = useState({ at: 50 });
    }

    move(ev) {
        this.state.at = Number(ev.target.value);
    }
}
