/** Visits whose day is over: why they were missed. */

import { _t } from "@field_base/app/core/i18n";
import { keep } from "../visit_events";
import { allVisits } from "../visits";

/** What was missed and nobody has said why, the newest first. */
export async function unexplained(db) {
    return (await allVisits(db))
        .filter(({ id, state, reason_id }) => id > 0 && state === "missed" && !reason_id)
        .sort((a, b) => b.plan_date.localeCompare(a.plan_date) || b.id - a.id);
}

/** The reason goes to the office; at once it is no longer asked for. */
export function explainMissed(app, visit, reason) {
    return app.record(
        "visit.missed_reason",
        { visit_id: visit.id, reason_id: reason.id, reason: reason.name },
        {
            entity: visit.uuid,
            label: _t("Missed · %(customer)s", { customer: visit.customer.name }),
            change: keep(visit.uuid, (old) => ({
                values: { ...old.values, reason_id: reason.id },
            })),
        },
        _t("Saved on this phone")
    );
}
