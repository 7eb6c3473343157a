import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { sha256OfBytes } from "../core/sha256";

const LINE_PX = 2.6;

/** A field to write one's name in with a finger. The parent asks for the picture. */
export class SignaturePad extends Component {
    static template = "field_base.app.Signature";
    static props = { onChange: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ empty: true });
        onMounted(() => this.clear());
    }

    clear() {
        const canvas = this.canvas.el;
        const box = canvas.getBoundingClientRect();
        const ratio = window.devicePixelRatio || 1;
        [canvas.width, canvas.height] = [box.width * ratio, box.height * ratio];
        this.context = canvas.getContext("2d");
        this.context.scale(ratio, ratio);
        this.context.fillStyle = "#fff";
        this.context.fillRect(0, 0, box.width, box.height);
        Object.assign(this.context, { lineWidth: LINE_PX, lineCap: "round", strokeStyle: "#111" });
        this.state.empty = true;
        this.props.onChange(null);
    }

    point(ev) {
        const box = this.canvas.el.getBoundingClientRect();
        return [ev.clientX - box.x, ev.clientY - box.y];
    }

    down(ev) {
        this.canvas.el.setPointerCapture(ev.pointerId);
        this.context.beginPath();
        this.context.moveTo(...this.point(ev));
        this.drawing = true;
    }

    move(ev) {
        if (this.drawing) {
            this.context.lineTo(...this.point(ev));
            this.context.stroke();
            this.state.empty = false;
        }
    }

    async up() {
        this.drawing = false;
        if (!this.state.empty) {
            this.props.onChange(await this.read());
        }
    }

    async read() {
        const mime = "image/png";
        const blob = await new Promise((resolve) => this.canvas.el.toBlob(resolve, mime));
        const bytes = await blob.arrayBuffer();
        return { bytes, sha256: await sha256OfBytes(bytes), mime };
    }
}
