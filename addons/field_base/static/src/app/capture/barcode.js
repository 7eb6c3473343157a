/* global ZXing */
import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { useApp } from "../core/hooks";
import { _t } from "../core/i18n";
import { loadJS } from "../core/loader";
import { Icon } from "../ui/icon";

const ZXING = "/web/static/lib/zxing-library/zxing-library.js";
const LOOK_MS = 200;
const WIDTH_PX = 1280; // the code of a business card has up to a hundred squares in a row

/** The phone's own reader; none where it is announced but cannot read codes of squares. */
async function ownReader() {
    try {
        const formats = await window.BarcodeDetector.getSupportedFormats?.();
        if (formats && !formats.includes("qr_code")) {
            return null;
        }
        const detector = new window.BarcodeDetector();
        return async (video) => (await detector.detect(video))[0]?.rawValue;
    } catch {
        return null;
    }
}

/** The reader that comes with Odoo; it lies on the phone, so it reads without a network too. */
async function odooReader() {
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

/** The phone's own reader where there is one that works, else the one that comes with Odoo. */
async function makeReader() {
    let reader = await ownReader();
    if (!reader) {
        return odooReader();
    }
    return async (video) => {
        try {
            return await reader(video);
        } catch {
            reader = await odooReader(); // the service behind it is missing on this system
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
                video: { facingMode: "environment", width: { ideal: WIDTH_PX } },
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
