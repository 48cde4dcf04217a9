import type { Recording } from '../../src/lifecycle/recording.ts';

/** When the click of `recordingOfRun` was. */
export const RECORDED_AT = Date.UTC(2026, 10, 20, 9);

export const RECORDED_ID = '01930000-0000-7000-8000-0000000000aa';

/** A small recording of a whole life. */
export const recordingOfRun = (fields: Partial<Recording> = {}): Recording => ({
  id: RECORDED_ID,
  sample: false,
  createdAt: RECORDED_AT,
  liveAt: RECORDED_AT + 720_500,
  downAt: RECORDED_AT + 900_000,
  goneAt: RECORDED_AT + 1_500_000,
  stages: [
    { name: 'apply', direction: 'up', startedAtMs: 5_000, finishedAtMs: 700_250, state: 'succeeded' },
    { name: 'destroy', direction: 'down', startedAtMs: 905_000, finishedAtMs: 1_200_000, state: 'succeeded' },
  ],
  lines: [
    { atMs: 5_000, stage: 'apply', text: '\u001b[32;1m$ terraform apply\u001b[0;m' },
    { atMs: 700_250, stage: 'apply', text: 'token = [MASKED] – „fertig“ 🚀' },
    { atMs: 905_000, stage: 'destroy', text: '' },
  ],
  linesTotal: 3_000,
  ...fields,
});
