import { createIdleRule, isDocumented, startedBy } from './answer-rules.ts';
import { type Answered, type End, type Exit, isFinished, type Look } from './facts.ts';
import { createLookRules } from './look-rules.ts';

/** A breach that lasts is one breach, not one for each look. */
const MAX_BREACHES = 50;

const isTold = ({ code, signal, told, wasUp }: Exit): boolean =>
  (signal === 'SIGKILL' && told.includes('SIGKILL')) || (code === 0 && wasUp && told.includes('SIGTERM'));

const duplicatesOf = (ids: readonly string[]): readonly string[] =>
  ids.filter((id, index) => ids.indexOf(id) !== index);

const leftAtTheEnd = ({ record, world, deadLetters }: End): readonly string[] => [
  ...(record === null ? [] : [`the lock is still that of ${record.owner}`]),
  ...world.resources.map(({ deployment_id, type }) => `${type} of ${deployment_id} is left in the account`),
  ...world.pipelines
    .filter((pipeline) => !isFinished(pipeline))
    .map(({ name, status }) => `${name} is still ${status}`),
  ...world.schedules.map(({ deployment_id }) => `the second destroyer of ${deployment_id} is still armed`),
  ...deadLetters.map((id) => `the dead letter of ${id} is left`),
];

/** What was seen from outside goes in, what it breaks comes out. */
export interface Checker {
  looked(look: Look): void;
  answered(answer: Answered): void;
  exited(exit: Exit): void;
  ended(end: End): void;
  /** Deployments that held the lock at some look, or whose start somebody was told of. */
  known(): readonly string[];
  /** In words, the earliest first; empty when every promise was kept. */
  breaches(): readonly string[];
}

/**
 * Makes a checker. It holds what is seen from outside against what is promised whatever fails: one lock, one apply
 * that builds, no free lock while anything exists, one receipt for each start, no fault that is a visitor's, no process
 * that ends by itself, and nothing left in the end.
 */
export const createChecker = (): Checker => {
  const breaches = new Set<string>();
  const rules = createLookRules();
  const idle = createIdleRule();
  const owners = new Set<string>();
  const started = new Set<string>();
  const idsOfKeys = new Map<string, string>();
  const note = (found: readonly string[]): void => {
    for (const breach of found) if (breaches.size < MAX_BREACHES) breaches.add(breach);
  };

  const noteStart = (answer: Answered, id: string): void => {
    started.add(id);
    if (answer.idempotencyKey === null) return;
    const earlier = idsOfKeys.get(answer.idempotencyKey) ?? id;
    idsOfKeys.set(answer.idempotencyKey, earlier);
    if (earlier !== id) note([`one Idempotency-Key started ${earlier} and ${id}`]);
  };

  return {
    looked: (look) => {
      if (look.record !== null) owners.add(look.record.owner);
      note(rules.flatMap((rule) => rule(look)));
      note(idle.looked(look));
    },
    answered: (answer) => {
      const { method, path, status, text } = answer;
      if (!isDocumented(answer)) note([`${method} ${path} was answered with ${status}: ${text.slice(0, 200)}`]);
      const id = startedBy(answer);
      if (id !== null) noteStart(answer, id);
      idle.answered(answer);
    },
    exited: (exit) => {
      if (isTold(exit)) return;
      const { seat, code, signal, told } = exit;
      note([`${seat} ended with ${code ?? signal} after it was sent ${told.join(', ') || 'nothing'}`]);
    },
    ended: (end) => {
      note(leftAtTheEnd(end));
      note(duplicatesOf(end.ledger).map((id) => `${id} is in the ledger more than once`));
      const missing = [...new Set([...started, ...owners])].filter((id) => !end.ledger.includes(id));
      note(missing.map((id) => `${id} is missing in the ledger`));
    },
    known: () => [...new Set([...started, ...owners])],
    breaches: () => [...breaches],
  };
};
