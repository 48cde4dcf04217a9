import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { Events } from './events.ts';
import { type Behaviour, type Incident, type Outage, type Plan, type RequestName, START_AT } from './plan.ts';

/** What befalls one request. */
export interface Mishap {
  readonly lose: Extract<Incident, { kind: 'lose' }>['what'] | null;
  readonly crash: { readonly when: 'before' | 'after'; readonly ms: number } | null;
  readonly pause: { readonly when: 'before' | 'after'; readonly ms: number } | null;
}

/** What the plan has in store, looked up by whom it concerns. */
export interface Trouble {
  /** What befalls the next request of that name; null for nothing. */
  next(request: RequestName): Mishap | null;
  /** How the next pipeline of that direction behaves; null for as it should. */
  nextBehaviour(direction: 'apply' | 'destroy'): Behaviour | null;
  /** How hard what the next deployment builds is to remove. */
  nextLeftovers(): { readonly survives: number; readonly deletingMs: number } | null;
  /** Whether GitLab refuses the next request for a pipeline, and whether it would take it later. */
  nextRefusal(): { readonly retryable: boolean; readonly ofTwo: boolean } | null;
  /** Whether the next reading of the inventory sees nothing, whatever there is. */
  nextIsBlind(): boolean;
  isOut(of: Outage): boolean;
  /** True while anything at all is out of order. */
  isAnythingOut(): boolean;
  /** Whether anything at all was out of order at any time since then. */
  wasAnythingOutSince(at: Instant): boolean;
  /** From now on nothing new goes wrong. */
  end(): void;
}

const NO_MISHAP: Mishap = { lose: null, crash: null, pause: null };

const mishapsOf = (incidents: readonly Incident[]): ReadonlyMap<string, Mishap> => {
  const mishaps = new Map<string, Mishap>();
  const add = (request: RequestName, nth: number, part: Partial<Mishap>): void => {
    const key = `${request} ${nth}`;
    mishaps.set(key, { ...(mishaps.get(key) ?? NO_MISHAP), ...part });
  };
  for (const incident of incidents) {
    if (incident.kind === 'lose') add(incident.request, incident.nth, { lose: incident.what });
    if (incident.kind === 'crash-in') add(incident.request, incident.nth, { crash: incident });
    if (incident.kind === 'pause-in') add(incident.request, incident.nth, { pause: incident });
  }
  return mishaps;
};

/** Makes the trouble of a plan. */
export const createTrouble = (plan: Plan, events: Pick<Events<unknown>, 'now'>): Trouble => {
  const mishaps = mishapsOf(plan.incidents);
  const outages = plan.incidents.filter((incident) => incident.kind === 'outage');
  const behaviours = plan.incidents.filter((incident) => incident.kind === 'behaviour');
  const leftovers = plan.incidents.filter((incident) => incident.kind === 'leftovers');
  const refusals = plan.incidents.filter((incident) => incident.kind === 'refuse');
  const sent = new Map<string, number>();
  let hasEnded = false;

  const count = (name: string): number => {
    const nth = (sent.get(name) ?? 0) + 1;
    sent.set(name, nth);
    return nth;
  };
  const isOn = ({ at, ms }: { readonly at: number; readonly ms: number }): boolean =>
    !hasEnded && events.now() >= START_AT + at && events.now() < START_AT + at + ms;

  return {
    next: (request) => {
      if (mishaps.size === 0 || hasEnded) return null;
      return mishaps.get(`${request} ${count(request)}`) ?? null;
    },
    nextBehaviour: (direction) => {
      const nth = count(`pipeline ${direction}`);
      if (hasEnded) return null;
      return behaviours.find((candidate) => candidate.direction === direction && candidate.nth === nth) ?? null;
    },
    nextLeftovers: () => {
      const nth = count('deployment');
      return hasEnded ? null : (leftovers.find((candidate) => candidate.nth === nth) ?? null);
    },
    nextRefusal: () => {
      const nth = count('refusable');
      return hasEnded ? null : (refusals.find((candidate) => candidate.nth === nth) ?? null);
    },
    nextIsBlind: () => {
      const nth = count('reading');
      return !hasEnded && plan.incidents.some((incident) => incident.kind === 'blind' && incident.nth === nth);
    },
    isOut: (of) => outages.length > 0 && outages.some((outage) => outage.of === of && isOn(outage)),
    isAnythingOut: () => outages.some(isOn),
    wasAnythingOutSince: (since) =>
      outages.some(({ at, ms }) => START_AT + at <= events.now() && START_AT + at + ms >= since),
    end: () => {
      hasEnded = true;
    },
  };
};
