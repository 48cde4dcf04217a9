import { putLatest } from './put-latest.ts';
import type { Target, Views } from './requests.ts';
import type { PublicView } from './view.ts';

/** So many views are held; the one that was made first goes first. */
const MOST_VIEWS = 100;

interface HeldView {
  readonly of: object | null;
  readonly view: Promise<PublicView | null>;
  /** The view once it is made. */
  made: PublicView | null;
}

/** One key for each target, for maps. */
export const targetKey = (target: Target): string => (target.kind === 'current' ? target.kind : target.id);

/**
 * Makes every view once for each read of the record, however many ask: whoever asks again gets the same object. Its
 * clock stands still meanwhile, for a second at most.
 */
export const oncePerReading = (
  reading: () => object | null,
  make: (target: Target) => Promise<PublicView | null>,
): Pick<Views, 'view' | 'glance'> => {
  const held = new Map<string, HeldView>();
  const known = (target: Target): HeldView | null => {
    const found = held.get(targetKey(target));
    return found?.of != null && found.of === reading() ? found : null;
  };
  const begin = (target: Target): Promise<PublicView | null> => {
    const key = targetKey(target);
    const view = make(target);
    // It began with a read of the record, or with the one that is held.
    const begun: HeldView = { of: reading(), view, made: null };
    putLatest(held, key, begun, MOST_VIEWS);
    const forget = (): void => {
      if (held.get(key) === begun) held.delete(key);
    };
    view.then((found) => {
      begun.made = found;
      // What is not found may come to be.
      if (found === null) forget();
    }, forget);
    return view;
  };
  return {
    view: (target) => known(target)?.view ?? begin(target),
    glance: (target) => known(target)?.made ?? null,
  };
};
