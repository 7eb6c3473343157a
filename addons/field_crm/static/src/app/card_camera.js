import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { call, NetworkProblem } from "@field_base/app/core/api";
import { useApp } from "@field_base/app/core/hooks";
import { _t } from "@field_base/app/core/i18n";
import { Icon } from "@field_base/app/ui/icon";

const LONGEST_PX = 1600;
const QUALITY = 0.9;
const PATIENCE_MS = 45000;

/** The picture as it is, without a mark: it is read once and kept nowhere. */
export async function snapshot(video) {
    const factor = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * factor);
    canvas.height = Math.round(video.videoHeight * factor);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** Photographs a business card and has the server read it; what it says is looked over after. */
export class CardCamera extends Component {
    static template = "field_crm.app.CardCamera";
    static components = { Icon };
    static props = { onCard: Function, close: Function };

    setup() {
        this.app = useApp();
        this.video = useRef("video");
        this.state = useState({ problem: "", busy: false });
        onMounted(() => this.start());
        onWillUnmount(() => {
            this.gone = true;
            this.stop();
        });
    }

    stop() {
        this.stream?.getTracks().forEach((track) => track.stop());
        this.stream = null;
    }

    async start() {
        try {
            this.stream = await navigator.mediaDevices.getUserMedia({
                video: { facingMode: "environment", width: { ideal: 1920 } },
            });
            if (this.gone) {
                this.stop();
                return;
            }
            this.video.el.srcObject = this.stream;
            await this.video.el.play();
        } catch {
            this.state.problem = _t("The camera does not start. Type the card instead.");
        }
    }

    async shoot() {
        if (this.state.busy || !this.video.el.videoWidth) {
            return;
        }
        this.state.busy = true;
        this.state.problem = "";
        try {
            const { body } = await call("/card", {
                method: "POST",
                token: this.app.account.token,
                headers: { "Content-Type": "image/jpeg" },
                body: await snapshot(this.video.el),
                patience: PATIENCE_MS,
            });
            if (!this.gone) {
                this.props.onCard(body.fields);
            }
        } catch (error) {
            this.state.problem =
                error instanceof NetworkProblem
                    ? _t("Reading a card needs a network. Scan its code, or type it.")
                    : error.message;
        } finally {
            this.state.busy = false;
        }
    }
}
