/* global L, pmtiles, protomapsL */

/**
 * The streets under a map, as a provider gives them. Each provider becomes one or two Leaflet
 * layers; what fails is reported once, and the map goes on with the next provider, at last with
 * what is built in.
 */

import { loadBundle } from "@web/core/assets";
import { createBaiduCrs, createBaiduLayer } from "./baidu_crs";

/** So many tiles in a row without a single good one, or nothing at all for so long. */
const MOST_ERRORS = 4;
const SILENCE_MS = 3000;

/** @returns {L.CRS} the grid of the provider's tiles */
export function crsOf(provider) {
    return provider?.kind === "raster" && provider.datum === "bd09"
        ? createBaiduCrs()
        : L.CRS.EPSG3857;
}

function createRasterLayer(provider, url) {
    const options = {
        subdomains: provider.subdomains || "abc",
        minZoom: provider.minZoom,
        maxNativeZoom: provider.maxZoom,
        maxZoom: 19,
        crossOrigin: false,
        referrerPolicy: "strict-origin-when-cross-origin",
        pane: "tilePane",
        // decorative for a screen reader: the list beside the map says what is there
        alt: "",
    };
    return provider.datum === "bd09" ? createBaiduLayer(url, options) : L.tileLayer(url, options);
}

/**
 * Vector streets: no national or provincial boundaries, as on the built-in map. Nearer than the
 * package goes, what it has is drawn larger.
 */
function createVectorLayer(source, provider, { language, dark }) {
    const layer = protomapsL.leafletLayer({
        url: source,
        maxDataZoom: provider.maxZoom,
        flavor: dark ? "dark" : "light",
        lang: language,
        attribution: "",
        pane: "tilePane",
        maxZoom: 19,
    });
    layer.paintRules = layer.paintRules.filter(({ dataLayer }) => dataLayer !== "boundaries");
    return layer;
}

async function createPackageLayer(provider, options) {
    await loadBundle("field_base.assets_map_vector");
    const url = new URL(provider.url || "", location.origin).href;
    const source = new pmtiles.PMTiles(
        provider.blob
            ? new pmtiles.FileSource(provider.blob)
            : new pmtiles.FetchSource(url, new Headers(provider.headers || {}))
    );
    await source.getHeader(); // a package that cannot be read fails here
    return provider.tileType === "mvt"
        ? createVectorLayer(source, provider, options)
        : pmtiles.leafletRasterLayer(source, { maxNativeZoom: provider.maxZoom, maxZoom: 19 });
}

/**
 * @param {object} provider as `field.map.provider` prepares it; `blob` for a package that is kept
 *  on the phone, `headers` for asking with the phone's token
 * @param {{language: string, dark: boolean}} options
 * @returns {Promise<L.Layer[]>} from bottom to top
 */
export async function createProviderLayers(provider, options) {
    if (provider.kind === "pmtiles") {
        return [await createPackageLayer(provider, options)];
    }
    return [provider.url, provider.labelsUrl]
        .filter(Boolean)
        .map((url) => createRasterLayer(provider, url));
}

/**
 * Calls back once when a layer gives nothing: the provider is out of reach, or the key is wrong.
 *
 * @param {L.GridLayer} layer
 * @param {() => void} onFailure
 * @returns {() => void} stops watching
 */
export function watchLayer(layer, onFailure) {
    let errors = 0;
    let timer = null;
    const stop = () => {
        clearTimeout(timer);
        layer.off("tileload", stop);
        layer.off("tileerror", onError);
    };
    const fail = () => {
        stop();
        onFailure();
    };
    const onError = () => {
        if (++errors >= MOST_ERRORS) {
            fail();
        }
    };
    layer.on("tileload", stop);
    layer.on("tileerror", onError);
    timer = setTimeout(fail, SILENCE_MS);
    return stop;
}
