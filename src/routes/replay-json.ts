import { lengthMs, type RecordedStage, type Recording } from '../lifecycle/recording.ts';
import type { ReplayJson } from './schemas/replay.ts';
import { isoOf, isoOrNull } from './view-json.ts';

const MS_PER_SECOND = 1000;

const stageJson = (stage: RecordedStage): ReplayJson['stages'][number] => ({
  name: stage.name,
  direction: stage.direction,
  started_at_seconds: stage.startedAtMs / MS_PER_SECOND,
  finished_at_seconds: stage.finishedAtMs / MS_PER_SECOND,
  state: stage.state,
});

/** A recording as JSON. Written out field by field, so that nothing new becomes public by accident. */
export const replayJson = (recording: Recording): ReplayJson => ({
  id: recording.id,
  sample: recording.sample,
  created_at: isoOf(recording.createdAt),
  live_at: isoOf(recording.liveAt),
  down_at: isoOrNull(recording.downAt),
  gone_at: isoOrNull(recording.goneAt),
  total_seconds: lengthMs(recording) / MS_PER_SECOND,
  stages: recording.stages.map(stageJson),
  lines: recording.lines.map(({ atMs, stage, text }) => ({ at_seconds: atMs / MS_PER_SECOND, stage, text })),
  lines_total: recording.linesTotal,
});
