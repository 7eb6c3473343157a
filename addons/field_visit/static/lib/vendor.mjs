// Fetches the face match (library and models) of this folder from npm, at the versions below.
// Run it anywhere with Node >= 18 and npm:   node vendor.mjs
// See README.md for where the models come from.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "face-api");
const LIBRARY = "@vladmandic/face-api";
const VERSION = "1.7.15";
/** The arithmetic of the same TensorFlow.js as in the library, as WebAssembly. */
const WASM = "@tensorflow/tfjs-backend-wasm";
const WASM_VERSION = "4.22.0";
/** TensorFlow.js comes without the text of its licence (Apache-2.0), which is here already. */
const APACHE = join(HERE, "../../../field_base/static/lib/dexie/LICENSE");
/** The smallest that does it: find a face, find its points, describe it. */
const MODELS = ["tiny_face_detector_model", "face_landmark_68_tiny_model", "face_recognition_model"];

const files = {
    [LIBRARY]: [
        "LICENSE",
        "dist/face-api.js",
        ...MODELS.flatMap((name) => [
            `model/${name}-weights_manifest.json`,
            `model/${name}.bin`,
        ]),
    ],
    [WASM]: ["wasm-out/tfjs-backend-wasm.wasm", "wasm-out/tfjs-backend-wasm-simd.wasm"],
};

const work = mkdtempSync(join(tmpdir(), "field-vendor-"));
try {
    writeFileSync(join(work, "package.json"), '{"private": true}');
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const wanted = [`${LIBRARY}@${VERSION}`, `${WASM}@${WASM_VERSION}`];
    execFileSync(
        npm,
        ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=peer", ...wanted],
        { cwd: work, stdio: "inherit" }
    );
    rmSync(TARGET, { recursive: true, force: true });
    mkdirSync(TARGET, { recursive: true });
    for (const [name, paths] of Object.entries(files)) {
        for (const path of paths) {
            cpSync(join(work, "node_modules", name, path), join(TARGET, path.split("/").at(-1)));
        }
    }
    cpSync(APACHE, join(TARGET, "LICENSE.tensorflow"));
    writeFileSync(join(TARGET, "VERSION"), `${VERSION}\n`);
} finally {
    rmSync(work, { recursive: true, force: true });
}
