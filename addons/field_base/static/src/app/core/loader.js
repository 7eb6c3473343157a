import { config } from "./config";

const loaded = new Map();

function load(url, tag, attributes) {
    if (!loaded.has(url)) {
        const promise = new Promise((resolve, reject) => {
            const element = Object.assign(document.createElement(tag), attributes);
            element.onload = resolve;
            element.onerror = () => {
                loaded.delete(url);
                element.remove();
                reject(new Error(`${url} could not be loaded`));
            };
            document.head.append(element);
        });
        loaded.set(url, promise);
    }
    return loaded.get(url);
}

export function loadJS(url) {
    return load(url, "script", { src: url });
}

export function loadCSS(url) {
    return load(url, "link", { rel: "stylesheet", href: url });
}

function loadAll(urls = []) {
    return Promise.all(urls.map((url) => (url.endsWith(".css") ? loadCSS(url) : loadJS(url))));
}

/** Leaflet and our map, which come only when a map is looked at. */
export function loadMapBundle() {
    return loadAll(config.map);
}

/** A bundle by the name it has in the web client; a map package needs more than other maps. */
export function loadBundle(name) {
    return name === "field_base.assets_map_vector" ? loadAll(config.packages) : loadMapBundle();
}
