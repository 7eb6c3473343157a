/** Zones as the map draws them: circles and closed outlines. */

export const ZONE_COLOR = "#7a5195";

export const zoneCircles = (zones) =>
    zones
        .filter(({ radius }) => radius)
        .map(({ lat, lng, radius, name }) => ({
            lat,
            lng,
            radius,
            color: ZONE_COLOR,
            title: name,
        }));

export const zoneLines = (zones) =>
    zones
        .filter(({ corners }) => corners?.length)
        .map(({ corners, name }) => ({
            points: [...corners, corners[0]],
            color: ZONE_COLOR,
            weight: 2,
            title: name,
        }));
