/** What can be said of faces without a camera or a model. */

/** Of 255; below it the camera sees next to nothing. */
const DARK = 40;
/** Share of the picture's shorter edge that a face must have to be compared. */
const SMALLEST = 0.2;

/** What is wrong with what was found in a picture: `dark`, `none`, `several`, `small` or nothing. */
export function judgeFaces(boxes, { width, height, light }) {
    if (light < DARK) {
        return "dark";
    }
    if (!boxes.length) {
        return "none";
    }
    if (boxes.length > 1) {
        return "several";
    }
    return boxes[0].width < SMALLEST * Math.min(width, height) ? "small" : "";
}

/** How far two faces are from each other: 0 is the same picture. */
export function distanceOf(one, other) {
    if (!one?.length || one.length !== other?.length) {
        return Infinity;
    }
    return Math.sqrt(one.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0));
}
