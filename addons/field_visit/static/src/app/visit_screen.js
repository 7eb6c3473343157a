import { Component, useState } from "@odoo/owl";
import { formatTime, serverNow } from "@field_base/app/core/clock";
import { draftNames, fieldsOf, useDraft } from "@field_base/app/core/draft";
import { useApp, useLocation, useMinute, useQuery } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { formatDistance } from "@field_base/app/core/location";
import { Camera } from "@field_base/app/capture/camera";
import { Recorder, Sound } from "@field_base/app/capture/recorder";
import { needsConsent } from "@field_base/app/core/rules";
import { DraftNote } from "@field_base/app/ui/draft_note";
import { Icon } from "@field_base/app/ui/icon";
import { BlobImage, Screen, Sheet } from "@field_base/app/ui/ui";
import { minutesLeft, progressOf } from "@field_visit/goal/progress_logic";
import { SignaturePad } from "@field_base/app/capture/signature";
import { dropFile, keepFile } from "@field_base/app/core/evidence";
import { registry } from "@web/core/registry";
import { AnsweredNote } from "./answered_note";
import { VisitArticles } from "./articles/article_screens";
import { CancelSheet } from "./cancel_sheet";
import { CompareSheet } from "./compare_sheet";
import { ContactsMet } from "./contacts_met";
import { FaceStep } from "./face/face_step";
import { FollowUps } from "./followups";
import { FormStep } from "./form_step";
import { GoalNote } from "./goal";
import { laterProofText, mayAddProof } from "./later_proof";
import { LinesStep } from "./lines_step";
import { MoneyStep } from "./money_step";
import { ProofStep } from "./proof_step";
import {
    isCall,
    isDue,
    isKept,
    isLacking,
    lackingText,
    leastMinutes,
    missingSteps,
    proofsOf,
    suggestionOf,
} from "./visit_rules";
import { checkOut, explainVisit, holdPhoto, stepCannot, stepDone } from "./visit_events";
import { reasonsFor, rulesOf, visitOf, visitTypes } from "./visits";
import { WorksHere } from "./works/work_screens";

const ICONS = {
    audio: "mic",
    check: "check",
    collection: "note",
    code: "barcode",
    competitor: "people",
    face: "user",
    document: "camera",
    price: "barcode",
    selfie: "user",
    stock: "list",
    storefront: "camera",
    word: "people",
    form: "list",
    note: "note",
    order: "note",
    photo: "camera",
    signature: "note",
};

/** One visit: its steps from top to bottom, then out. */
export class VisitScreen extends Component {
    static template = "field_visit.app.Visit";
    static components = {
        AnsweredNote,
        BlobImage,
        Camera,
        CancelSheet,
        CompareSheet,
        ContactsMet,
        DraftNote,
        FaceStep,
        FollowUps,
        FormStep,
        GoalNote,
        Icon,
        LinesStep,
        MoneyStep,
        ProofStep,
        Recorder,
        Screen,
        Sheet,
        SignaturePad,
        Sound,
        VisitArticles,
        WorksHere,
    };
    static props = { params: Array };

    setup() {
        this.app = useApp();
        this.minute = useMinute();
        this.ui = useState({
            step: "",
            comparing: null,
            camera: false,
            product: 0,
            recorder: false,
            note: "",
            cannot: false,
            reason: "",
            excuse: 0,
            out: false,
            result: 0,
            signature: null,
            cancelling: false,
            explaining: false,
        });
        this.results = useQuery((db) => reasonsFor(db, "result"));
        this.types = useQuery(visitTypes);
        this.excuses = useQuery((db) => reasonsFor(db, "cannot"));
        const uuid = this.props.params[0];
        this.box = useQuery((db) => visitOf(db, uuid));
        this.begun = useQuery(draftNames);
        this.draft = useDraft(fieldsOf(this.ui, ["note", "reason", "excuse", "result"]));
        this.location = useLocation(true);
    }

    get visit() {
        return this.box.value;
    }

    get isOn() {
        return this.visit.state === "in_progress";
    }

    get subtitle() {
        const { checkIn, checkOut } = this.visit;
        if (!checkIn) {
            return "";
        }
        const end = checkOut ? checkOut.getTime() : this.minute.now;
        const minutes = Math.max(0, Math.floor((end - checkIn.getTime()) / 60000));
        const since = formatTime(checkIn);
        return checkOut
            ? _t("%(start)s to %(end)s", { start: since, end: formatTime(checkOut) })
            : _t("In since %(time)s · %(minutes)s min", { time: since, minutes });
    }

    get place() {
        const { check_in_verdict: verdict, check_in_distance_m: distance } = this.visit;
        if (isCall(this.visit)) {
            return { kind: "good", text: _t("Call") };
        }
        if (verdict === "inside" || verdict === "maybe") {
            return {
                kind: "good",
                text: _t("%(distance)s from the pin", { distance: formatDistance(distance) }),
            };
        }
        if (verdict === "outside") {
            return {
                kind: "warn",
                text: _t("%(distance)s away, marked", { distance: formatDistance(distance) }),
            };
        }
        return { kind: "warn", text: _t("Place not verified") };
    }

    chooseExcuse({ id, name }) {
        Object.assign(this.ui, { excuse: id, reason: name });
    }

    /** How far the visit has come, and how long the rest usually takes. */
    get progress() {
        const left = minutesLeft(this.visit.steps);
        const percent = `${progressOf(this.visit.steps)} %`;
        return left && this.isOn
            ? _t("%(percent)s, about %(minutes)s min left", { percent, minutes: left })
            : percent;
    }

    get doneCount() {
        return this.visit.steps.filter(({ state }) => state !== "todo").length;
    }

    icon(step) {
        return ICONS[step.kind] || "check";
    }

    /** With a fixed order, a step opens when the required ones above it are answered. */
    isLocked(step) {
        if (!this.visit.strictOrder) {
            return false;
        }
        const above = this.visit.steps.slice(0, this.visit.steps.indexOf(step));
        return above.some((one) => isDue(this.visit, one));
    }

    get laterProof() {
        return laterProofText(this.visit, rulesOf(this.app));
    }

    get step() {
        return this.visit?.steps.find(({ key }) => key === this.ui.step);
    }

    get photos() {
        const { held = [], draft = {} } = this.step || {};
        return [...held, ...Object.values(draft).flat()];
    }

    get recordings() {
        const { key } = this.step;
        return this.visit.recordings.filter(
            ({ slot, status }) => slot === key && status !== "damaged"
        );
    }

    /** What was recorded for an answered step can be listened to. */
    get isListening() {
        return this.step?.kind === "audio" && this.step.state === "done";
    }

    open(step) {
        if (step.kind === "audio" && step.state === "done") {
            this.ui.step = step.key;
            return;
        }
        if (step.state === "done" && this.isComparable(step)) {
            this.ui.comparing = step;
            return;
        }
        const isOver = !this.isOn && !mayAddProof(this.visit, step, rulesOf(this.app));
        if (isOver || isKept(this.visit, step) || this.isLocked(step)) {
            return;
        }
        Object.assign(this.ui, {
            step: step.key,
            note: step.note || "",
            reason: "",
            excuse: 0,
            cannot: false,
            signature: null,
        });
        this.draft.open(this.draftName("text", step));
        this.ui.camera = this.isPictured(step);
        this.ui.recorder = step.kind === "audio";
    }

    /** What is typed at a step is kept under this name, of the form itself or of the words beside. */
    draftName(what, { key }) {
        return `${what}:${this.visit.uuid}:${key}`;
    }

    isBegun(step) {
        return ["form", "text"].some((what) => this.begun.value.has(this.draftName(what, step)));
    }

    isPictured({ kind }) {
        return ["photo", "document", "selfie", "storefront"].includes(kind);
    }

    isListed({ kind }) {
        return ["stock", "price", "competitor"].includes(kind);
    }

    isWitness({ kind }) {
        return kind === "code" || kind === "word";
    }

    /** The picture a new one is held beside. */
    referenceOf({ kind, key }) {
        return this.visit.references?.[kind === "storefront" ? kind : key] || "";
    }

    /** There are an old and a new picture of the same place. */
    isComparable(step) {
        const { blobs = [], held = [] } = step;
        return this.isPictured(step) && this.referenceOf(step) && blobs.length + held.length > 0;
    }

    /** The newest picture of a step. */
    pictureOf({ blobs, held }) {
        return (blobs?.length ? blobs : held).at(-1);
    }

    get suggestion() {
        return this.step.kind === "order" ? suggestionOf(this.visit) : [];
    }

    takeSuggestion() {
        this.ui.note = [this.ui.note.trim(), ...this.suggestion].filter(Boolean).join("\n");
    }

    closeStep() {
        this.draft.close();
        Object.assign(this.ui, { step: "", camera: false, recorder: false, cannot: false });
    }

    get canFinish() {
        const { step } = this;
        if (step.kind === "signature") {
            return Boolean(this.ui.signature);
        }
        if (step.kind === "note" || step.kind === "order") {
            return Boolean(this.ui.note.trim());
        }
        if (step.kind === "audio") {
            return this.recordings.length > 0;
        }
        return !this.isPictured(step) || this.photos.length >= Math.max(1, step.min_photos || 1);
    }

    /** The form's answers of the customer's last visit. */
    get last() {
        return this.visit.prefill?.[this.step.form?.id] || {};
    }

    /** @returns {Promise<boolean>} false when the phone has no room, as `finishWith` */
    finishForm(answers, score, blobs) {
        return this.finishWith({ answers, score, blobs });
    }

    /** Nobody has to have his face compared: the first other proof that counts and is open. */
    goOtherWay() {
        const rules = rulesOf(this.app);
        const other = this.visit.steps.find(
            ({ kind, state }) => state === "todo" && kind !== "face" && rules[`proof_by_${kind}`]
        );
        this.closeStep();
        if (other) {
            this.open(other);
        }
    }

    /** Answer the step, and go on to the next. */
    async finishWith(answer) {
        const { key } = this.step;
        const saved = await stepDone(this.app, this.visit, this.step, answer);
        if (saved) {
            await this.draft.drop();
            this.closeStep();
            this.openAfter(key);
        }
        return Boolean(saved);
    }

    async keepSignature() {
        const label = `${this.step.name} · ${this.visit.customer.name}`;
        const meta = { kind: "signature" };
        return keepFile(this.app, this.ui.signature, { entity: this.visit.uuid, label, meta });
    }

    async finishStep() {
        const values = { note: this.ui.note.trim(), blobs: this.photos };
        if (this.step.kind === "audio") {
            values.recordings = this.recordings;
        }
        if (this.step.kind === "signature") {
            const uuid = await this.keepSignature();
            if (!uuid) {
                return;
            }
            values.blobs = [uuid];
        }
        await this.finishWith(values);
    }

    /** What has to be done next opens by itself: one tap less. */
    openAfter(key) {
        const steps = this.visit.steps;
        const next = steps
            .slice(steps.findIndex((step) => step.key === key) + 1)
            .find((step) => isDue(this.visit, step));
        if (next) {
            this.open(next);
        }
    }

    async onPhoto(uuid) {
        await holdPhoto(this.app, this.visit, this.step, uuid, this.ui.product);
    }

    /** @param {number} product the picture is of this one */
    shoot(product) {
        Object.assign(this.ui, { camera: true, product });
    }

    /** Enough photos: the step is answered; too few: it stays open and keeps them. */
    async closeCamera() {
        this.ui.camera = false;
        if (this.ui.cannot) {
            return; // the photo shows why it is not possible
        }
        if (!this.isListed(this.step) && this.canFinish) {
            await this.finishStep();
        }
    }

    /** As with the camera; without a recording the person says why. */
    async closeRecorder() {
        this.ui.recorder = false;
        if (this.canFinish) {
            await this.finishStep();
        }
    }

    async finishCannot() {
        const unused = this.recordings.map(({ uuid }) => uuid);
        const { step } = this;
        const { excuse: reasonId } = this.ui;
        const why = { reason: this.ui.reason.trim(), reasonId, blobs: this.photos };
        if (await stepCannot(this.app, this.visit, step, why)) {
            await this.draft.drop();
            this.closeStep();
            for (const uuid of unused) {
                await dropFile(this.app, uuid);
            }
        }
    }

    get watermark() {
        const { name, ref } = this.visit.customer;
        return [[name, ref].filter(Boolean).join(" · "), this.place.text];
    }

    get audio() {
        const { audio_minutes: minutes = 15, audio_notice: notice } = rulesOf(this.app);
        return { minutes, notice: notice || "" };
    }

    get missing() {
        return missingSteps(this.visit);
    }

    /** The proofs that are missing, as the policy counts them. */
    get lacking() {
        const proofs = proofsOf(this.visit, rulesOf(this.app));
        return proofs && isLacking(proofs) ? proofs : null;
    }

    get lackingText() {
        return lackingText(this.lacking);
    }

    get isBlocked() {
        const isOpen = this.visit.blockCheckOut && this.missing.length > 0;
        return isOpen || Boolean(this.lacking?.isMust);
    }

    get leastMinutes() {
        return leastMinutes(this.visit, this.types.value, rulesOf(this.app));
    }

    get tooShort() {
        if (this.results.value.some(({ id, is_success }) => is_success && id === this.ui.result)) {
            return false;
        }
        return (serverNow() - this.visit.checkIn) / 60000 < this.leastMinutes;
    }

    get shortText() {
        return _t("Shorter than %(minutes)s minutes: it will be marked.", {
            minutes: this.leastMinutes,
        });
    }

    async leave() {
        const note = this.ui.note.trim();
        const mayLocate = !isCall(this.visit) && !needsConsent(this.app.state.me);
        const position = mayLocate ? this.app.location.position() : undefined;
        const { result } = this.ui;
        if (await checkOut(this.app, this.visit, { position, note, result })) {
            await this.draft.drop();
            this.app.router.replace("today");
        }
    }

    get truthLines() {
        return (this.visit.truth || "").split("\n").filter(Boolean);
    }

    breakOff() {
        Object.assign(this.ui, { out: false, cancelling: true });
    }

    startExplaining() {
        Object.assign(this.ui, { explaining: true, note: this.visit.explanation || "" });
        this.draft.open(`explain:${this.visit.uuid}`);
    }

    async explain() {
        if (await explainVisit(this.app, this.visit, this.ui.note.trim())) {
            await this.draft.drop();
            this.ui.explaining = false;
        }
    }

    askOut() {
        Object.assign(this.ui, { out: true, note: this.visit.note || "" });
        this.draft.open(`out:${this.visit.uuid}`);
    }
}

registry.category("field_app.screens").add("visit", { Component: VisitScreen });
