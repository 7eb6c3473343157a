// Fetches the third-party code and data of this folder from npm, at the versions below.
// Run it anywhere with Node >= 18 and npm:   node vendor.mjs
// See README.md for what each package is for.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Libraries copied as they are. */
const LIBRARIES = {
    leaflet: {
        version: "1.9.4",
        files: ["LICENSE", "dist/leaflet.js", "dist/leaflet.css", "dist/images"],
    },
    supercluster: { version: "9.1.0", files: ["LICENSE", "dist/supercluster.min.js"] },
    "geojson-vt": { version: "4.0.3", files: ["LICENSE", "geojson-vt.js"] },
};
/** Packages used here only, to make natural_earth/land.json. */
const DATA_TOOLS = {
    "world-atlas": "2.0.2",
    "topojson-client": "3.1.0",
    "topojson-simplify": "3.0.3",
};

/** Share of the coastline's points that is kept: the file stays below 700 kB. */
const KEEP_POINTS = 0.21;
/** Coordinates are kept in 1/1000 degree: about 100 m, finer than the data. */
const SCALE = 1000;

/**
 * The atlas lets rings jump from 180 to -180 degrees. A flat map needs them to go on
 * beyond 180; the one that goes round the pole (Antarctica) is closed along the pole.
 */
function unrollRing(ring) {
    const unrolled = [];
    let turn = 0;
    ring.forEach(([lng, lat], i) => {
        const step = i ? lng - ring[i - 1][0] : 0;
        turn -= Math.abs(step) > 180 ? 360 * Math.sign(step) : 0;
        unrolled.push([lng + turn, lat]);
    });
    const [[first], [last]] = [unrolled[0], unrolled[unrolled.length - 1]];
    if (Math.abs(last - first) > 180) {
        unrolled.push([last, -90], [first, -90], unrolled[0]);
    }
    return unrolled;
}

/**
 * Each ring becomes one flat list: its first point, then the differences to the
 * point before, in 1/SCALE degree. Differences are short numbers, so the plain
 * JSON is a third of the same GeoJSON.
 */
function encodeRing(ring) {
    const encoded = [];
    let [lastX, lastY] = [0, 0];
    for (const [lng, lat] of unrollRing(ring)) {
        const [x, y] = [Math.round(lng * SCALE), Math.round(lat * SCALE)];
        if (encoded.length && x === lastX && y === lastY) {
            continue;
        }
        encoded.push(x - lastX, y - lastY);
        [lastX, lastY] = [x, y];
    }
    return encoded;
}

function buildLand(require) {
    const { feature } = require("topojson-client");
    const { presimplify, quantile, simplify, filter, filterWeight } = require("topojson-simplify");
    const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/land-10m.json")));
    let topology = presimplify(atlas);
    const minWeight = quantile(topology, KEEP_POINTS);
    topology = filter(simplify(topology, minWeight), filterWeight(topology, minWeight));
    const land = feature(topology, topology.objects.land);
    const features = land.type === "FeatureCollection" ? land.features : [land];
    const polygons = features.flatMap(({ geometry }) =>
        geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates
    );
    const rings = polygons
        .map((polygon) => polygon.map(encodeRing).filter((ring) => ring.length >= 8))
        .filter((polygon) => polygon.length);
    return JSON.stringify({ scale: SCALE, polygons: rings });
}

function main() {
    const work = mkdtempSync(join(tmpdir(), "field-vendor-"));
    try {
        writeFileSync(join(work, "package.json"), '{"private": true}');
        const wanted = [
            ...Object.entries(LIBRARIES).map(([name, { version }]) => `${name}@${version}`),
            ...Object.entries(DATA_TOOLS).map(([name, version]) => `${name}@${version}`),
        ];
        const npm = process.platform === "win32" ? "npm.cmd" : "npm";
        execFileSync(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...wanted], {
            cwd: work,
            stdio: "inherit",
        });
        for (const [name, { version, files }] of Object.entries(LIBRARIES)) {
            const target = join(HERE, name);
            rmSync(target, { recursive: true, force: true });
            for (const file of files) {
                const to = join(target, file.replace(/^dist\//, ""));
                mkdirSync(dirname(to), { recursive: true });
                cpSync(join(work, "node_modules", name, file), to, { recursive: true });
            }
            // UMD builds end with the address of a source map that is not shipped.
            for (const file of files.filter((path) => path.endsWith(".js"))) {
                const path = join(target, file.replace(/^dist\//, ""));
                const code = readFileSync(path, "utf8");
                writeFileSync(path, code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
            }
            writeFileSync(join(target, "VERSION"), `${version}\n`);
        }
        const earth = join(HERE, "natural_earth");
        mkdirSync(earth, { recursive: true });
        const land = buildLand(createRequire(join(work, "package.json")));
        writeFileSync(join(earth, "land.json"), land);
        writeFileSync(join(earth, "VERSION"), `world-atlas ${DATA_TOOLS["world-atlas"]}\n`);
        cpSync(join(work, "node_modules/world-atlas/LICENSE"), join(earth, "LICENSE"));
        process.stdout.write(`land.json: ${Math.round(land.length / 1000)} kB\n`);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

main();
