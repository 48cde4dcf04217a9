import { IDLE, type View } from '../page/sample-view.ts';
import { browserModule } from './browser-module.ts';

export interface Link {
  readonly label: string;
  readonly href: string;
}

export interface Shown {
  readonly kind: string;
  readonly mood: string;
  readonly words: string;
  readonly link: Link | null;
  readonly more: Link | null;
  readonly progress: number | null;
}

export interface Known {
  readonly server: string;
  readonly view: View | null;
  readonly receivedAt: number;
  readonly isLost: boolean;
  readonly own: { readonly id: string; readonly token: string; readonly startedAt: number } | null;
  readonly isStarting: boolean;
  readonly label: string;
  readonly facts: object;
}

interface ShownState {
  shownState(known: Known, now: number): Shown;
  permalinkOf(server: string, id: string, token: string | null): string;
}

const { shownState, permalinkOf } = await browserModule<ShownState>('shown-state.js');

export const SERVER = 'https://demo.example';

const FACTS = {
  simulated: false,
  hourlyCostUsd: 0.18,
  lifetimeSeconds: 3_600,
  maxLifetimeSeconds: 14_400,
  deployDeadlineSeconds: 2_700,
};

/** What the button shows, spaces made plain; unless said otherwise it is idle, connected and nobody's. */
export const shown = (change: Partial<Known>, now = 0): Shown => {
  const known = {
    server: SERVER,
    view: IDLE,
    receivedAt: now,
    isLost: false,
    own: null,
    isStarting: false,
    label: 'Deploy Live Demo',
    facts: FACTS,
    ...change,
  };
  const state = shownState(known, now);
  return { ...state, words: state.words.replaceAll('\u00a0', ' ') };
};

export const SIMULATED = { ...FACTS, simulated: true };

export { permalinkOf };
