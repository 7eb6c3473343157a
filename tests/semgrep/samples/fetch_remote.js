export async function load(path) {
    // ruleid: field-fetch-remote
    await fetch("https://example.com/tiles.json");
    // ruleid: field-fetch-remote
    await loadJS("//example.com/map.js");
    // ok: field-fetch-remote
    await fetch("/field/api/v1/health");
    // ok: field-fetch-remote
    await fetch(path);
}
