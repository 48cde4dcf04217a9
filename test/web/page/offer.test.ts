import t from 'tap';
import type { LedgerEntryJson } from '../../../src/routes/schemas/ledger.ts';
import { browserModule } from './browser-module.ts';

interface Facts {
  readonly simulated: boolean;
  readonly hourlyCostUsd: number;
  readonly lifetimeSeconds: number;
  readonly maxLifetimeSeconds: number;
  readonly deployDeadlineSeconds: number;
}

interface Offer {
  factsOf(dataset: Readonly<Record<string, string>>): Facts;
  timeOffer(entries: readonly Partial<LedgerEntryJson>[], simulated: boolean): string;
  costOffer(facts: Facts): string;
  endOffer(facts: Facts): string;
  buildOffer(facts: Facts): string;
}

const offer = await browserModule<Offer>('offer.js');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const entry = (deploySeconds: number | null, sample: boolean) => ({ deploy_seconds: deploySeconds, sample });

const FACTS: Facts = {
  simulated: false,
  hourlyCostUsd: 0.18,
  lifetimeSeconds: 3_600,
  maxLifetimeSeconds: 14_400,
  deployDeadlineSeconds: 2_700,
};

t.test('given the attributes of the document, when they are read, then they are the facts', async (t) => {
  const dataset = {
    simulated: 'false',
    hourlyCostUsd: '0.18',
    lifetimeSeconds: '3600',
    maxLifetimeSeconds: '14400',
    deployDeadlineSeconds: '2700',
  };
  t.strictSame(offer.factsOf(dataset), FACTS);
  t.equal(offer.factsOf({ ...dataset, simulated: 'true' }).simulated, true);
});

t.test('given runs of its own, when the time is offered, then only those that were live count', async (t) => {
  const entries = [entry(900, false), entry(null, false), entry(720, false), entry(90, true)];
  t.equal(plain(offer.timeOffer(entries, false)), 'The latest runs were live after 12 min to 15 min.');
});

t.test('given no run of its own, when the time is offered, then it says that nothing was measured', async (t) => {
  const expected =
    '12 to 15 min are expected from published figures, which is not measured; the original took 20 to 30 min.';
  t.equal(plain(offer.timeOffer([], false)), expected);
  t.equal(plain(offer.timeOffer([entry(90, true)], false)), expected, 'samples say nothing about real runs');
});

t.test('given sample runs in local mode, when the time is offered, then they are named as samples', async (t) => {
  const entries = [entry(80, true), entry(105, true), entry(null, true)];
  t.equal(plain(offer.timeOffer(entries, true)), 'The sample runs were live after 1 min 20 s to 1 min 45 s.');
});

t.test(
  'given a real and a simulated server, when it is offered, then each says what it builds and costs',
  async (t) => {
    t.match(offer.buildOffer(FACTS), /Kubernetes cluster/);
    t.match(offer.buildOffer({ ...FACTS, simulated: true }), /nothing real is built/);
    t.match(offer.costOffer(FACTS), /^About \$0\.18 for every hour .* you pay nothing\.$/);
    t.match(offer.costOffer({ ...FACTS, simulated: true }), /^Nothing, because it is simulated\./);
    t.match(plain(offer.endOffer(FACTS)), /^It is destroyed 1 h after it is live, .* up to 4 h\./);
  },
);
