/**
 * Colours of markers: calm, told apart by most colour-blind people, readable on the
 * light and on the dark base map.
 */

export const PALETTE = [
    "#3f7fd0", // blue
    "#e2803c", // orange
    "#2a9d8f", // teal
    "#c2477f", // magenta
    "#7b61c4", // violet
    "#c39a1c", // mustard
    "#58a04b", // green
    "#d4515e", // red
    "#3c9fc4", // cyan
    "#8d6e63", // brown
    "#5b6f8c", // slate
    "#a85fb5", // orchid
];
/** From good to bad; what has no place on the way is grey. */
export const SCALE = ["#2f9e6e", "#c2b21f", "#e2803c", "#d4515e", "#7d3560"];
export const DEFAULT_COLOR = PALETTE[0];
export const NO_VALUE_COLOR = "#8b95a1";

const HEX = /^#[0-9a-f]{6}$/i;

/** The colour if it is "#rrggbb", the default otherwise: it is put into styles. */
export function safeColor(color) {
    return HEX.test(color || "") ? color : DEFAULT_COLOR;
}

/**
 * Gives each key its colour. A key keeps its preferred colour (its number modulo the
 * palette) wherever it appears; only where two keys of the same screen would share one
 * does the later key take the next free colour.
 *
 * @param {Array<{key: string, order: number}>} entries order: record id, selection index…
 * @returns {Map<string, string>} key to "#rrggbb"
 */
export function assignColors(entries) {
    const taken = new Set();
    const colors = new Map();
    for (const { key, order } of [...entries].sort((a, b) => a.order - b.order)) {
        let slot = ((order % PALETTE.length) + PALETTE.length) % PALETTE.length;
        for (let i = 0; taken.has(slot) && i < PALETTE.length; i++) {
            slot = (slot + 1) % PALETTE.length;
        }
        taken.add(slot);
        if (taken.size === PALETTE.length) {
            taken.clear();
        }
        colors.set(key, PALETTE[slot]);
    }
    return colors;
}
