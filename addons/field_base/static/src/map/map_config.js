/**
 * Which base maps there are, the best first: see `field.map.provider._get_client_config`. The web
 * client has it from the session, the phone app from what it has kept.
 */
let config = null;

/** @returns {{providers: object[], navigation_app: string | false}} */
export function getMapConfig() {
    return config || { providers: [], navigation_app: false };
}

/** @param {object | null} values as `getMapConfig` gives them; null for the built-in map */
export function setMapConfig(values) {
    config = values;
}
