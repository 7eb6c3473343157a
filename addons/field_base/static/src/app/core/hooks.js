import {
    onMounted,
    onWillDestroy,
    onWillStart,
    onWillUnmount,
    useEffect,
    useEnv,
    useState,
} from "@odoo/owl";
import { serverNow } from "./clock";
import { observe } from "./database";
import { whenIdle } from "./phone";
import { mayLocate, needsConsent } from "./rules";

export function useApp() {
    return useEnv().app;
}

/** The app's state, followed. */
export function useAppState() {
    return useState(useEnv().app.state);
}

/**
 * The answer of a database query, which follows the database: what another tab or the sync writes
 * is shown at once.
 *
 * @param {(db: Object) => Promise<any>} query
 * @returns {{value: any}}
 */
export function useQuery(query) {
    const app = useApp();
    const box = useState({ value: undefined });
    let subscription = null;
    const follow = (known) => {
        subscription = observe(
            () => query(app.account.db),
            (value) => {
                box.value = value;
                known?.();
            }
        );
    };
    onWillStart(async () => {
        const early = app.takeEarly(query);
        if (early) {
            box.value = await early;
        } else {
            await new Promise(follow);
        }
    });
    let gone = false;
    onMounted(() => !subscription && whenIdle(() => gone || follow()));
    onWillDestroy(() => {
        gone = true;
        subscription?.unsubscribe();
    });
    return box;
}

/**
 * The position, for as long as the component is on the screen and the rules allow it.
 *
 * @param {boolean} [asked] the person has just tapped for it: then the phone's own question may come
 *     up, and a check-in outside of working time may have its place
 */
export function useLocation(asked = false) {
    const app = useApp();
    const { location } = app;
    const state = useState(location.state);
    const whole = useState(app.state);
    useEffect(
        (allowed) => (allowed ? location.use() : location.forget()),
        () => {
            const { me } = whole;
            const granted = state.permission === "granted";
            return [asked ? !needsConsent(me) : granted && mayLocate(me)];
        }
    );
    return state;
}

/** A component that is drawn again each minute: how long something lasts, by the server's clock. */
export function useMinute() {
    const now = () => serverNow().getTime();
    const state = useState({ now: now() });
    let timer = null;
    onMounted(() => (timer = setInterval(() => (state.now = now()), 30000)));
    onWillUnmount(() => clearInterval(timer));
    return state;
}
