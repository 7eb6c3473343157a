/**
 * SHA-256 of short texts, at once: within a transaction of IndexedDB nothing may be awaited but
 * the database itself, so WebCrypto cannot be asked. Files go to `sha256OfBytes`.
 */

const K = [];
const H0 = [];

function isPrime(n) {
    for (let i = 2; i * i <= n; i++) {
        if (n % i === 0) {
            return false;
        }
    }
    return true;
}

const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
for (let n = 2; K.length < 64; n++) {
    if (isPrime(n)) {
        if (H0.length < 8) {
            H0.push(fraction(Math.sqrt(n)));
        }
        K.push(fraction(Math.cbrt(n)));
    }
}

const rotate = (x, n) => (x >>> n) | (x << (32 - n));

function pad(bytes) {
    const size = ((bytes.length + 8) >> 6) * 64 + 64;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(size - 4, (bytes.length << 3) >>> 0);
    return view;
}

function schedule(view, offset, w) {
    for (let i = 0; i < 16; i++) {
        w[i] = view.getInt32(offset + i * 4);
    }
    for (let i = 16; i < 64; i++) {
        const [a, b] = [w[i - 15], w[i - 2]];
        const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
        const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
}

function compress(hash, w) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
        const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    return [a, b, c, d, e, f, g, h].map((value, i) => (hash[i] + value) | 0);
}

const hex = (numbers, width) =>
    [...numbers].map((n) => (n >>> 0).toString(16).padStart(width, "0")).join("");

/** @returns {string} 64 hex digits of the text's UTF-8 bytes */
export function sha256(text) {
    const view = pad(new TextEncoder().encode(text));
    const w = new Int32Array(64);
    let hash = H0;
    for (let offset = 0; offset < view.byteLength; offset += 64) {
        schedule(view, offset, w);
        hash = compress(hash, w);
    }
    return hex(hash, 8);
}

/** @param {ArrayBuffer} bytes */
export async function sha256OfBytes(bytes) {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), 2);
}
