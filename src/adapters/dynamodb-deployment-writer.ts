import { randomUUID } from 'node:crypto';
import type { Reply } from '../lifecycle/deployment.ts';
import type { Observation } from '../lifecycle/observation.ts';
import type { Decision, DeploymentWriter } from '../lifecycle/ports.ts';
import { replyCodec } from './dynamodb-decision-codecs.ts';
import { decidedAttributes, seenAttribute, storedReplyOf } from './dynamodb-deployment-item.ts';
import { ACTIVE_KEY } from './dynamodb-schema.ts';
import type { DynamoTable, Expression, Item } from './dynamodb-table.ts';
import { boundObservation } from './observation-bounds.ts';
import { recordsSamePipeline } from './reply-identity.ts';

/** The lock may have been let go and taken by another deployment since it was read. */
const OWNER_IS_THIS = '#owner = :owner';

/** A decision holds for the facts it was made on; any decision since has raised the version. */
const VERSION_IS_THIS = '#version = :version';

/** What is decided because no pipeline exists must not be decided once one is known. */
const NO_PIPELINE_YET = 'attribute_not_exists(replies.#request.pipeline_id)';

/** One task looks at a time: whoever took up a look since has changed the claim. */
const CLAIM_IS_THIS = '#observed_by = :claim';

/** Nobody has answered for this request so far. */
const NO_REPLY_YET = 'attribute_not_exists(replies.#request)';

/** A refusal made no pipeline, so a later send of the same request may still make one. */
const REPLY_WAS_REFUSAL = 'replies.#request.#kind = :refused';

const NAMES = { '#owner': 'owner' };

/** True when the write took effect; when its condition failed, `isOurs` tells our own earlier try from another's. */
const tookEffect = async (
  table: DynamoTable,
  change: Expression,
  condition: Expression,
  isOurs: (standing: Item) => boolean,
): Promise<boolean> => {
  const written = await table.update(ACTIVE_KEY, change, condition);
  if (written.applied) return true;
  const standing = await written.standing();
  return standing !== null && isOurs(standing);
};

const settingEach = (attributes: Item): Expression => {
  const entries = Object.entries(attributes);
  return {
    text: `SET ${entries.map(([name]) => `#${name} = :new_${name}`).join(', ')}`,
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(entries.map(([name, value]) => [`:new_${name}`, value])),
  };
};

/** Removes these replies with the same write; nothing when there are none. */
const forgetting = (requestIds: readonly string[]): Expression => ({
  text:
    requestIds.length === 0 ? '' : ` REMOVE ${requestIds.map((_, index) => `replies.#forgotten_${index}`).join(', ')}`,
  names: Object.fromEntries(requestIds.map((id, index) => [`#forgotten_${index}`, id])),
  values: {},
});

const joined = (first: Expression, second: Expression): Expression => ({
  text: first.text + second.text,
  names: { ...first.names, ...second.names },
  values: { ...first.values, ...second.values },
});

/**
 * Own writes are known by the write id of the latest decision. One that another decision has followed meanwhile
 * counts as lost: what it allowed must not be acted on any more without looking at what came after.
 */
const decide = (table: DynamoTable, decision: Decision): Promise<boolean> => {
  const { owner, version, writeId, set, unlessCreated, forget = [] } = decision;
  const clauses = [OWNER_IS_THIS, VERSION_IS_THIS, ...(unlessCreated === undefined ? [] : [NO_PIPELINE_YET])];
  return tookEffect(
    table,
    joined(settingEach({ ...decidedAttributes(set), version: version + 1, write_id: writeId }), forgetting(forget)),
    {
      text: clauses.join(' AND '),
      names: { ...NAMES, '#version': 'version', ...(unlessCreated === undefined ? {} : { '#request': unlessCreated }) },
      values: { ':owner': owner, ':version': version },
    },
    (standing) => standing.owner === owner && standing.write_id === writeId,
  );
};

const claimLook = (
  table: DynamoTable,
  { owner, previousBy, observedAt, observedBy }: Parameters<DeploymentWriter['claimLook']>[0],
): Promise<boolean> =>
  tookEffect(
    table,
    settingEach({ observed_at: observedAt, observed_by: observedBy }),
    {
      text: `${OWNER_IS_THIS} AND ${CLAIM_IS_THIS}`,
      names: { ...NAMES, '#observed_by': 'observed_by' },
      values: { ':owner': owner, ':claim': previousBy },
    },
    (standing) => standing.owner === owner && standing.observed_by === observedBy,
  );

const storeLook = (table: DynamoTable, owner: string, observation: Observation): Promise<boolean> => {
  // The claim cannot tell: after our lost write another task may have taken up the next look, and the claim with it.
  // So what was seen carries an id of its own, which stays until something else is seen.
  const lookWriteId = randomUUID();
  const seen = boundObservation(observation);
  return tookEffect(
    table,
    settingEach({
      observation: seenAttribute(seen),
      observed_at: seen.observedAt,
      // The claim is used up: whoever read the record before this was stored cannot claim the next look on it.
      observed_by: lookWriteId,
      look_write_id: lookWriteId,
    }),
    {
      text: `${OWNER_IS_THIS} AND ${CLAIM_IS_THIS}`,
      names: { ...NAMES, '#observed_by': 'observed_by' },
      values: { ':owner': owner, ':claim': observation.observedBy },
    },
    (standing) => standing.owner === owner && standing.look_write_id === lookWriteId,
  );
};

const recordReply = (table: DynamoTable, owner: string, requestId: string, reply: Reply): Promise<boolean> =>
  tookEffect(
    table,
    {
      text: 'SET replies.#request = :reply',
      names: { '#request': requestId },
      values: { ':reply': replyCodec.encode(reply) },
    },
    {
      text: `${OWNER_IS_THIS} AND (${NO_REPLY_YET} OR ${REPLY_WAS_REFUSAL})`,
      names: { ...NAMES, '#kind': 'kind' },
      values: { ':owner': owner, ':refused': 'refused' },
    },
    (standing) => standing.owner === owner && recordsSamePipeline(storedReplyOf(standing, requestId), reply),
  );

/**
 * The conditional writes to the item `ACTIVE`. Each answers whether it took effect, in this try or in an earlier one
 * whose answer was lost. Throws `DemoError` STORE_UNAVAILABLE; the write may then have happened or not.
 */
export const createDynamoDeploymentWriter = (table: DynamoTable): DeploymentWriter => ({
  decide: (decision) => decide(table, decision),
  claimLook: (claim) => claimLook(table, claim),
  storeLook: (owner, observation) => storeLook(table, owner, observation),
  recordReply: (owner, requestId, reply) => recordReply(table, owner, requestId, reply),
});
