/** The own home: places round it become one coarse point before anything is kept or sent. */

import { haversine } from "@field_base/map/geo";
import { call } from "./api";

/**
 * @param {Object|null} me with `home: {lat, lng, radius, blur: {lat, lng}}`
 * @param {Object} position as events carry it, or undefined
 */
export function blurHome(me, position) {
    const home = me?.home;
    if (!home || !position) {
        return position;
    }
    const { lat, lng, radius, blur } = home;
    return haversine(lat, lng, position.lat, position.lng) > radius
        ? position
        : { ...position, ...blur, accuracy: 2 * radius };
}

/** Not through the outbox: what is sent there is kept word for word. */
export async function sendHome(app, position) {
    const { token } = app.account;
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ position });
    await call(
        "/home",
        position ? { method: "PUT", token, headers, body } : { method: "DELETE", token }
    );
    await app.sync?.soon();
}
