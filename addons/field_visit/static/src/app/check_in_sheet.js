import { Component, onWillUnmount, useState } from "@odoo/owl";
import { fencePhoto, isNear } from "@field_visit/fence/fence_logic";
import { NavigateButton } from "@field_base/map/navigate_button";
import { Camera } from "@field_base/app/capture/camera";
import { fieldsOf, useDraft } from "@field_base/app/core/draft";
import { dropFile } from "@field_base/app/core/evidence";
import { useApp, useLocation, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { uuid7 } from "@field_base/app/core/ids";
import { formatDistance, judgeFence, placeOf } from "@field_base/app/core/location";
import { needsConsent } from "@field_base/app/core/rules";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Sheet } from "@field_base/app/ui/ui";
import { rowsOf } from "@field_base/app/core/pull";
import { CancelSheet } from "./cancel_sheet";
import { endsText, kindsFor, otherOpen, owedAt } from "./check_in_now";
import { FenceRadar } from "./fence_radar";
import { GoalChips } from "./goal";
import { LeaveButton } from "./leave_button";
import { NearVisit } from "./plan/near_visit";
import { checkIn, isExact } from "./visit_events";
import { demandOf, fenceOf, rulesOf, visitTypes } from "./visits";

/** How long a tap waits for a first fix; a good one is mostly there already. */
const PATIENCE_MS = 6000;

/** The second tap: what the place says, what the rules ask, and the button. */
export class CheckInSheet extends Component {
    static template = "field_visit.app.CheckIn";
    static components = {
        BlobImage,
        Camera,
        CancelSheet,
        DraftNote,
        FenceRadar,
        GoalChips,
        Icon,
        LeaveButton,
        NavigateButton,
        NearVisit,
        Sheet,
    };
    static props = { visit: Object, close: Function };

    setup() {
        this.app = useApp();
        this.form = useState({
            reason: "",
            choice: "",
            busy: false,
            type: 0,
            goal: this.props.visit.goal_id || 0,
            more: false,
            companions: [],
            cancelling: false,
            camera: false,
            photos: [],
        });
        // the visit's name, also of one that nobody has planned: its photo is of it
        this.uuid = this.props.visit.uuid || uuid7();
        onWillUnmount(() => {
            const unused = this.isSaved ? [] : this.form.photos;
            unused.forEach((uuid) => dropFile(this.app, uuid));
        });
        const { uuid, customer } = this.props.visit;
        const why = fieldsOf(this.form, ["choice", "reason"]);
        this.draft = useDraft(why, `check_in:${uuid || customer.id}`);
        this.types = useQuery(visitTypes);
        this.colleagues = useQuery((db) => rowsOf(db, "colleagues"));
        this.location = useLocation(true);
        this.open = useQuery((db) => otherOpen(db, this.props.visit.uuid));
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

    get place() {
        return placeOf(this.customer);
    }

    get fence() {
        return fenceOf(this.app, this.customer);
    }

    get radius() {
        return this.fence.radius;
    }

    get hasPin() {
        return Boolean(this.customer.lat || this.customer.lng);
    }

    /** The picture of it helps where the pin is known and one is not simply there. */
    get hasRadar() {
        return this.hasPin && !this.isCall && this.mayLocate;
    }

    /** Where navigation leads: the entrance, when it is known. */
    get destination() {
        const { lat, lng, entrance, country } = this.customer;
        const [goLat, goLng] = entrance || [lat, lng];
        return { lat: goLat, lng: goLng, country: country || undefined };
    }

    get favourite() {
        return this.app.state.me?.map?.navigation_app || false;
    }

    get fix() {
        return this.app.location.current();
    }

    get choices() {
        return kindsFor(this.props.visit, this.types.value);
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
        const hasPosition = this.isSearching || Boolean(this.fix);
        return demandOf(this.app, this.facts.verdict, this.customer, hasPosition);
    }

    /** Inside the fence, but so far from the pin that the pin may be wrong. */
    get isNear() {
        const { verdict, distance } = this.facts;
        return !this.isCall && verdict !== "outside" && isNear(distance, this.fence.warn);
    }

    get needsPhoto() {
        const { fence_photo: rule } = rulesOf(this.app);
        return fencePhoto(rule, this.facts.verdict, this.demand);
    }

    get watermark() {
        return [this.customer.name, this.sentence];
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
        if (this.isNear) {
            return "warn";
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
        if (this.isNear) {
            return _t("You are in the fence, but %(distance)s from the pin. Is the pin right?", {
                distance: away,
            });
        }
        if (verdict === "inside" || verdict === "maybe") {
            return _t("You are here: %(distance)s from the pin.", { distance: away });
        }
        if (verdict === "outside") {
            return _t("You are %(distance)s away.", { distance: away });
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

    /** How wide the fence is, and how exact the phone. */
    get exactness() {
        const { fix } = this;
        const fence = _t("Fence %(radius)s round the pin", { radius: formatDistance(this.radius) });
        const gps = fix && _t("GPS ±%(accuracy)s m", { accuracy: Math.round(fix.accuracy) });
        return [!this.isCall && this.hasPin && fence, gps].filter(Boolean).join(" · ");
    }

    get openText() {
        return endsText(this.app, this.open.value);
    }

    get owed() {
        return owedAt(this.app, this.open.value);
    }

    goBack() {
        const { uuid } = this.open.value;
        this.props.close();
        this.app.router.go("visit", uuid);
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
        const isAsked = this.demand || this.isNear;
        return isAsked && this.form.choice === "pin" && isExact(this.fix);
    }

    get isAnswered() {
        const { demand, reason, needsPhoto, form } = this;
        return (!demand || Boolean(reason)) && (!needsPhoto || form.photos.length > 0);
    }

    get isReady() {
        return !this.form.busy && this.isAnswered;
    }

    async confirm() {
        if (this.form.busy) {
            return;
        }
        this.form.busy = true;
        const position =
            this.mayLocate && !this.isCall
                ? await this.app.location.bestWithin(PATIENCE_MS)
                : undefined;
        if (!this.isAnswered) {
            this.form.busy = false; // the place only now turned out to be elsewhere
            return;
        }
        const { verdict, distance } = this.facts;
        const uuid = await checkIn(this.app, this.props.visit, {
            position,
            fixes: position && this.app.location.fixes(),
            verdict: this.isCall ? null : verdict,
            distance: this.isCall ? null : distance,
            reason: this.demand && this.reason,
            exception: this.demand === "exception",
            previous: this.open.value?.uuid,
            type: this.type,
            goal: this.form.goal,
            companions: [...this.form.companions],
            wrongPin: Boolean(this.isPinFix) && isExact(position),
            uuid: this.uuid,
            blobs: [...this.form.photos],
        });
        this.isSaved = Boolean(uuid);
        this.form.busy = false;
        if (uuid) {
            await this.draft.drop();
            this.props.close();
            this.app.router.go("visit", uuid);
        }
    }
}
