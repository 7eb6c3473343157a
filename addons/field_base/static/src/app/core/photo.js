/**
 * From a live picture to a proof. The picture is kept and sent as the camera gave it, with its hash.
 * The watermark is drawn on copies: here for the representative, on the server for everybody else.
 */

import { sha256OfBytes } from "./sha256";

const LONGEST_PX = 1600;
/** The first that makes a file of the size that is meant; the last one is taken in any case. */
const QUALITIES = [0.8, 0.7, 0.6, 0.5];
const MEANT_BYTES = 250 * 1024;
const HASH_SIDE = 8;

function scaled(width, height, longest) {
    const factor = Math.min(1, longest / Math.max(width, height));
    return [Math.round(width * factor), Math.round(height * factor)];
}

/** Lines at the lower edge, dark below and light above, readable on any picture. */
export function stamp(context, width, height, lines) {
    const size = Math.max(18, Math.round(width / 42));
    const pitch = Math.round(size * 1.35);
    const top = height - pitch * lines.length - size;
    const shade = context.createLinearGradient(0, top - size, 0, height);
    shade.addColorStop(0, "rgba(0, 0, 0, 0)");
    shade.addColorStop(0.35, "rgba(0, 0, 0, 0.55)");
    shade.addColorStop(1, "rgba(0, 0, 0, 0.7)");
    context.fillStyle = shade;
    context.fillRect(0, top - size, width, height);
    context.fillStyle = "#fff";
    context.textBaseline = "top";
    lines.forEach((line, i) => {
        context.font = `${i ? 500 : 700} ${size}px system-ui, sans-serif`;
        context.fillText(line, size, top + size / 2 + i * pitch, width - 2 * size);
    });
}

/** Difference hash: 64 bits that stay the same when a picture is saved or scaled again. */
export function perceptualHash(source, width, height) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [HASH_SIDE + 1, HASH_SIDE];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, width, height, 0, 0, HASH_SIDE + 1, HASH_SIDE);
    const { data } = context.getImageData(0, 0, HASH_SIDE + 1, HASH_SIDE);
    const grey = (x, y) => {
        const i = (y * (HASH_SIDE + 1) + x) * 4;
        return data[i] * 0.299 + data[i + 1] * 0.587 + data[i + 2] * 0.114;
    };
    let bits = "";
    for (let y = 0; y < HASH_SIDE; y++) {
        for (let x = 0; x < HASH_SIDE; x++) {
            bits += grey(x, y) < grey(x + 1, y) ? "1" : "0";
        }
    }
    return BigInt(`0b${bits}`).toString(16).padStart(16, "0");
}

async function jpeg(canvas) {
    let blob = null;
    for (const quality of QUALITIES) {
        blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (blob.size <= MEANT_BYTES) {
            break;
        }
    }
    return blob;
}

/**
 * @param {HTMLVideoElement|HTMLCanvasElement} video live, or a moment of it that was held
 * @param {number} [longest] edge in pixels, as the policy has it
 * @returns {Promise<{bytes: ArrayBuffer, sha256: string, phash: string, mime: string}>}
 */
export async function takePhoto(video, longest = LONGEST_PX) {
    const [wide, high] = [video.videoWidth || video.width, video.videoHeight || video.height];
    const [width, height] = scaled(wide, high, longest);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, width, height);
    const phash = perceptualHash(canvas, width, height);
    const bytes = await (await jpeg(canvas)).arrayBuffer();
    return { bytes, sha256: await sha256OfBytes(bytes), phash, mime: "image/jpeg" };
}

/**
 * A copy of a kept picture with its watermark, for the eyes of the representative.
 *
 * @param {ArrayBuffer} bytes
 * @param {string[]} lines
 * @returns {Promise<Blob>}
 */
export async function stampedCopy(bytes, lines) {
    const picture = await createImageBitmap(new Blob([bytes]));
    const { width, height } = picture;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    picture.close();
    stamp(context, width, height, lines);
    return jpeg(canvas);
}
