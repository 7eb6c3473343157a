import { registry } from "@web/core/registry";
import { visitsOfToday } from "./visits";

const COLORS = { done: "#15703f", in_progress: "#0f6b5c" };

/** Today's customers stand out on the map. */
async function colorsOfToday(db) {
    const visits = await visitsOfToday(db);
    return visits.map(({ partner_id, state }) => [partner_id, COLORS[state] || "#b35c00"]);
}

registry.category("field_app.marker").add("visits", colorsOfToday);
