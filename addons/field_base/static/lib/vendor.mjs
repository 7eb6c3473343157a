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

/** The package names its licence (BSD-3-Clause) but does not carry the text. */
const BSD3_PROTOMAPS = `Copyright (c) Protomaps LLC. All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted
provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions
   and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of
   conditions and the following disclaimer in the documentation and/or other materials provided
   with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors may be used to
   endorse or promote products derived from this software without specific prior written
   permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR
IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR
CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER
IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT
OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

It contains fflate, Copyright (c) Arjun Barrett, under the MIT licence.
`;
/** Libraries copied as they are. */
const LIBRARIES = {
    leaflet: {
        version: "1.9.4",
        files: ["LICENSE", "dist/leaflet.js", "dist/leaflet.css", "dist/images"],
    },
    dexie: { version: "4.4.7", files: ["LICENSE", "NOTICE", "dist/dexie.min.js"] },
    supercluster: { version: "9.1.0", files: ["LICENSE", "dist/supercluster.min.js"] },
    "geojson-vt": { version: "4.0.3", files: ["LICENSE", "geojson-vt.js"] },
    "leaflet.heat": { version: "0.2.0", files: ["LICENSE", "dist/leaflet-heat.js"] },
    "@geoman-io/leaflet-geoman-free": {
        version: "2.20.2",
        files: ["LICENSE", "dist/leaflet-geoman.min.js", "dist/leaflet-geoman.css"],
    },
    pmtiles: { version: "4.5.0", files: ["dist/pmtiles.js"], licence: BSD3_PROTOMAPS },
    "protomaps-leaflet": { version: "5.1.0", files: ["LICENSE", "dist/protomaps-leaflet.js"] },
};
/** Packages used here only, to make natural_earth/land.json. */
const DATA_TOOLS = {
    // land-10m for the base map, countries-10m for the border of mainland China
    "world-atlas": "2.0.2",
    "topojson-client": "3.1.0",
    "topojson-simplify": "3.0.3",
};

/** Share of the coastline's points that is kept: the file stays below 700 kB. */
const KEEP_POINTS = 0.21;
/** Share kept of the border of mainland China, which decides where maps are shifted. */
const KEEP_BORDER = 0.3;
/** Islands below this area (square degrees) are left out: 2 km round the coast counts anyway. */
const SMALLEST_ISLAND = 0.0002;
const MAINLAND_CHINA = "156";
/**
 * Made by hand, as [lat, lng]: the official line is finer than the data at the Shenzhen River,
 * at Macau and at towns whose river is the border. `special` and `abroad` are asked first.
 */
const BORDER_OVERRIDES = {
    special: [
        // Hong Kong: Deep Bay, Shenzhen River, Sha Tau Kok, Mirs Bay, open sea
        [
            [22.43, 113.87], [22.465, 113.93], [22.49, 113.965], [22.503, 113.995],
            [22.504, 114.02], [22.512, 114.04], [22.516, 114.058], [22.5165, 114.07],
            [22.5155, 114.08], [22.52, 114.09], [22.527, 114.1], [22.53, 114.108],
            [22.5302, 114.114], [22.534, 114.12], [22.5375, 114.128], [22.543, 114.14],
            [22.55, 114.15], [22.553, 114.16], [22.553, 114.175], [22.5505, 114.19],
            [22.549, 114.205], [22.5455, 114.222], [22.547, 114.232], [22.553, 114.25],
            [22.56, 114.3], [22.56, 114.35], [22.5, 114.45], [22.4, 114.5],
            [22.14, 114.5], [22.14, 113.83], [22.3, 113.83],
        ],
        // Macau: the peninsula up to the Border Gate, Taipa, Coloane
        [
            [22.2165, 113.545], [22.2165, 113.556], [22.213, 113.57], [22.2, 113.6],
            [22.1, 113.62], [22.1, 113.555], [22.125, 113.546], [22.14, 113.546],
            [22.16, 113.545], [22.185, 113.532], [22.205, 113.536], [22.212, 113.541],
        ],
    ],
    abroad: [
        // Mong Cai, opposite Dongxing
        [
            [21.535, 107.93], [21.539, 107.955], [21.539, 107.975], [21.53, 107.99],
            [21.515, 108.02], [21.48, 108.02], [21.48, 107.93],
        ],
        // Sinuiju, opposite Dandong
        [
            [40.08, 124.35], [40.105, 124.372], [40.1135, 124.39], [40.12, 124.41],
            [40.125, 124.43], [40.09, 124.45], [40.06, 124.4],
        ],
    ],
    inside: [
        // Hengqin
        [[22.15, 113.48], [22.15, 113.54], [22.09, 113.54], [22.09, 113.48]],
        // Yantian
        [
            [22.61, 114.22], [22.61, 114.33], [22.565, 114.33], [22.556, 114.25],
            [22.556, 114.22],
        ],
    ],
};
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

/** Twice the area is what the sum gives; only the size matters here. */
function ringArea(ring) {
    const twice = ring
        .slice(1)
        .reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
    return Math.abs(twice / 2);
}

/** Google's polyline code of [lat, lng] points, in 1/SCALE degree: short, and one string. */
function encodePolyline(points) {
    let code = "";
    let last = [0, 0];
    for (const point of points.map((pair) => pair.map((degrees) => Math.round(degrees * SCALE)))) {
        for (const i of [0, 1]) {
            const step = point[i] - last[i];
            let bits = step < 0 ? ~(step << 1) : step << 1;
            for (; bits >= 0x20; bits >>= 5) {
                code += String.fromCharCode((0x20 | (bits & 0x1f)) + 63);
            }
            code += String.fromCharCode(bits + 63);
        }
        last = point;
    }
    return code;
}

/** Mainland China as Natural Earth draws it, for arithmetic only: it is never drawn. */
function buildChina(require) {
    const { feature } = require("topojson-client");
    const { presimplify, quantile, simplify } = require("topojson-simplify");
    const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-10m.json")));
    let topology = presimplify(atlas);
    topology = simplify(topology, quantile(topology, KEEP_BORDER));
    const country = topology.objects.countries.geometries.find(({ id }) => id === MAINLAND_CHINA);
    const rings = feature(topology, country)
        .geometry.coordinates.map(([outer]) => outer)
        .filter((ring) => ringArea(ring) > SMALLEST_ISLAND)
        .map((ring) => ring.map(([lng, lat]) => [lat, lng]));
    const encodeAll = (list) => list.map(encodePolyline);
    return {
        land: encodeAll(rings),
        special: encodeAll(BORDER_OVERRIDES.special),
        abroad: encodeAll(BORDER_OVERRIDES.abroad),
        inside: encodeAll(BORDER_OVERRIDES.inside),
    };
}

const CHINA_HEADER = `/**
 * Made by static/lib/vendor.mjs from Natural Earth (public domain): rings of mainland China in
 * Google's polyline code, 1/${SCALE} degree. It decides where maps are shifted; it is not drawn.
 */
`;

/** The same data for Python (JSON) and for the browser (a module, laid out as prettier does). */
function writeChina(require) {
    const china = buildChina(require);
    writeFileSync(join(HERE, "natural_earth/china.json"), JSON.stringify(china));
    const lists = Object.entries(china).map(
        ([name, codes]) =>
            `    ${name}: [\n${codes
                .map((code) => `        ${JSON.stringify(code)},\n`)
                .join("")}    ],\n`
    );
    const module = `${CHINA_HEADER}export const CHINA = {\n${lists.join("")}};\n`;
    writeFileSync(join(HERE, "../src/map/china.js"), module);
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
        for (const [name, { version, files, licence }] of Object.entries(LIBRARIES)) {
            const target = join(HERE, name.replace(/^@.*\//, ""));
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
            if (licence) {
                writeFileSync(join(target, "LICENSE"), licence);
            }
            writeFileSync(join(target, "VERSION"), `${version}\n`);
        }
        const earth = join(HERE, "natural_earth");
        mkdirSync(earth, { recursive: true });
        const land = buildLand(createRequire(join(work, "package.json")));
        writeFileSync(join(earth, "land.json"), land);
        writeFileSync(join(earth, "VERSION"), `world-atlas ${DATA_TOOLS["world-atlas"]}\n`);
        writeChina(createRequire(join(work, "package.json")));
        cpSync(join(work, "node_modules/world-atlas/LICENSE"), join(earth, "LICENSE"));
        process.stdout.write(`land.json: ${Math.round(land.length / 1000)} kB\n`);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

main();
