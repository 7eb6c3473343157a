import { numbersOf } from "@field_visit/route/route_logic";
import { registry } from "@web/core/registry";
import { visitsOfToday } from "./visits";

const COLORS = { done: "#15703f", in_progress: "#0f6b5c" };

/** Today's customers stand out on the map, with their number on the route. */
async function marksOfToday(db) {
    const visits = await visitsOfToday(db);
    const numbers = numbersOf(visits);
    return visits.map(({ partner_id, state, uuid }) => {
        const label = numbers.has(uuid) ? String(numbers.get(uuid)) : "";
        return [partner_id, { color: COLORS[state] || "#b35c00", label, front: true }];
    });
}

registry.category("field_app.marker").add("visits", marksOfToday);
