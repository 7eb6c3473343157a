import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { formatMoment, parseServer, serverNow } from "@field_base/app/core/clock";
import { useApp, useAppState, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { formatDistance } from "@field_base/app/core/location";
import { openEvents, TROUBLE } from "@field_base/app/core/outbox";
import { rowsOf } from "@field_base/app/core/pull";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { haversine, isPosition } from "@field_base/map/geo";
import { registry } from "@web/core/registry";
import { RESULTS } from "./lead_contact";
import { readAsked } from "./more_time";

const KIND = "lead";
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 2 * DAY;
const SHOWN = 50;
const keyOf = (id) => `${KIND}:${id}`;

/** Leads to claim; one that was asked for here waits for the server's word, or has heard its no. */
export async function readPool(db) {
    const rows = await rowsOf(db, "pool_leads");
    const docs = await db.docs.where("kind").equals(KIND).toArray();
    const events = await db.outbox.bulkGet(docs.map((doc) => doc.uuid || ""));
    const claims = new Map(docs.map((doc, i) => [doc.key, { doc, event: events[i] }]));
    return rows.map((row) => {
        const claim = claims.get(keyOf(row.id));
        const refused = TROUBLE.includes(claim?.event?.status) ? claim.event.message : "";
        return { ...row, refused, asked: Boolean(claim && !refused) };
    });
}

/** One's own leads of the pools, what goes back first on top. */
export async function readMine(db) {
    const rows = await rowsOf(db, "my_leads");
    const due = ({ recycle_at }) => recycle_at || "9";
    return rows.sort((a, b) => (due(a) < due(b) ? -1 : 1));
}

/** The time left, in its two largest units. */
export function timeLeft(moment, now) {
    const left = moment - now;
    if (left <= 0) {
        return _t("time is up");
    }
    const days = Math.floor(left / DAY);
    const hours = Math.floor((left % DAY) / HOUR);
    const minutes = Math.floor((left % HOUR) / MINUTE);
    if (days) {
        return _t("%(days)s d %(hours)s h", { days, hours });
    }
    return hours
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes })
        : _t("%(minutes)s min", { minutes });
}

/** Contacts with a lead that were noted here and that the server does not know yet. */
export async function readNoted(db, id) {
    const events = await openEvents(db);
    return events
        .filter(({ kind, payload }) => kind === "lead.contact" && payload.lead_id === id)
        .map(({ uuid, payload, captured_at }) => ({
            uuid,
            text: [RESULTS()[payload.result], payload.note].filter(Boolean).join(": "),
            at: formatMoment(new Date(captured_at)),
        }));
}

function useClock() {
    const clock = useState({ now: serverNow().getTime() });
    let timer;
    onMounted(() => {
        timer = setInterval(() => (clock.now = serverNow().getTime()), MINUTE / 2);
    });
    onWillUnmount(() => clearInterval(timer));
    return clock;
}

function describeClock(lead) {
    return {
        contact: _t("Reach the customer"),
        followup: _t("Follow up"),
        convert: _t("Make an opportunity of it"),
    }[lead.clock];
}

/** What the clocks of one's own leads say. */
function withClock(leads, now) {
    return leads.map((lead) => {
        const at = lead.recycle_at && parseServer(lead.recycle_at).getTime();
        return {
            ...lead,
            left: at ? timeLeft(at, now) : "",
            urgent: Boolean(at) && at - now < DAY,
            soon: Boolean(at) && at - now < SOON,
            todo: describeClock(lead),
        };
    });
}

export class LeadsScreen extends Component {
    static template = "field_crm.app.Leads";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.appState = useAppState();
        this.clock = useClock();
        this.location = useLocation();
        this.state = useState({ tab: this.props.params[0] || "pool" });
        this.pool = useQuery(readPool);
        this.mine = useQuery(readMine);
    }

    away({ lat, lng }) {
        const { fix } = this.location;
        return fix && isPosition(lat, lng) ? haversine(fix.lat, fix.lng, lat, lng) : Infinity;
    }

    /** Near ones first; without a position the newest. */
    get near() {
        const leads = this.pool.value.map((lead) => ({ ...lead, metres: this.away(lead) }));
        leads.sort((a, b) => a.metres - b.metres || b.id - a.id);
        return leads.slice(0, SHOWN).map((lead) => ({
            ...lead,
            distance: Number.isFinite(lead.metres) ? formatDistance(lead.metres) : "",
            place: [lead.company, lead.city].filter(Boolean).join(" · "),
        }));
    }

    get held() {
        return withClock(this.mine.value, this.clock.now);
    }

    claim(lead) {
        const entity = keyOf(lead.id);
        return this.app.record(
            "lead.claim",
            { lead_id: lead.id },
            {
                entity,
                label: lead.name,
                change: (db, { uuid }) =>
                    db.docs.put({ key: entity, kind: KIND, entity, uuid, changed: Date.now() }),
            }
        );
    }
}

export class LeadScreen extends Component {
    static template = "field_crm.app.Lead";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.clock = useClock();
        const id = Number(this.props.params[0]);
        this.lead = useQuery(
            async (db) => (await readMine(db)).find((lead) => lead.id === id) || null
        );
        this.noted = useQuery((db) => readNoted(db, id));
        this.asked = useQuery(readAsked);
    }

    /** What is to be said of more time: nothing, or whether it can be asked for. */
    get moreTime() {
        const { id, more_time } = this.lead.value;
        return this.asked.value.includes(id) ? "asked" : more_time;
    }

    get shown() {
        return withClock([this.lead.value], this.clock.now)[0];
    }

    get address() {
        const { street, city } = this.lead.value;
        return [street, city].filter(Boolean).join(", ");
    }

    get until() {
        const { recycle_at } = this.lead.value;
        return recycle_at ? formatMoment(parseServer(recycle_at)) : "";
    }

    get reached() {
        const { contact_at } = this.lead.value;
        return contact_at ? formatMoment(parseServer(contact_at)) : "";
    }
}

/** On the day's screen: one's own leads that go back soon. */
export class TodayLeads extends Component {
    static template = "field_crm.app.TodayLeads";
    static components = { Icon };
    static props = {};

    setup() {
        this.app = useApp();
        this.clock = useClock();
        this.mine = useQuery(readMine);
    }

    get due() {
        return withClock(this.mine.value, this.clock.now)
            .filter(({ soon }) => soon)
            .slice(0, 5);
    }
}

const screens = registry.category("field_app.screens");
screens.add("leads", { Component: LeadsScreen });
screens.add("lead", { Component: LeadScreen });
registry.category("field_app.documents").add("crm.lead", {
    screen: "lead",
    has: async (db, id) => (await rowsOf(db, "my_leads")).some((lead) => lead.id === id),
});
registry.category("field_app.today").add("leads", { Component: TodayLeads }, { sequence: 40 });
registry
    .category("field_app.me")
    .add("leads", { label: () => _t("Leads"), icon: "target", screen: "leads" });
