import type { DecidedFields, Deployment, Direction, Instant, Reply } from './deployment.ts';
import type { Notice } from './notice.ts';
import type { InventoryAnswer, ListedPipeline, Observation, ObservedPipeline, ProbeVerdict } from './observation.ts';
import type { Recording } from './recording.ts';
import type { Tombstone } from './tombstone.ts';

/** Two clocks: instants that are stored come from `now`, waits inside this process from `monotonicMs`. */
export interface Clock {
  /** UTC wall clock. */
  now(): Instant;
  /** Never goes back; only differences mean anything. */
  monotonicMs(): number;
}

/** The item `ACTIVE`: what was decided and what was seen. */
export interface ActiveRecord {
  readonly deployment: Deployment;
  readonly observation: Observation;
}

export interface LedgerQuery {
  readonly limit: number;
  /** Exclusive: continue with what is older than this entry. */
  readonly before: LedgerPosition | null;
}

export interface LedgerPosition {
  readonly createdAt: Instant;
  readonly id: string;
}

export interface LedgerPage {
  /** Newest first. */
  readonly tombstones: readonly Tombstone[];
  readonly next: LedgerPosition | null;
}

/** What routes that only read are given. All methods throw `DemoError` STORE_UNAVAILABLE when the store is. */
export interface DeploymentReader {
  /** Strongly consistent. */
  active(): Promise<ActiveRecord | null>;
  /** Strongly consistent. */
  tombstone(id: string): Promise<Tombstone | null>;
  /** Eventually consistent: for lists only, nothing is decided from it. */
  ledger(query: LedgerQuery): Promise<LedgerPage>;
}

export type Acquired = { readonly won: true } | { readonly won: false; readonly holder: ActiveRecord };

/** The lock. It never expires and it is deleted only by `release`. */
export interface DeploymentLock {
  /** Puts the record only if there is none. A lost reply to our own put counts as won (equal `writeId`). */
  acquire(record: ActiveRecord): Promise<Acquired>;
  /** Puts the tombstone only if there is none of that id or one with a lower version; otherwise does nothing. */
  archive(tombstone: Tombstone): Promise<void>;
  /** Deletes on `owner` and `version`. True when it is gone or another owner's; false when the version differs. */
  release(owner: string, version: number): Promise<boolean>;
}

/** A decision: written on `owner` and `version`, raises `version` by one and stores the fresh `writeId`. */
export interface Decision {
  readonly owner: string;
  /** The version it was made on. */
  readonly version: number;
  readonly writeId: string;
  readonly set: Partial<DecidedFields>;
  /** Also requires that no pipeline id has been recorded for this request. */
  readonly unlessCreated?: string;
  /** Replies that go with this write: those of attempts that are no longer kept. */
  readonly forget?: readonly string[];
}

/** Conditional writes to the record. Each answers whether it took effect; false is a benign, lost race. */
export interface DeploymentWriter {
  decide(decision: Decision): Promise<boolean>;
  /** Takes up a look: on `owner` and the previous `observedBy`, sets `observedAt` and `observedBy`. */
  claimLook(claim: {
    readonly owner: string;
    readonly previousBy: string;
    readonly observedAt: Instant;
    readonly observedBy: string;
  }): Promise<boolean>;
  /** Stores what was seen, only while `observedBy` is still the claim it carries. */
  storeLook(owner: string, observation: Observation): Promise<boolean>;
  /** On `owner` and "no pipeline id yet" for this request, never on `version`, and does not raise it. */
  recordReply(owner: string, requestId: string, reply: Reply): Promise<boolean>;
}

export type DeploymentStore = DeploymentReader & DeploymentLock & DeploymentWriter;

export interface IdempotencyRecord {
  readonly deploymentId: string;
  readonly bodyHash: string;
  readonly createdAt: Instant;
}

/** `idem#<key>`, kept for 24 h. Expired items are never returned, however long the store keeps them. */
export interface IdempotencyStore {
  /** Strongly consistent. */
  find(key: string, now: Instant): Promise<IdempotencyRecord | null>;
  /** Puts it if there is none (or an expired one) and answers with the record that stands. */
  claim(key: string, record: IdempotencyRecord, now: Instant): Promise<IdempotencyRecord>;
}

export interface DeadLetter {
  /** `<uuid>` of a deployment in trouble, or `job:<name>`. */
  readonly id: string;
  readonly kind: 'quarantine' | 'orphan' | 'job';
  readonly attempts: number;
  readonly lastError: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

/** `dead#<id>`: one item per trouble, updated in place, listed by `/healthz`. */
export interface DeadLetterStore {
  /** Adds one to the attempts of the letter with that id, or writes the first one. Answers with what stands. */
  note(letter: Pick<DeadLetter, 'id' | 'kind' | 'lastError'>, now: Instant): Promise<DeadLetter>;
  remove(id: string): Promise<void>;
  /** Newest first, at most 50; eventually consistent. */
  list(): Promise<readonly DeadLetter[]>;
}

/** `cron#<job>`: one conditional put per slot elects who runs it; the last completed slot drives the catch-up. */
export interface SlotStore {
  /** True for exactly one caller per key. `expiresAt` is when the store may forget it. */
  claimSlot(key: string, expiresAt: Instant): Promise<boolean>;
  /** Strongly consistent; null when the job never completed a slot. */
  lastCompleted(job: string): Promise<Instant | null>;
  /** Only forward: an older slot never overwrites a newer one. */
  completeSlot(job: string, slot: Instant): Promise<void>;
}

export interface PipelineRequest {
  readonly direction: Direction;
  readonly deploymentId: string;
  readonly requestId: string;
  readonly startBefore: Instant | null;
  /** Of a destroy: whether everything that may have held the deployment's state is known to have ended. */
  readonly holdersEnded: boolean;
}

export type CreateAnswer =
  | { readonly kind: 'created'; readonly pipelineId: number; readonly sha: string; readonly webUrl: string }
  /** GitLab answered that it made nothing. `retryable`: it may do so later (limits), else asking again is vain. */
  | { readonly kind: 'refused'; readonly reason: string; readonly retryable: boolean };

/**
 * GitLab's pipelines. Every method throws `DemoError` PIPELINES_UNAVAILABLE when no usable answer came; for
 * `create` that means *unknown*: it may have been made.
 */
export interface Pipelines {
  /** Sends once and never repeats by itself: within that time, or not at all, which is a refusal that passes. */
  create(request: PipelineRequest, sendWithinMs: number): Promise<CreateAnswer>;
  /** The whole list of pipelines whose name carries the id, created since then; a partial list throws. */
  list(deploymentId: string, since: Instant): Promise<readonly ListedPipeline[]>;
  /** Null when GitLab does not know it. */
  read(pipelineId: number): Promise<ObservedPipeline | null>;
  /** Asks for it; a finished pipeline is no error. */
  cancel(pipelineId: number): Promise<void>;
  /** The validated live URL of an apply job; null while there is none. Throws OUTPUTS_INVALID for a foreign URL. */
  liveUrl(jobId: number, deploymentId: string): Promise<string | null>;
}

/** Raw job logs. Nothing of it may be shown before it went through the masker. */
export interface JobTraces {
  /** Bytes from the offset on, at most about 500 kB; empty when there is nothing (yet). Throws as `Pipelines`. */
  read(jobId: number, byteOffset: number): Promise<Uint8Array>;
}

/** A job of a deployment, as its log is filed. */
export interface LogOf {
  readonly deploymentId: string;
  readonly jobId: number;
}

/** Where whoever continues a job's log starts a fresh masker, and what of its lines is stored already. */
export interface LogResume {
  /** Behind a newline of the raw trace where the masker held nothing back. */
  readonly byteOffset: number;
  /** So many masked lines from there on are stored or left out already. */
  readonly skipLines: number;
  /** UTF-8 bytes stored of this job so far, newlines included. */
  readonly keptBytes: number;
  /** Lines left out since the last one that was stored. */
  readonly leftOut: number;
}

/** A part of a job's masked log. Only `open` ones change: `full` is followed by the next one, `last` by nothing. */
export interface LogChunk {
  readonly state: 'open' | 'full' | 'last';
  /** The number of its first line within the job's log. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** Behind its last line. */
  readonly resume: LogResume;
}

/** What readers of logs are given. Throws `DemoError` STORE_UNAVAILABLE. */
export interface LogReader {
  /** Strongly consistent; null when it was never written or has expired. */
  readChunk(log: LogOf, index: number, now: Instant): Promise<(LogChunk & { readonly revision: string }) | null>;
}

/** `log#…`: masked logs in chunks of at most 64 KB, which expire. Throws `DemoError` STORE_UNAVAILABLE. */
export interface LogStore extends LogReader {
  /**
   * Writes the chunk in place of the revision it was made from; null: only if there is none. Answers with the new
   * revision, or null when another was faster. Throws a RangeError for what is larger than a chunk may be.
   */
  writeChunk(log: LogOf, index: number, chunk: LogChunk, replaces: string | null, now: Instant): Promise<string | null>;
  /**
   * Books one chunk of the deployment's allowance. False once that is used up; a chunk that was booked stays so, and
   * asking again costs nothing.
   */
  bookChunk(log: LogOf, index: number, now: Instant): Promise<boolean>;
}

/** A job whose log is to be kept. `isOver`: nothing more will be written to its trace. */
export interface StartedJob {
  readonly id: number;
  readonly name: string;
  readonly isOver: boolean;
}

/** Brings what is new in the jobs' traces, masked, into the store. */
export interface LogCollector {
  /** Returns at once and never throws; what could not be had is fetched at a later call. */
  collect(deploymentId: string, jobs: readonly StartedJob[]): void;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Begins no further read and waits for the one under way; whoever comes next goes on. */
  stop(): Promise<void>;
}

/** Masked log lines of a job, as stored; reading them never asks GitLab. */
export interface JobLogs {
  /**
   * At most `limit` display lines from that line on; fewer are all there are so far. `complete`: they are the last
   * ones. Throws as `LogReader` when nothing is held that could be shown instead.
   */
  lines(
    log: LogOf,
    fromLine: number,
    limit: number,
  ): Promise<{
    readonly lines: readonly string[];
    readonly complete: boolean;
  }>;
}

/** Ids and tokens: what needs randomness or keys. What needs a key throws `DemoError` SECRETS_UNAVAILABLE without it. */
export interface Credentials {
  /** A UUIDv7, lower case. */
  newId(): string;
  /** The control token of a new deployment. Its signing key may change from one call to the next. */
  controlToken(deploymentId: string): string;
  /** The control token with that hash, whichever signing key it was made with; null when that key is lost. */
  recoverControlToken(deploymentId: string, hash: string): Promise<string | null>;
  hash(token: string): string;
  /** Compares in constant time. */
  isOwner(token: string): boolean;
  /** Compares in constant time. */
  matches(token: string, hash: string): boolean;
  /** The deployment a well-signed control token was made for; null for anything else. */
  deploymentOf(token: string): string | null;
}

/** Asks the public URL itself. Never throws. */
export interface LiveProbe {
  /** `found` only if the page carries the deployment's id; `unknown` if our own way out seems broken. */
  probe(url: string, deploymentId: string): Promise<ProbeVerdict>;
}

/** What exists, read independently of who built or destroyed it. Never throws: an error is `unknown`. */
export interface Inventory {
  read(deploymentId: string): Promise<{
    readonly answer: InventoryAnswer;
    readonly count: number;
    readonly detail: readonly string[];
  }>;
  /** Ids of every deployment of which anything exists; null when that is not known for sure. */
  sweep(): Promise<readonly string[] | null>;
}

/** A way down that needs neither this process nor GitLab. Every method may be repeated; each throws DemoError. */
export interface SecondDestroyer {
  /** A schedule of that name that is already there is our own retry. */
  arm(deploymentId: string, firstRunAt: Instant, everyMs: number): Promise<void>;
  disarm(deploymentId: string): Promise<void>;
  /** Moves the first run to now. */
  hasten(deploymentId: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** What one start counts against. */
export interface QuotaStart {
  readonly deploymentId: string;
  readonly visitorHash: string;
  /** False for clients that send no `Origin`, which have a limit of their own. */
  readonly hasOrigin: boolean;
  /** Its UTC day is the one that is counted. */
  readonly at: Instant;
}

/** Starts in a UTC day; null is no limit. */
export interface QuotaLimits {
  readonly perVisitorPerDay: number | null;
  readonly perDay: number | null;
  readonly noOriginPerDay: number | null;
}

export type QuotaTaken =
  | { readonly taken: true }
  | { readonly taken: false; readonly limit: 'visitor' | 'day' | 'no_origin' };

/** `quota#<day>`: one item per UTC day, which expires. Every method may be repeated: a start counts once, by its id. */
export interface QuotaStore {
  /** Counts the start against all limits in one conditional write, or against none of them. */
  take(start: QuotaStart, limits: QuotaLimits): Promise<QuotaTaken>;
  /** Takes a start back that built nothing; one that was never counted is no error. */
  giveBack(deploymentId: string, startedAt: Instant): Promise<void>;
  /** How many starts count in that instant's UTC day. */
  countOf(at: Instant): Promise<number>;
}

/** The owner's pause switch. */
export interface Switch {
  readonly paused: boolean;
  /** The owner's words, shown to visitors; null when he gave none. */
  readonly reason: string | null;
  readonly changedAt: Instant;
}

/** The item `switch`. It never expires: a pause must not end by itself. */
export interface SwitchStore {
  /** Strongly consistent; null when it was never moved. */
  read(): Promise<Switch | null>;
  /** The last one to write wins. */
  write(state: Switch): Promise<void>;
}

/** The item `replay`: the recording of the last run that lived. It never expires. Throws STORE_UNAVAILABLE. */
export interface Recordings {
  /** Strongly consistent; null when there is none that this version can read. */
  read(): Promise<Recording | null>;
  /** Replaces the one that stands, unless that is of a later run. May be repeated. */
  store(recording: Recording): Promise<void>;
}

export interface PreflightResult {
  /** Names of the checks that failed; empty when a demo could be built and destroyed. */
  readonly failed: readonly string[];
}

/** "Can it be built, and can it be destroyed again?" Never throws: what cannot be told has failed. */
export interface Preflight {
  /** From background results, which are at most a minute old; asks nobody. */
  standing(): PreflightResult;
  /** Asks everybody now. */
  run(): Promise<PreflightResult>;
}

/** Tells the owner. It returns at once, never throws, and holds up nothing: what cannot be told is dropped and logged. */
export interface Notifier {
  notify(notice: Notice): void;
}

/** What the lifecycle wants written down. Data as fields, never free text with values in it. */
export interface EventLog {
  event(level: 'info' | 'warn' | 'error', name: string, fields: Readonly<Record<string, unknown>>): void;
}
