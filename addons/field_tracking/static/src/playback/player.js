import { onWillUnmount, useState } from "@odoo/owl";

/** Minutes of the day per second of watching. */
export const SPEEDS = [1, 5, 10, 30, 60];
const DEFAULT_SPEED = 10;
/** Ten steps a second look smooth on a map and leave a phone cool. */
const STEP_MS = 100;

/**
 * The clock of a playback.
 *
 * @param {() => {start: number, end: number}} range seconds of the day
 */
export function usePlayer(range) {
    const state = useState({ time: 0, playing: false, speed: DEFAULT_SPEED });
    let timer = null;

    function pause() {
        clearInterval(timer);
        timer = null;
        state.playing = false;
    }

    function seek(time) {
        const { start, end } = range();
        state.time = Math.min(Math.max(time, start), end);
    }

    function step() {
        seek(state.time + (state.speed * 60 * STEP_MS) / 1000);
        if (state.time >= range().end) {
            pause();
        }
    }

    function play() {
        const { start, end } = range();
        if (state.playing || start >= end) {
            return;
        }
        if (state.time >= end) {
            state.time = start;
        }
        state.playing = true;
        timer = setInterval(step, STEP_MS);
    }

    onWillUnmount(pause);
    return { state, play, pause, seek, toggle: () => (state.playing ? pause() : play()) };
}
