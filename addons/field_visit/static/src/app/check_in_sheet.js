import { Component, useState } from "@odoo/owl";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { formatDistance, judgeFence } from "@field_base/app/core/location";
import { needsConsent } from "@field_base/app/core/rules";
import { Icon } from "@field_base/app/ui/icon";
import { Sheet } from "@field_base/app/ui/ui";
import { rowsOf } from "@field_base/app/core/pull";
import { CancelSheet } from "./cancel_sheet";
import { checkIn, demandOf, isExact, radiusOf, rulesOf, visitTypes, visitsOfToday } from "./visits";

/** How long a tap waits for a first fix; a good one is mostly there already. */
const PATIENCE_MS = 6000;

/** The second tap: what the place says, what the rules ask, and the button. */
export class CheckInSheet extends Component {
    static template = "field_visit.app.CheckIn";
    static components = { CancelSheet, Icon, Sheet };
    static props = { visit: Object, close: Function };

    setup() {
        this.app = useApp();
        this.form = useState({
            reason: "",
            choice: "",
            busy: false,
            type: 0,
            more: false,
            companions: [],
            cancelling: false,
        });
        this.types = useQuery(visitTypes);
        this.colleagues = useQuery((db) => rowsOf(db, "colleagues"));
        this.location = useLocation(true);
        this.open = useQuery(async (db) =>
            (await visitsOfToday(db)).find(
                ({ state, uuid }) => state === "in_progress" && uuid !== this.props.visit.uuid
            )
        );
        this.reasons = [
            ["pin", _t("The place on the map is wrong")],
            ["elsewhere", _t("The customer asked me to come elsewhere")],
            ["other", _t("Something else")],
        ];
    }

    get mayLocate() {
        return !needsConsent(this.app.state.me);
    }

    get customer() {
        return this.props.visit.customer;
    }

    get radius() {
        return radiusOf(this.app, this.customer);
    }

    /** Planned visits have their kind; for the others the person says it. */
    get choices() {
        return this.props.visit.id || this.types.value.length < 2 ? [] : this.types.value;
    }

    get type() {
        return this.types.value.find(({ id }) => id === this.form.type);
    }

    get isCall() {
        return (this.type?.channel || this.props.visit.channel || "on_site") !== "on_site";
    }

    toggle(id) {
        const { companions } = this.form;
        this.form.companions = companions.includes(id)
            ? companions.filter((one) => one !== id)
            : [...companions, id];
    }

    get facts() {
        const cap = rulesOf(this.app).fence_accuracy_cap;
        return judgeFence(this.app.location.current(), this.customer, this.radius, cap);
    }

    get demand() {
        if (this.isCall) {
            return "";
        }
        return demandOf(this.app, this.facts.verdict, this.customer);
    }

    get isSearching() {
        return this.mayLocate && !this.location.fix && !this.app.location.isOff;
    }

    get tone() {
        if (this.isCall) {
            return "good";
        }
        if (this.isSearching) {
            return "busy";
        }
        const tones = { inside: "good", maybe: "good", outside: "warn", unverifiable: "warn" };
        return tones[this.facts.verdict];
    }

    get sentence() {
        const { verdict, distance } = this.facts;
        const away = formatDistance(distance);
        if (this.isCall) {
            return _t("A call: your place does not matter.");
        }
        if (this.isSearching) {
            return _t("Looking for your place…");
        }
        if (verdict === "inside" || verdict === "maybe") {
            return _t("You are here: %(distance)s from the pin.", { distance: away });
        }
        if (verdict === "outside") {
            return _t("You are %(distance)s away. The fence is %(radius)s wide.", {
                distance: away,
                radius: formatDistance(this.radius),
            });
        }
        if (needsConsent(this.app.state.me)) {
            return _t(
                "Your place is not taken without your consent. You can check in; it will be marked."
            );
        }
        return this.app.location.isOff
            ? _t("This phone does not tell where it is. You can check in; it will be marked.")
            : _t("This customer has no pin yet. Your check-in will suggest one.");
    }

    get accuracy() {
        const fix = this.app.location.current();
        return fix ? _t("GPS ±%(accuracy)s m", { accuracy: Math.round(fix.accuracy) }) : "";
    }

    get openText() {
        return _t("You are still at %(customer)s. That visit ends with this check-in.", {
            customer: this.open.value.customer.name,
        });
    }

    get reason() {
        const { choice, reason } = this.form;
        const chosen = this.reasons.find(([key]) => key === choice)?.[1] || "";
        return choice === "other"
            ? reason.trim()
            : [chosen, reason.trim()].filter(Boolean).join(": ");
    }

    /** Whether the office can be asked to move the pin to here. */
    get isPinFix() {
        return this.demand && this.form.choice === "pin" && isExact(this.app.location.current());
    }

    get isReady() {
        return !this.form.busy && (!this.demand || Boolean(this.reason));
    }

    async confirm() {
        if (this.form.busy) {
            return;
        }
        this.form.busy = true;
        const position =
            this.mayLocate && !this.isCall
                ? await this.app.location.positionWithin(PATIENCE_MS)
                : undefined;
        if (this.demand && !this.reason) {
            this.form.busy = false; // the place only now turned out to be elsewhere
            return;
        }
        const { verdict, distance } = this.facts;
        const uuid = await checkIn(this.app, this.props.visit, {
            position,
            verdict: this.isCall ? null : verdict,
            distance: this.isCall ? null : distance,
            reason: this.demand && this.reason,
            exception: this.demand === "exception",
            previous: this.open.value?.uuid,
            type: this.type,
            companions: [...this.form.companions],
            wrongPin: Boolean(this.isPinFix) && isExact(position),
        });
        this.form.busy = false;
        if (uuid) {
            this.props.close();
            this.app.router.go("visit", uuid);
        }
    }
}
