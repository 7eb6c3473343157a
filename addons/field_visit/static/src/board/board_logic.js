/** What the board shows of what the server gave, without a screen. */

/** Visits by person and day: ``key(person, day)`` to the cards in their order. */
export const key = (person, day) => `${person}|${day}`;

export function cardsByCell(visits) {
    const cells = new Map();
    for (const visit of visits) {
        const cell = key(visit.user_id, visit.date);
        cells.set(cell, [...(cells.get(cell) || []), visit]);
    }
    return cells;
}

/** Minutes of the visits of a cell, and whether they are more than the working hours. */
export function loadOf(cards, { kind, hours }) {
    const minutes = cards
        .filter(({ state }) => state !== "missed")
        .reduce((sum, card) => sum + card.minutes, 0);
    const room = kind === "work" ? 60 * hours : 0;
    return { minutes, isOver: minutes > room && minutes > 0 };
}

/** 95 becomes "1:35". */
export const clock = (minutes) =>
    `${Math.floor(minutes / 60)}:${String(Math.round(minutes % 60)).padStart(2, "0")}`;

const isPlaced = ({ lat, lng }) => Boolean(lat || lng);

/** The day on the map: its visits numbered along each person's way, and who waits for one. */
export function dayOnMap({ people, cells, day, due, colors, chosen, selected, person }) {
    const markers = [];
    const lines = [];
    for (const { id, name } of people) {
        if (person && person !== id) {
            continue;
        }
        const cards = (cells.get(key(id, day)) || []).filter(isPlaced);
        const color = colors.get(String(id));
        for (const [index, card] of cards.entries()) {
            const isSelected = card.id === selected;
            markers.push({
                id: `v${card.id}`,
                lat: card.lat,
                lng: card.lng,
                color,
                label: String(index + 1),
                title: `${card.name} · ${name}`,
                shape: isSelected ? "pin" : "dot",
                selected: isSelected,
            });
        }
        if (cards.length > 1) {
            lines.push({ points: cards.map(({ lat, lng }) => [lat, lng]), color, weight: 3 });
        }
    }
    for (const one of due.filter(isPlaced)) {
        if (!person || person === one.user_id) {
            const shape = chosen.has(one.id) ? "pin" : "dot";
            const color = chosen.has(one.id) ? "#d4515e" : "#8b95a1";
            const { lat, lng, name: title } = one;
            markers.push({ id: `c${one.id}`, lat, lng, title, shape, color, size: 0.3 });
        }
    }
    return { markers, lines };
}
