// What is used in a month, on which the cost model rests. Each figure says where it comes from; those that are guesses say
// so. Change one and run `node scripts/cost-model.ts --write`.

/** Always there, whether or not anybody presses the button. */
export const IDLE = Object.freeze({
  vcpu: 0.25,
  memoryGb: 0.5,
  // A guess: visitors, the state that buttons on other pages ask for, and the probe's 4,380.
  requests: 50_000,
  probes: 4_380,
  secrets: 3,
  // Each is read every five minutes (docs/adr/0013).
  secretReads: 3 * 12 * 730,
  // A guess: nothing but routine lines, and the gateway's access log.
  logGb: 0.5,
  // terraform/platform/alarms.tf; a test counts them.
  alarms: 14,
  // Only the one that is written every hour; the others exist in the hours in which something is wrong.
  metrics: 1,
  // Counted: every 25 s the health report takes five reads and two queries, one unit each; an idle server writes next to
  // nothing.
  tableReads: 740_000,
  tableWrites: 10_000,
  // A guess: two images, ten versions of each, which share most of their layers.
  imagesGb: 2,
});

/** One demo: an hour of life, and building and destroying it. */
export const DEMO = Object.freeze({
  hours: 1.35,
  // terraform/demo/ephemeral; a test compares them when that folder is there.
  nodes: 2,
  diskGb: 20,
  // A node each, and the load balancer's in two zones.
  publicAddresses: 4,
  // About 45 of GitLab's minutes: plan, apply, verify, destroy, inventory. Expected, not measured.
  gitlabMinutes: 45,
  // Polls, logs and their readers.
  tableReads: 20_000,
  tableWrites: 10_000,
  requests: 2_000,
});

/** GitLab's own runners are free for so long each month. */
export const FREE_GITLAB_MINUTES = 400;

/** Free in every account and every month. */
export const FREE_CLOUDWATCH = Object.freeze({ alarms: 10, metrics: 10 });

/** The same service on Lambda: a guess of what its functions would do. */
export const ON_LAMBDA = Object.freeze({
  memoryGb: 0.25,
  requestSeconds: 0.1,
  // Once a minute, as there is nobody who waits for the next due time.
  sweeps: 60 * 730,
  sweepSeconds: 0.5,
});

/** The original, by its own words: Lambda and API Gateway, one secret, ten deployments a month. Its use is a guess. */
export const ORIGINAL = Object.freeze({
  deployments: 10,
  // 25 minutes of a poll every 5 s each, an hour of life, and who looks at the page.
  requests: 20_000,
  requestSeconds: 0.3,
  memoryGb: 0.25,
  secrets: 1,
  secretReads: 2_000,
  logGb: 0.5,
  alarms: 5,
  metrics: 2,
  tableReads: 100_000,
  tableWrites: 20_000,
});
