import { localDate } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { registry } from "@web/core/registry";

/** Three stops to learn with. */
function addVisits(rows, customers) {
    const steps = [
        { key: "p1", name: _t("Greet and look around"), kind: "check", required: true },
        { key: "p2", name: _t("Shelf photo"), kind: "photo", required: true, min_photos: 1 },
        { key: "p3", name: _t("What the customer said"), kind: "note", required: false },
    ];
    rows.sops = [{ id: 1, name: _t("Practice"), sequence: 1, steps }];
    rows.visits = customers.map(({ id, name }, i) => ({
        id,
        uuid: uuid7(),
        partner_id: id,
        partner_name: name,
        plan_date: localDate(),
        plan_time: 9 + i,
        state: "planned",
        sop_id: 1,
        steps: [],
    }));
}

registry.category("field_app.practice").add("visits", addVisits);
