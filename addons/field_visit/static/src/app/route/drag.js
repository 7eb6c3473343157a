import { onWillUnmount, useState } from "@odoo/owl";
import { shiftOf, targetOf } from "@field_visit/route/route_logic";

/** So near to the edge the list scrolls under the finger. */
const EDGE_PX = 70;
const STEP_PX = 12;

/**
 * Rows of a list follow the finger that holds their handle; the others make room. Nothing moves in
 * the page before the finger is lifted.
 *
 * @param {{el: HTMLElement}} list its children are the rows
 * @param {Function} drop `(from, to)`
 */
export function useDrag(list, drop) {
    const state = useState({ from: null, to: null, dy: 0 });
    let held = null;

    function follow(ev) {
        const { top, bottom } = held.scroller.getBoundingClientRect();
        const up = ev.clientY < top + EDGE_PX;
        if (up || ev.clientY > bottom - EDGE_PX) {
            held.scroller.scrollTop += up ? -STEP_PX : STEP_PX;
        }
        state.dy = ev.clientY - held.y + held.scroller.scrollTop - held.scrolled;
        state.to = targetOf(held.boxes, state.from, state.dy);
    }

    function release() {
        held?.listeners.abort();
        held = null;
        Object.assign(state, { from: null, to: null, dy: 0 });
    }

    function finish() {
        const { from, to } = state;
        release();
        if (from !== to) {
            drop(from, to);
        }
    }

    onWillUnmount(release);

    return {
        state,
        start(ev, from) {
            release();
            const boxes = [...list.el.children].map((row) => row.getBoundingClientRect());
            const scroller = list.el.closest(".o_fa_main");
            const listeners = new AbortController();
            const { signal } = listeners;
            held = { boxes, scroller, listeners, y: ev.clientY, scrolled: scroller.scrollTop };
            Object.assign(state, { from, to: from, dy: 0 });
            window.addEventListener("pointermove", follow, { signal });
            window.addEventListener("pointerup", finish, { signal });
            window.addEventListener("pointercancel", release, { signal });
        },
        styleOf(index) {
            const { from, to, dy } = state;
            if (from === null) {
                return "";
            }
            const height = held?.boxes[from].height || 0;
            const shift = index === from ? dy : shiftOf(index, from, to, height);
            return `transform: translateY(${shift}px)`;
        },
    };
}
