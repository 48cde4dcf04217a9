import { APP_NAMESPACE, type BuildStep, buildStepsOf } from './build-steps.ts';
import type { ClusterView, NodeView, PodView } from './cluster-view.ts';
import type { Sight } from './cluster-watch.ts';
import { clockText, durationText } from './durations.ts';
import type { Facts } from './facts.ts';
import { type Html, html } from './html.ts';

const MINUTE_MS = 60_000;

const counted = (things: readonly { readonly isReady: boolean }[], one: string): string => {
  const ready = things.filter(({ isReady }) => isReady).length;
  return `${ready} of ${things.length} ${things.length === 1 ? one : `${one}s`} ready`;
};

const isOfApp = ({ namespace }: PodView): boolean => namespace === APP_NAMESPACE;

const podItem = (facts: Facts, pod: PodView): Html => {
  const isServing = pod.name === facts.podName;
  const state = pod.isReady ? 'ready' : pod.state;
  const restarts = pod.restarts === 0 ? '' : ` · ${pod.restarts} restarts`;
  return html`<li class="pod" data-ready="${String(pod.isReady)}" data-app="${String(isOfApp(pod))}">
    <span class="pod-app">${pod.app}</span>
    <span class="pod-name">${pod.name}</span>
    <span class="pod-state">${state}${restarts}</span>${isServing ? html`<span class="serving">answered just now</span>` : null}
  </li>`;
};

const detailOf = ({ instanceType, architecture, zone, version }: NodeView): string =>
  [instanceType, architecture, zone, version].filter((text) => text !== null).join(' · ');

const nodeCard = (
  facts: Facts,
  node: NodeView,
  pods: readonly PodView[],
  now: number,
): Html => html`<article class="node" data-ready="${String(node.isReady)}">
  <h3>${node.name}</h3>
  <p class="node-detail">${detailOf(node)}</p>
  <p class="node-state">${node.isReady ? 'Ready' : 'Not ready'}${node.createdAt === null ? '' : `, joined ${durationText(now - node.createdAt)} ago`}</p>
  <ul class="pods">${pods.map((pod) => podItem(facts, pod))}</ul>
</article>`;

const waitingCard = (facts: Facts, pods: readonly PodView[]): Html | null =>
  pods.length === 0
    ? null
    : html`<article class="node" data-ready="false">
  <h3>Waiting for a node</h3>
  <ul class="pods">${pods.map((pod) => podItem(facts, pod))}</ul>
</article>`;

/** Those of the application stand first: they are what a visitor came to see. */
const appFirst = (pods: readonly PodView[]): readonly PodView[] => [
  ...pods.filter(isOfApp),
  ...pods.filter((pod) => !isOfApp(pod)),
];

const cards = (facts: Facts, view: ClusterView, now: number): Html => {
  const names = new Set(view.nodes.map(({ name }) => name));
  const pods = appFirst(view.pods);
  const homeless = pods.filter(({ node }) => node === null || !names.has(node));
  return html`<div class="nodes">
${view.nodes.map((node) =>
  nodeCard(
    facts,
    node,
    pods.filter((pod) => pod.node === node.name),
    now,
  ),
)}
${waitingCard(facts, homeless)}
</div>`;
};

const stepItem = (step: BuildStep, first: number): Html => html`<li>
  <span class="step-after">${step.at === first ? clockText(step.at) : `+ ${durationText(step.at - first)}`}</span>
  <span class="step-title">${step.title}</span>
  <span class="step-detail">${step.detail}</span>
</li>`;

const steps = (all: readonly BuildStep[]): Html | null => {
  const first = all[0];
  if (first === undefined) return null;
  return html`<section aria-labelledby="built">
  <h2 id="built">How it was built</h2>
  <ol class="steps">${all.map((step) => stepItem(step, first.at))}</ol>
</section>`;
};

const headline = (all: readonly BuildStep[], now: number): string => {
  const first = all[0];
  if (first === undefined) return 'A cluster that was built on demand';
  const minutes = Math.max(1, Math.floor((now - first.at) / MINUTE_MS) + 1);
  return minutes === 1
    ? 'This cluster did not exist a minute ago'
    : `This cluster did not exist ${minutes} minutes ago`;
};

const summary = (
  view: ClusterView,
  seenAt: number,
  isCurrent: boolean,
): Html => html`<p class="summary" data-current="${String(isCurrent)}">
  <span class="dot" aria-hidden="true"></span>${counted(view.nodes, 'node')}, ${counted(view.pods, 'pod')}${view.version === null ? '' : `, Kubernetes ${view.version}`}.
  <span class="seen">${isCurrent ? 'Seen' : 'Kubernetes does not answer. Last seen'} ${clockText(seenAt)}.</span>
</p>`;

/** The part of the page that is asked for again and again. There is nothing in it that could have the focus. */
export const liveSection = (facts: Facts, sight: Sight, now: number): Html => {
  const view = sight.view ?? { version: null, nodes: [], pods: [] };
  const all = buildStepsOf(facts, view);
  return html`<h1>${headline(all, now)}</h1>
${sight.view === null ? html`<p class="summary" data-current="false"><span class="dot" aria-hidden="true"></span>Kubernetes has not answered yet.</p>` : summary(sight.view, sight.seenAt, sight.isCurrent)}
<section aria-labelledby="inside">
  <h2 id="inside">What runs in it</h2>
  ${cards(facts, view, now)}
</section>
${steps(all)}`;
};
