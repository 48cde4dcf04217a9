import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { InventoryAnswer } from '../../src/lifecycle/observation.ts';
import type { Events } from './events.ts';

/** Something that costs money. */
interface Thing {
  /** So many more destroys leave it where it is. */
  survives: number;
  isDeleting: boolean;
}

/** A process that builds or destroys: a job of GitLab's, or a build of the second destroyer. */
export interface Process {
  readonly name: string;
  readonly deploymentId: string;
  isAlive: boolean;
}

interface Place {
  readonly things: Set<Thing>;
  /** What an inventory would have said, from when on; the latest last. */
  readonly history: { readonly at: Instant; readonly answer: InventoryAnswer }[];
  lock: { readonly holder: Process; readonly since: Instant; isStale: boolean } | null;
  readonly survives: number;
  readonly deletingMs: number;
}

export interface Cloud {
  /** Everything that exists, by deployment. */
  existing(): readonly string[];
  exists(deploymentId: string): boolean;
  answer(deploymentId: string, asOf: Instant): InventoryAnswer;
  build(process: Process): void;
  /** Begins to delete what can be deleted; it is gone after its time. Other things stay. */
  destroy(process: Process): void;
  /** What a person does who is told what is left. */
  removeByHand(): void;
  /**
   * Takes the lock of the state, or says that it is held. A process may break one that nobody holds, if it is old; one
   * that was told that every holder has ended breaks any.
   */
  lock(process: Process, isTold: boolean): boolean;
  /** `leaves`: it is killed and the lock stays behind. */
  unlock(process: Process, leaves: boolean): void;
  /** True while anything is in the way of a destroy. */
  isHard(deploymentId: string): boolean;
}

export interface CloudDeps {
  readonly events: Pick<Events<unknown>, 'now' | 'at'>;
  readonly hardness: () => { readonly survives: number; readonly deletingMs: number };
  readonly onBuilt: (process: Process) => void;
  readonly trace: (what: string) => void;
}

/** A lock of the state that is older than any job can be may be broken (design of `destroy.sh`). */
const BREAK_LOCK_AFTER_MS = 75 * 60_000;
/** What takes longer to be deleted is not as it should be. */
const SLOW_MS = 5 * 60_000;

/** Makes the account in which demos are built, with the locks of their states. */
export const createCloud = ({ events, hardness, onBuilt, trace }: CloudDeps): Cloud => {
  const places = new Map<string, Place>();

  const placeOf = (deploymentId: string): Place => {
    const known = places.get(deploymentId);
    if (known !== undefined) return known;
    const place: Place = { things: new Set(), history: [], lock: null, ...hardness() };
    places.set(deploymentId, place);
    return place;
  };

  const note = ({ things, history }: Place): void => {
    const isGoing = [...things].every(({ isDeleting }) => isDeleting);
    const answer = things.size === 0 ? 'empty' : isGoing ? 'deleting' : 'leftovers';
    history.push({ at: events.now(), answer });
  };

  return {
    existing: () => [...places].filter(([, { things }]) => things.size > 0).map(([id]) => id),
    exists: (deploymentId) => (places.get(deploymentId)?.things.size ?? 0) > 0,
    answer: (deploymentId, asOf) =>
      places.get(deploymentId)?.history.findLast(({ at }) => at <= asOf)?.answer ?? 'empty',

    build: (process) => {
      const place = placeOf(process.deploymentId);
      place.things.add({ survives: place.survives, isDeleting: false });
      note(place);
      trace(`${process.name} builds something of ${process.deploymentId.slice(-4)}`);
      onBuilt(process);
    },

    destroy: ({ deploymentId, name }) => {
      const place = placeOf(deploymentId);
      for (const thing of place.things) {
        if (thing.isDeleting) continue;
        if (thing.survives > 0) {
          thing.survives -= 1;
          continue;
        }
        thing.isDeleting = true;
        events.at(events.now() + place.deletingMs, () => {
          place.things.delete(thing);
          note(place);
          if (place.things.size === 0) trace(`nothing of ${deploymentId.slice(-4)} is left`);
        });
      }
      note(place);
      trace(`${name} destroys; ${place.things.size} on the way out or left`);
    },

    removeByHand: () => {
      for (const place of places.values()) {
        place.things.clear();
        note(place);
      }
    },

    lock: (process, isTold) => {
      const place = placeOf(process.deploymentId);
      const { lock } = place;
      const isOld = lock !== null && events.now() - lock.since > BREAK_LOCK_AFTER_MS;
      if (lock !== null && lock.holder !== process && !(lock.isStale && isOld) && !isTold) return false;
      place.lock = { holder: process, since: events.now(), isStale: false };
      return true;
    },

    unlock: (process, leaves) => {
      const place = placeOf(process.deploymentId);
      if (place.lock?.holder !== process) return;
      if (leaves) place.lock.isStale = true;
      else place.lock = null;
    },

    isHard: (deploymentId) => {
      const place = places.get(deploymentId);
      if (place === undefined) return false;
      const isSlow = place.deletingMs > SLOW_MS && place.things.size > 0;
      return place.lock?.isStale === true || isSlow || [...place.things].some(({ survives }) => survives > 0);
    },
  };
};
