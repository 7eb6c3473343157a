/** What is around here and no customer yet: found by the sources of the office, added with one tap. */

import { Component, onWillStart, useEffect, useState } from "@odoo/owl";
import { post } from "@field_base/app/core/api";
import { useApp, useAppState, useLocation, useQuery } from "@field_base/app/core/hooks";
import { blurHome } from "@field_base/app/core/home";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { formatDistance } from "@field_base/app/core/location";
import { openEvents } from "@field_base/app/core/outbox";
import { loadFieldMap } from "@field_base/app/screens/map";
import { Icon } from "@field_base/app/ui/icon";
import { Screen } from "@field_base/app/ui/ui";
import { haversine } from "@field_base/map/geo";
import { registry } from "@web/core/registry";
import { adding, canVisitNew, visitNew } from "./add_customer";
import { visitsOfToday } from "./visits";

const RADII = [200, 500, 2000];
const PATIENCE_MS = 60000; // a source is given 25 seconds, and there may be two of them
const ME = "me";

/** What was added here and is not with the office yet: the office would still find it. */
async function addedHere(db) {
    const events = await openEvents(db);
    const adds = events.filter(({ kind }) => kind === "customer.add");
    return new Set(adds.map(({ payload }) => payload.ref).filter(Boolean));
}

export class ProspectsScreen extends Component {
    static template = "field_visit.app.Prospects";
    static components = { Icon, Screen };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.whole = useAppState();
        this.location = useLocation(true);
        this.radii = RADII;
        this.state = useState({
            ...{ FieldMap: null, radius: RADII[1], words: "", selected: "" },
            ...{ asking: false, problem: "", answer: null, saving: false },
        });
        this.added = useQuery(addedHere);
        this.open = useQuery(async (db) =>
            (await visitsOfToday(db)).find(({ state }) => state === "in_progress")
        );
        onWillStart(async () => {
            this.state.FieldMap = await loadFieldMap(this.app).catch(() => null);
        });
        useEffect(
            (isPlaced) => {
                if (isPlaced && !this.state.answer) {
                    this.ask();
                }
            },
            () => [Boolean(this.centre)]
        );
    }

    /** Where one stands. */
    get centre() {
        return this.location.fix;
    }

    async ask() {
        const { account, state } = this.app;
        const { radius, words } = this.state;
        if (!this.centre || this.state.asking) {
            return;
        }
        if (!account.token || !navigator.onLine) {
            this.state.problem = "offline";
            return;
        }
        Object.assign(this.state, { asking: true, problem: "" });
        const { lat, lng } = blurHome(state.me, { ...this.centre });
        const asked = { lat, lng, radius, words: words.trim().slice(0, 80) };
        try {
            const options = { token: account.token, patience: PATIENCE_MS };
            this.state.answer = await post("/prospects", asked, options);
        } catch (error) {
            this.state.problem = error.code === "too_many_requests" ? "often" : "offline";
        }
        this.state.asking = false;
    }

    choose(radius) {
        this.state.radius = radius;
        return this.ask();
    }

    /** Without those who were added meanwhile; with how far they are from here. */
    get places() {
        const { lat, lng } = this.centre || {};
        return (this.state.answer?.places || [])
            .filter(({ ref }) => !this.added.value.has(ref))
            .map((place) => ({
                ...place,
                away: this.centre ? haversine(lat, lng, place.lat, place.lng) : place.metres,
            }))
            .sort((a, b) => a.away - b.away);
    }

    get selected() {
        return this.places.find(({ ref }) => ref === this.state.selected);
    }

    get markers() {
        const found = this.places.map(({ ref, name, lat, lng }) => ({
            ...{ id: ref, lat, lng, title: name, selected: ref === this.state.selected },
            color: "#b35c00",
        }));
        const { centre } = this;
        if (centre) {
            const you = { id: ME, lat: centre.lat, lng: centre.lng, color: "#1b5fa8" };
            found.push({ ...you, title: _t("You"), label: _t("You") });
        }
        return found;
    }

    get focus() {
        const { selected } = this;
        return selected && { lat: selected.lat, lng: selected.lng, key: selected.ref };
    }

    get summary() {
        const { answer, asking, problem } = this.state;
        if (!this.centre) {
            return _t("Waiting for your position …");
        }
        if (asking) {
            return _t("Looking around …");
        }
        if (problem === "often") {
            return _t("Asked too often. Try again in a minute.");
        }
        if (problem) {
            return _t("The office cannot be asked now.");
        }
        if (!answer) {
            return "";
        }
        if (!answer.providers) {
            return _t("Your company has no source of prospects yet.");
        }
        return _t("%(count)s found, %(hidden)s are customers already.", {
            count: this.places.length,
            hidden: answer.hidden + answer.places.length - this.places.length,
        });
    }

    get silent() {
        const names = this.state.answer?.silent || [];
        return names.length && _t("No answer from %(names)s.", { names: names.join(", ") });
    }

    get openText() {
        return _t("You are still at %(customer)s. That visit ends with this check-in.", {
            customer: this.open.value.customer.name,
        });
    }

    distance(metres) {
        return formatDistance(metres);
    }

    facts({ kind, address, away }) {
        return [formatDistance(away), kind, address].filter(Boolean).join(" · ");
    }

    canVisit(place) {
        return canVisitNew(this.app, this.centre, place);
    }

    onMarker(id) {
        this.state.selected = id === ME ? "" : id;
        const row = [...document.querySelectorAll("[data-ref]")].find(
            ({ dataset }) => dataset.ref === id
        );
        row?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }

    onLongPress({ lat, lng }) {
        this.app.router.go("customer_new", lat.toFixed(6), lng.toFixed(6));
    }

    entry(uuid, { ref, name, lat, lng, phone, address }) {
        return adding(uuid, { ref, name, lat, lng, phone, address });
    }

    async add(place) {
        this.state.saving = true;
        const said = _t("Saved. The customer appears with the next sync.");
        await this.app.recordAll([this.entry(uuid7(), place)], said);
        this.state.saving = false;
    }

    async visit(place) {
        this.state.saving = true;
        const { name, lat, lng } = place;
        const customer = { id: -Date.now(), uuid: uuid7(), name, lat, lng };
        const entry = this.entry(customer.uuid, place);
        const uuid = await visitNew(this.app, customer, entry, this.open.value?.uuid);
        this.state.saving = false;
        if (uuid) {
            this.app.router.replace("visit", uuid);
        }
    }
}

registry.category("field_app.screens").add("prospects", { Component: ProspectsScreen });
