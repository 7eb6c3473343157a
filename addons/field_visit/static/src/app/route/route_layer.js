import { _t } from "@field_base/app/core/i18n";
import { isPosition } from "@field_base/map/geo";
import { registry } from "@web/core/registry";
import { visitsOfToday } from "../visits";
import { readRoute } from "./day_route";

const COLOR = "#0f6b5c";
const START_COLOR = "#374151";

/** Today's stops joined in their order, from where the day begins. */
async function lineOfToday(db) {
    const [visits, { start }] = await Promise.all([visitsOfToday(db), readRoute(db)]);
    const isDone = ({ state }) => state === "done";
    const at = ({ check_in_at }) => check_in_at || "";
    const done = visits.filter(isDone).sort((a, b) => (at(a) < at(b) ? -1 : 1));
    const stops = [...done, ...visits.filter((visit) => !isDone(visit))].filter(
        ({ customer, channel, route_note }) =>
            !route_note &&
            (channel || "on_site") === "on_site" &&
            isPosition(customer.lat, customer.lng)
    );
    const points = stops.map(({ customer }) => [customer.lat, customer.lng]);
    if (!start) {
        return { lines: points.length > 1 ? [{ points, color: COLOR, weight: 3 }] : [] };
    }
    const [lat, lng] = start;
    const title = _t("Start");
    return {
        lines: points.length ? [{ points: [start, ...points], color: COLOR, weight: 3 }] : [],
        markers: [{ id: "start", lat, lng, title, color: START_COLOR, shape: "pin" }],
    };
}

registry.category("field_app.map_layer").add("route", lineOfToday);
