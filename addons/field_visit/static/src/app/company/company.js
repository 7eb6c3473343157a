import { Component } from "@odoo/owl";
import { formatHour, formatTime, localDate, parseServer } from "@field_base/app/core/clock";
import { useApp, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { registry } from "@web/core/registry";

const keyOf = (id) => `company:${id}`;

/** Today's visits of colleagues I come along to, and what I have said about them here. */
async function readJoint(db) {
    const today = localDate();
    const rows = (await rowsOf(db, "joint_visits")).filter(({ plan_date: day }) => day === today);
    const docs = await db.docs.where("kind").equals("company").toArray();
    const said = new Map(docs.map(({ entity, values }) => [entity, values]));
    return rows
        .map((row) => ({ ...row, ...said.get(String(row.id)) }))
        .sort((a, b) => (a.plan_time || 0) - (b.plan_time || 0) || a.id - b.id);
}

/** Where I come along today, and my own word that I was there. */
export class Company extends Component {
    static template = "field_visit.app.Company";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.visits = useQuery(readJoint);
    }

    when({ check_in_at: begun, check_out_at: ended, plan_time: planned }) {
        if (begun) {
            const end = ended ? formatTime(parseServer(ended)) : "";
            return [formatTime(parseServer(begun)), end].join("–");
        }
        return planned ? formatHour(planned) : "";
    }

    /** Asked once the visit has begun; before there is nothing to say. */
    isAsked({ check_in_at: begun, was_there: answer }) {
        return Boolean(begun) && answer === null;
    }

    wordsOf({ person, was_there: answer }) {
        if (answer === true) {
            return _t("With %(name)s · you were there", { name: person });
        }
        if (answer === false) {
            return _t("With %(name)s · you were not there", { name: person });
        }
        return _t("With %(name)s", { name: person });
    }

    async answer(visit, wasThere) {
        const entity = String(visit.id);
        const about = {
            entity,
            label: _t("Company · %(customer)s", { customer: visit.partner_name }),
            change: (db) =>
                db.docs.put({
                    key: keyOf(visit.id),
                    kind: "company",
                    entity,
                    values: { was_there: wasThere },
                    changed: Date.now(),
                }),
        };
        const payload = { visit_id: visit.id, was_there: wasThere };
        await this.app.record("visit.company", payload, about, _t("Saved on this phone"));
    }
}

registry
    .category("field_app.today")
    .add("company", { Component: Company, early: [readJoint] }, { sequence: 8 });
