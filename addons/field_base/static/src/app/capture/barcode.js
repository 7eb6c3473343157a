/* global ZXing */
import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { useApp } from "../core/hooks";
import { _t } from "../core/i18n";
import { loadJS } from "../core/loader";
import { Icon } from "../ui/icon";

const ZXING = "/web/static/lib/zxing-library/zxing-library.js";
const LOOK_MS = 200;

/** The phone's own reader where there is one, else the one that comes with Odoo. */
async function makeReader() {
    if ("BarcodeDetector" in window) {
        try {
            const detector = new window.BarcodeDetector();
            return async (video) => (await detector.detect(video))[0]?.rawValue;
        } catch {
            // announced, but not there on this system
        }
    }
    await loadJS(ZXING);
    const reader = new ZXing.BrowserMultiFormatReader();
    return async (video) => {
        try {
            return reader.decode(video).getText();
        } catch {
            return undefined; // it throws when it sees none
        }
    };
}

export class BarcodeScanner extends Component {
    static template = "field_base.app.Barcode";
    static components = { Icon };
    static props = { onCode: Function, close: Function };

    setup() {
        this.app = useApp();
        this.video = useRef("video");
        this.state = useState({ problem: "" });
        onMounted(() => this.start());
        onWillUnmount(() => this.stop());
    }

    async start() {
        try {
            this.stream = await navigator.mediaDevices.getUserMedia({
                video: { facingMode: "environment" },
            });
            const read = await makeReader();
            if (this.stopped) {
                this.stop();
                return;
            }
            this.video.el.srcObject = this.stream;
            await this.video.el.play();
            this.look(read);
        } catch {
            this.state.problem = _t("The camera does not start. Type the code instead.");
        }
    }

    look(read) {
        this.timer = setTimeout(async () => {
            const code = await read(this.video.el);
            if (this.stopped) {
                return;
            }
            if (code) {
                this.props.onCode(code);
            } else {
                this.look(read);
            }
        }, LOOK_MS);
    }

    stop() {
        this.stopped = true;
        clearTimeout(this.timer);
        this.stream?.getTracks().forEach((track) => track.stop());
    }
}
