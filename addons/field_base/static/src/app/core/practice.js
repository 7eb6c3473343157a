/**
 * Practice: the whole app on a database of its own that is never sent and wiped at the end. Modules
 * add their own rows to learn with.
 */

import { registry } from "@web/core/registry";
import { openAccount } from "./database";
import { _t } from "./i18n";

export const PRACTICE = "practice";

/** Shanghai, People's Square: somewhere to be when the phone does not say. */
const PLACE = { lat: 31.230416, lng: 121.473701 };
const STEP_DEG = 0.0012;

async function whereNow(app) {
    const release = app.location.use();
    const position = await app.location.positionWithin(3000);
    release();
    return position || PLACE;
}

function customers({ lat, lng }) {
    const names = [_t("Golden Dragon Supermarket"), _t("Happy Mart"), _t("Sun Store")];
    return names.map((name, i) => ({
        id: i + 1,
        name,
        city: _t("Practice Town"),
        street: _t("%(number)s Practice Street", { number: 8 * (i + 1) }),
        phone: `400-000-000${i}`,
        lat: lat + i * STEP_DEG,
        lng,
        fence_radius: 0,
        grade: "ABC"[i],
    }));
}

export async function startPractice(app) {
    const db = openAccount(PRACTICE);
    const shops = customers(await whereNow(app));
    const rows = {
        me: [
            {
                id: 1,
                name: _t("You"),
                working_times: null,
                policy: { fence_radius: 300, fence_accuracy_cap: 100 },
            },
        ],
        customers: shops,
    };
    for (const addTo of registry.category("field_app.practice").getAll()) {
        addTo(rows, shops);
    }
    const all = Object.entries(rows).flatMap(([collection, list]) =>
        list.map((row) => ({ collection, id: row.id, row }))
    );
    await db.rows.bulkPut(all);
    db.close();
    const token = { iv: null };
    await app.control.accounts.put({
        device_uuid: PRACTICE,
        login: "",
        user_id: 0,
        name: _t("Practice"),
        practice: true,
        token,
    });
    await app.setSetting("active", PRACTICE);
    location.reload();
}
