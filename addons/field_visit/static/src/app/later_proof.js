/** Proofs that are added after the check-out; twin of field_visit_later_proof.py on the server. */

import { formatTime, parseServer, serverNow } from "@field_base/app/core/clock";
import { _t } from "@field_base/app/core/i18n";

const LATER = ["photo", "selfie", "code", "word", "signature", "storefront", "face"];
const HOUR_MS = 3600000;

/** Until when, in milliseconds; 0 where nothing can be added any more. */
function proofUntil({ state, checkOut, proof_until: until }, { truth_hours: hours }) {
    if (state !== "done" || !checkOut) {
        return 0;
    }
    // what the office said; until it has, what it will say
    return until ? parseServer(until).getTime() : checkOut.getTime() + (hours || 0) * HOUR_MS;
}

export function mayAddProof(visit, { kind, state }, policy) {
    const isOpen = state === "todo" && LATER.includes(kind);
    return isOpen && serverNow() <= proofUntil(visit, policy);
}

/** What can still be done about this visit, in a sentence; "" for nothing. */
export function laterProofText(visit, policy) {
    if (!visit.steps.some((step) => mayAddProof(visit, step, policy))) {
        return "";
    }
    return _t("You can add proofs until %(time)s; so long only you read the score.", {
        time: formatTime(new Date(proofUntil(visit, policy))),
    });
}
