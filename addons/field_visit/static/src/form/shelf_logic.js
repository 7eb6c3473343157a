/**
 * The shelf of a customer against its standard; twin of tools/shelf.py, which says what is what.
 * Both are tested on shelf_vectors.json.
 */

export function isPresent(count) {
    return Boolean(count && ((count.qty || 0) > 0 || (count.facings || 0) > 0));
}

function fits(line, price) {
    return price >= line.from && (!line.to || price <= line.to);
}

const isRead = (price) => price !== null && price !== undefined;

const SHARES = {
    present: (lines, of) =>
        lines.filter(({ must }) => must).map((line) => Number(isPresent(of(line)))),
    facings: (lines, of) =>
        lines
            .filter(({ facings }) => facings)
            .map((line) => Math.min(1, (of(line).facings || 0) / line.facings)),
    price: (lines, of) =>
        lines
            .filter((line) => (line.from || line.to) && isRead(of(line).price))
            .map((line) => Number(fits(line, of(line).price))),
    stock: (lines, of) =>
        lines
            .filter(({ target }) => target)
            .map((line) => Math.min(1, (of(line).qty || 0) / line.target)),
};

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** @param {Object} counted `{product id: {qty, facings, price}}` */
export function score(lines, weights, counted) {
    const of = ({ product_id }) => counted[product_id] || {};
    let points = 0;
    let most = 0;
    for (const [name, share] of Object.entries(SHARES)) {
        const shares = share(lines, of);
        const weight = weights[name] || 0;
        if (weight && shares.length) {
            points += (weight * sum(shares)) / shares.length;
            most += weight;
        }
    }
    return most ? Math.floor((100 * points) / most + 0.5) : 0;
}

/**
 * @param {string} [limit] a use-by date up to this day, YYYY-MM-DD, is too near
 * @returns {Array} `[[product id, what]]`
 */
export function gaps(lines, counted, limit) {
    const found = [];
    for (const line of lines) {
        const count = counted[line.product_id] || {};
        if (line.must && !isPresent(count)) {
            found.push([line.product_id, "missing"]);
        } else if (count.qty === 0) {
            found.push([line.product_id, "out"]);
        } else if (line.facings && (count.facings || 0) < line.facings) {
            found.push([line.product_id, "facings"]);
        }
        if (isRead(count.price) && !fits(line, count.price)) {
            found.push([line.product_id, "price"]);
        }
        if (limit && count.until && count.until <= limit) {
            found.push([line.product_id, "expiry"]);
        }
    }
    return found;
}

/** @returns {Object} `{product id: how many are missing to the target}` */
export function suggested(lines, counted) {
    const found = {};
    for (const line of lines) {
        const have = counted[line.product_id]?.qty || 0;
        if (line.target > have) {
            found[line.product_id] = line.target - have;
        }
    }
    return found;
}

/**
 * @param {Array} own `[[group, facings]]`, a group as often as it has products
 * @param {Object} others `{group: facings}`, only groups where they were counted
 * @returns {Object} `{group: [our facings, all facings]}`
 */
export function shares(own, others) {
    const found = {};
    for (const [group, facings] of Object.entries(others)) {
        const ours = sum(own.filter(([one]) => one === Number(group)).map(([, count]) => count));
        if (ours + facings) {
            found[group] = [ours, ours + facings];
        }
    }
    return found;
}

/** Percent of ours over several groups; null where nothing stands. */
export function share(pairs) {
    const every = sum(pairs.map(([, all]) => all));
    return every ? Math.floor((100 * sum(pairs.map(([ours]) => ours))) / every + 0.5) : null;
}
