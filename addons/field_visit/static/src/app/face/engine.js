/* global faceapi */
/**
 * Faces into numbers, on this phone and nowhere else. The library and its models are fetched when
 * somebody sets the face match up; from then on they lie on the phone.
 */

import { config } from "@field_base/app/core/config";
import { loadJS } from "@field_base/app/core/loader";
import { judgeFaces } from "@field_visit/face/face_logic";

const MODELS = {
    tinyFaceDetector: "tiny_face_detector_model",
    faceLandmark68TinyNet: "face_landmark_68_tiny_model",
    faceRecognitionNet: "face_recognition_model",
};
/** The detector sees a picture of this size: enough for a face that is held before the camera. */
const INPUT = 320;
const SURE = 0.5;
const LONGEST_PX = 640;

let ready = null;

/** What compares: another version makes other numbers. */
export function modelName() {
    const version = (config.asked?.face_script || "").split("?v=")[1] || "";
    return `face-api ${version}`;
}

async function fetchOnce(name) {
    const response = await fetch(config.asked[name]);
    if (!response.ok) {
        throw new Error(`${name}: ${response.status}`);
    }
    return response;
}

/** By hand, for the library's own way knows no version in an address. */
async function loadModel(net, name) {
    const [list, data] = await Promise.all([fetchOnce(`${name}_list`), fetchOnce(`${name}_data`)]);
    const [{ weights }] = await list.json();
    net.loadFromWeightMap(faceapi.tf.io.decodeWeights(await data.arrayBuffer(), weights));
}

async function load() {
    await loadJS(config.asked.face_script);
    const { tf, nets } = faceapi;
    const { face_wasm: plain, face_simd: simd } = config.asked;
    tf.setWasmPaths({
        "tfjs-backend-wasm.wasm": plain,
        "tfjs-backend-wasm-simd.wasm": simd,
        "tfjs-backend-wasm-threaded-simd.wasm": simd, // never asked for: pages are not isolated
    });
    await tf.setBackend("wasm");
    await tf.ready();
    await Promise.all(Object.entries(MODELS).map(([net, name]) => loadModel(nets[net], name)));
    keepFiles();
}

/** Also where the page was opened before there was a service worker. */
async function keepFiles() {
    const worker = await navigator.serviceWorker?.ready;
    worker?.active.postMessage("asked");
}

/** @returns {Promise} rejects where they are not on the phone yet and there is no network */
export function loadEngine() {
    ready ||= load().catch((error) => {
        ready = null;
        throw error;
    });
    return ready;
}

/** A moment of the video, small: what is compared is what is kept as the selfie. */
export function still(video, longest = 1920) {
    const { videoWidth: width, videoHeight: height } = video;
    const factor = Math.min(1, longest / Math.max(width, height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * factor), Math.round(height * factor)];
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas;
}

/** How light a picture is on average, 0 to 255. */
export function lightOf(canvas) {
    const small = document.createElement("canvas");
    [small.width, small.height] = [32, 32];
    const context = small.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, 32, 32);
    const { data } = context.getImageData(0, 0, 32, 32);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
        sum += data[i] * 0.299 + data[i + 1] * 0.587 + data[i + 2] * 0.114;
    }
    return sum / (data.length / 4);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<{problem: string, numbers?: number[]}>}
 */
export async function describeFace(canvas) {
    await loadEngine();
    const factor = Math.min(1, LONGEST_PX / Math.max(canvas.width, canvas.height));
    const [width, height] = [canvas.width * factor, canvas.height * factor].map(Math.round);
    const seen = document.createElement("canvas");
    [seen.width, seen.height] = [width, height];
    seen.getContext("2d").drawImage(canvas, 0, 0, width, height);
    const options = new faceapi.TinyFaceDetectorOptions({ inputSize: INPUT, scoreThreshold: SURE });
    const found = await faceapi
        .detectAllFaces(seen, options)
        .withFaceLandmarks(true)
        .withFaceDescriptors();
    const boxes = found.map(({ detection }) => detection.box);
    const problem = judgeFaces(boxes, { width, height, light: lightOf(seen) });
    return problem ? { problem } : { problem, numbers: [...found[0].descriptor] };
}
