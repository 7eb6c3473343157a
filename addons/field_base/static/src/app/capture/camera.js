import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { serverNow, formatTime, localDate } from "../core/clock";
import { keepFile } from "../core/evidence";
import { useApp, useLocation } from "../core/hooks";
import { _t } from "../core/i18n";
import { takePhoto } from "../core/photo";
import { BlobImage } from "../ui/ui";
import { Icon } from "../ui/icon";

/** Of one step; twin of MAX_PHOTOS in models/field_visit_photo.py. */
const MOST_PHOTOS = 20;

/**
 * Photos from the live camera, and from nowhere else: there is no file to choose. The stream is
 * restarted when the phone comes back, for it is often dead then.
 */
export class Camera extends Component {
    static template = "field_base.app.Camera";
    static components = { BlobImage, Icon };
    static props = {
        title: String,
        // lines of the watermark besides time, place and person
        lines: { type: Array, element: String },
        entity: String,
        label: String,
        meta: { type: Object, optional: true },
        // uuids already taken
        taken: { type: Array, element: String },
        need: { type: Number, optional: true },
        // what the office takes; nothing can be taken out again
        most: { type: Number, optional: true },
        // begin with the camera that looks at the person
        front: { type: Boolean, optional: true },
        // a picture (data URL) the new one is held beside
        reference: { type: String, optional: true },
        onTaken: Function,
        close: Function,
    };

    static defaultProps = { most: MOST_PHOTOS };

    setup() {
        this.app = useApp();
        this.shot = new Set(); // the list of what was taken comes a moment later
        this.video = useRef("video");
        const facing = this.props.front ? "user" : "environment";
        this.state = useState({
            problem: "",
            hint: "",
            busy: false,
            facing,
            canLight: false,
            isLit: false,
            isCompared: true,
        });
        useLocation(true);
        const revive = () => document.visibilityState === "visible" && this.restart();
        onMounted(() => {
            document.addEventListener("visibilitychange", revive);
            window.addEventListener("pageshow", revive);
            return this.restart();
        });
        onWillUnmount(() => {
            document.removeEventListener("visibilitychange", revive);
            window.removeEventListener("pageshow", revive);
            this.gone = true;
            this.stop();
        });
    }

    stop() {
        this.stream?.getTracks().forEach((track) => track.stop());
        this.stream = null;
    }

    async restart() {
        this.stop();
        try {
            const stream = await navigator.mediaDevices.getUserMedia({
                audio: false,
                video: {
                    facingMode: this.state.facing,
                    width: { ideal: 1920 },
                    height: { ideal: 1440 },
                },
            });
            if (this.gone) {
                stream.getTracks().forEach((track) => track.stop());
                return;
            }
            this.stream = stream;
            this.video.el.srcObject = stream;
            await this.video.el.play();
            this.state.problem = "";
            this.lookForLight();
        } catch (error) {
            this.state.problem = this.describe(error);
        }
    }

    get track() {
        return this.stream?.getVideoTracks()[0];
    }

    /** The lamp is one of the camera that runs: a new stream begins without it. */
    lookForLight() {
        this.state.canLight = Boolean(this.track?.getCapabilities?.().torch);
        this.state.isLit = false;
    }

    async light() {
        const isLit = !this.state.isLit;
        try {
            await this.track.applyConstraints({ advanced: [{ torch: isLit }] });
            this.state.isLit = isLit;
        } catch {
            this.state.canLight = false; // it says it has one, and has none to give
        }
    }

    describe(error) {
        const denied = ["NotAllowedError", "SecurityError"].includes(error.name);
        return denied
            ? _t(
                  "The camera is blocked. Allow it in “Me › Permissions”, or tell why it is not possible."
              )
            : _t("The camera does not start. Close other apps that use it, then try again.");
    }

    flip() {
        this.state.facing = this.state.facing === "user" ? "environment" : "user";
        return this.restart();
    }

    get watermark() {
        if (this.app.state.me?.policy?.photo_watermark === false) {
            return [];
        }
        const now = serverNow();
        const position = this.app.location.position();
        const place = position
            ? `${position.lat.toFixed(5)}, ${position.lng.toFixed(5)} ±${Math.round(
                  position.accuracy
              )} m`
            : _t("Place unknown");
        const who = `${this.app.state.person.name} · #${this.props.entity.slice(-6)}`;
        return [`${localDate(now)} ${formatTime(now)}`, ...this.props.lines, place, who];
    }

    get isFull() {
        return new Set([...this.props.taken, ...this.shot]).size >= this.props.most;
    }

    get hint() {
        const { most } = this.props;
        return this.isFull
            ? _t("No more photos here: at most %(most)s.", { most })
            : this.state.hint;
    }

    async shoot() {
        if (this.state.busy || this.isFull || !this.video.el.videoWidth) {
            return;
        }
        Object.assign(this.state, { busy: true, hint: "" });
        try {
            await this.take(this.video.el);
        } finally {
            this.state.busy = false;
        }
    }

    /**
     * Keep the picture. Others look at it first, and say in `state.hint` what is wrong with it.
     *
     * @param {HTMLVideoElement|HTMLCanvasElement} picture
     */
    async take(picture) {
        const longest = this.app.state.me?.policy?.photo_long_edge;
        const stamp = this.watermark;
        const photo = await takePhoto(picture, longest);
        const { entity, label, meta } = this.props;
        const uuid = await keepFile(this.app, photo, { entity, label, meta, stamp });
        if (uuid) {
            this.app.toast(_t("Saved on this phone"));
            this.shot.add(uuid);
            this.props.onTaken(uuid);
        }
    }
}
