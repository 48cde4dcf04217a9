// @ts-check
/**
 * The one run that was started from this site in this browser, with the token that may extend and destroy it. It stays
 * in this site's storage and goes nowhere but to the server that gave it.
 */

/** @typedef {{ id: string, token: string, startedAt: number }} OwnRun */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Store */

/** For so long after its start a server may not have heard of a run yet. */
const NEWS_MS = 10_000;

/** @param {unknown} found @returns {OwnRun | null} null for what cannot be one */
const parsed = (found) => {
  const { id, token, startedAt } = /** @type {Record<string, unknown>} */ (found ?? {});
  if (typeof id !== 'string' || typeof token !== 'string' || typeof startedAt !== 'number') return null;
  return { id, token, startedAt };
};

/**
 * @param {string} server
 * @param {() => Store} storeOf may throw: a browser can refuse storage, then the run is known as long as the page lasts
 */
export const createOwnRun = (server, storeOf) => {
  const key = `live-demo-button ${server}`;
  /** @type {OwnRun | null} */
  let held = null;

  /** @param {(store: Store) => void} use */
  const withStore = (use) => {
    try {
      use(storeOf());
    } catch {
      // What this page itself remembers is all there is.
    }
  };

  const read = () => {
    withStore((store) => {
      held = parsed(JSON.parse(store.getItem(key) ?? 'null'));
    });
    return held;
  };

  const drop = () => {
    held = null;
    withStore((store) => store.removeItem(key));
  };

  return {
    /** @param {OwnRun} run */
    keep: (run) => {
      held = run;
      withStore((store) => store.setItem(key, JSON.stringify(run)));
    },
    /**
     * The own run, unless it is over: then it is forgotten, with its token.
     *
     * @param {string | null} runningId what runs now, as the server last said; null for nothing
     * @param {number} saidAt when that was; an older word cannot know of a later run
     * @returns {OwnRun | null}
     */
    current: (runningId, saidAt) => {
      const run = read();
      if (run === null || run.id === runningId || saidAt - run.startedAt < NEWS_MS) return run;
      drop();
      return null;
    },
  };
};
