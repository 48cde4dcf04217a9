import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { JobState } from '../lifecycle/observation.ts';
import type { RecordedStage, Recording } from '../lifecycle/recording.ts';
import { RECORDING_KEY, TABLE_SCHEMA } from './dynamodb-schema.ts';
import type { Item } from './dynamodb-table.ts';
import {
  BrokenItem,
  type Codec,
  decodeFields,
  encodeFields,
  type Fields,
  flag,
  integer,
  list,
  nullable,
  record,
  text,
  word,
} from './item-codec.ts';

/** How a recording is laid out in its item, in both directions. Pure but for the compression. */

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Raised when the content is laid out in another way, so that an older version does not misread it. */
const FORMAT = 1;
/** Nothing that was compressed here is longer; what is was put there by somebody else. */
const MOST_CONTENT_BYTES = 2_000_000;

const bytes: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (raw, at) => {
    if (!(raw instanceof Uint8Array)) throw new BrokenItem(at, 'bytes');
    return raw;
  },
};

const FACTS: Fields<{ readonly format: number; readonly createdAt: number; readonly content: Uint8Array }> = {
  format: integer,
  createdAt: integer,
  content: bytes,
};

const stage: Codec<RecordedStage> = record<RecordedStage>({
  name: text,
  direction: word<RecordedStage['direction']>({ up: true, down: true }),
  startedAtMs: integer,
  finishedAtMs: integer,
  state: word<JobState>({
    waiting: true,
    running: true,
    succeeded: true,
    failed: true,
    canceled: true,
    skipped: true,
    manual: true,
  }),
});

/** The lines lie in three lists, which is shorter, and compresses better, than a list of lines. */
interface Content extends Omit<Recording, 'lines'> {
  readonly lineTimesMs: readonly number[];
  /** Indices of `stageNames`. */
  readonly lineStages: readonly number[];
  readonly stageNames: readonly string[];
  readonly texts: readonly string[];
}

const CONTENT: Fields<Content> = {
  id: text,
  sample: flag,
  createdAt: integer,
  liveAt: integer,
  downAt: nullable(integer),
  goneAt: nullable(integer),
  stages: list(stage),
  linesTotal: integer,
  lineTimesMs: list(integer),
  lineStages: list(integer),
  stageNames: list(text),
  texts: list(text),
};

const contentOf = ({ lines, ...facts }: Recording): Content => {
  const stageNames = [...new Set(lines.map((line) => line.stage))];
  const indices = new Map(stageNames.map((name, index) => [name, index]));
  return {
    ...facts,
    lineTimesMs: lines.map(({ atMs }) => atMs),
    lineStages: lines.map((line) => indices.get(line.stage) ?? 0),
    stageNames,
    texts: lines.map((line) => line.text),
  };
};

const recordingOf = ({ lineTimesMs, lineStages, stageNames, texts, ...facts }: Content): Recording => ({
  ...facts,
  lines: texts.map((lineText, index) => {
    const atMs = lineTimesMs[index];
    const name = stageNames[lineStages[index] ?? -1];
    if (atMs === undefined || name === undefined) throw new BrokenItem(RECORDING_KEY, 'lists of one length');
    return { atMs, stage: name, text: lineText };
  }),
});

/** The recording as compressed bytes. */
export const encodeRecording = (recording: Recording): Promise<Buffer> =>
  compress(JSON.stringify(encodeFields(CONTENT, contentOf(recording))));

const parsed = async (content: Uint8Array): Promise<Readonly<Record<string, unknown>>> => {
  try {
    const value: unknown = JSON.parse(
      (await decompress(content, { maxOutputLength: MOST_CONTENT_BYTES })).toString('utf8'),
    );
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Neither the compression nor the text is ours; their errors would quote it.
  }
  throw new BrokenItem(`${RECORDING_KEY}.content`, 'a compressed recording');
};

/** Throws `BrokenItem` for bytes that `encodeRecording` could not have made. */
export const decodeRecording = async (content: Uint8Array): Promise<Recording> =>
  recordingOf(decodeFields(CONTENT, await parsed(content), RECORDING_KEY));

/** The item of a recording: its content compressed, and beside it what decides which of two is the later run. */
export const recordingItemOf = async (recording: Recording): Promise<Item> => {
  const content = await encodeRecording(recording);
  return {
    [TABLE_SCHEMA.key]: RECORDING_KEY,
    ...encodeFields(FACTS, { format: FORMAT, createdAt: recording.createdAt, content }),
  };
};

/**
 * The recording in an item; null for one that another version laid out differently. Throws `BrokenItem` when it is not
 * one that `recordingItemOf` could have made.
 */
export const recordingOfItem = async (item: Item): Promise<Recording | null> => {
  if (integer.decode(item.format, `${RECORDING_KEY}.format`) !== FORMAT) return null;
  return decodeRecording(decodeFields(FACTS, item, RECORDING_KEY).content);
};
