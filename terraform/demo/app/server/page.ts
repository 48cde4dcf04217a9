import type { Sight } from './cluster-watch.ts';
import type { Facts } from './facts.ts';
import { type Html, html } from './html.ts';
import { liveSection } from './live-section.ts';

const fact = (name: string, value: string | null): Html | null =>
  value === null ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const path = (facts: Facts): Html => html`<ol class="path" aria-label="The way of your request">
  <li><strong>You</strong><span>HTTPS</span></li>
  <li><strong>Network load balancer</strong><span>ends TLS, two zones</span></li>
  <li><strong>Node</strong><span>${facts.nodeName ?? 'a port on each'}</span></li>
  <li><strong>Pod</strong><span>${facts.podName ?? 'one of this page'}</span></li>
</ol>`;

const about = (facts: Facts): Html => html`<section aria-labelledby="about">
  <h2 id="about">What you are looking at</h2>
  <p>Somebody pressed a button on a résumé. A pipeline then built all of this with Terraform: an Amazon EKS control plane,
  ARM nodes, a load balancer, and this page, which runs in the cluster it shows. When its time is over all of it is
  destroyed, and an inventory has to find nothing twice before the button can be pressed again.</p>
  <p>This page can look at nodes and pods and do nothing else. It has no secrets, sets no cookies and asks nobody but the
  cluster. The figures above are asked for every three seconds.</p>
  ${facts.pipelineUrl === null ? null : html`<p><a href="${facts.pipelineUrl}" rel="noreferrer">The pipeline that built it</a></p>`}
</section>`;

/** The whole page. The deployment's id is near its beginning: by it the server knows that its own demo answers. */
export const page = (facts: Facts, sight: Sight, now: number): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="deployment-id" content="${facts.deploymentId}">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Live demo ${facts.deploymentId.slice(-12)}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body>
<header>
  <p class="mark">Live demo on Amazon EKS</p>
  <p class="lead">Built from nothing by a button on a résumé, and destroyed again when its time is over.</p>
  ${path(facts)}
</header>
<main>
<div id="live">${liveSection(facts, sight, now)}</div>
<p id="offline" role="status"></p>
<section aria-labelledby="details">
  <h2 id="details">Details</h2>
  <dl>
    ${fact('Deployment', facts.deploymentId)}
    ${fact('Commit', facts.commit)}
    ${fact('Region', facts.region)}
    ${fact('Cluster', facts.clusterName)}
  </dl>
</section>
${about(facts)}
</main>
</body>
</html>
`;
