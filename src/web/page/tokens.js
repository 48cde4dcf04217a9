// @ts-check
/** The control tokens of the demos that were started from this browser. They stay in it and go only to our API. */

const STORAGE_KEY = 'demo-control-tokens';
/** Demos live for hours, so the latest few are enough. */
const KEPT = 20;
const TOKEN = /^[\w.~+/=-]{1,256}$/;

/** @typedef {Pick<Storage, 'getItem' | 'setItem'>} Store */

/**
 * @param {() => Store} storeOf may throw: a browser can refuse storage, then the tokens last as long as the page
 */
export const createTokens = (storeOf) => {
  /** @type {[id: string, token: string][]} */
  let held = [];

  const load = () => {
    try {
      const found = JSON.parse(storeOf().getItem(STORAGE_KEY) ?? '[]');
      if (Array.isArray(found)) held = found.filter((entry) => Array.isArray(entry) && entry.length === 2);
    } catch {
      // What this page itself remembers is all there is.
    }
  };

  return {
    /** @param {string} id @returns {string | null} */
    of: (id) => {
      load();
      return held.find(([known]) => known === id)?.[1] ?? null;
    },
    /** Keeps a token; one that cannot be one of ours is ignored. @param {string} id @param {string} token */
    keep: (id, token) => {
      if (!TOKEN.test(token)) return;
      load();
      held = [...held.filter(([known]) => known !== id), /** @type {[string, string]} */ ([id, token])].slice(-KEPT);
      try {
        storeOf().setItem(STORAGE_KEY, JSON.stringify(held));
      } catch {
        // As above.
      }
    },
  };
};

/**
 * The token of an address like `/d/<id>#token=…`, or null.
 *
 * @param {string} fragment
 * @returns {string | null}
 */
export const tokenInFragment = (fragment) => new URLSearchParams(fragment.replace(/^#/, '')).get('token');
