import { RESOURCE_TABLE } from '../../src/local/gitlab-simulator/trace/resource-table.ts';
import { scheduleCreation, scheduleDestruction } from '../../src/local/gitlab-simulator/trace/terraform-schedule.ts';

interface ReplayStage {
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly started_at_seconds: number | null;
  readonly finished_at_seconds: number | null;
  readonly state: string;
}

interface ReplayLine {
  readonly at_seconds: number;
  readonly stage: string;
  readonly text: string;
}

/** What `GET /v1/deployments/latest/replay` answers with. */
export interface ReplayJson {
  readonly id: string;
  readonly sample: boolean;
  readonly created_at: string;
  readonly live_at: string;
  readonly down_at: string | null;
  readonly gone_at: string | null;
  readonly total_seconds: number;
  readonly stages: readonly ReplayStage[];
  readonly lines: readonly ReplayLine[];
  readonly lines_total: number;
}

const CREATED_AT = Date.parse('2026-11-24T13:02:00.000Z');
const at = (seconds: number): string => new Date(CREATED_AT + seconds * 1_000).toISOString();

const PLAN_AT = 20;
const APPLY_AT = 60;
const VERIFY_AT = 690;
const LIVE_AT = 760;
/** It was live for half an hour. */
const DOWN_AT = LIVE_AT + 1_800;
const DESTROY_AT = DOWN_AT + 20;
const INVENTORY_AT = DESTROY_AT + 420;
const GONE_AT = INVENTORY_AT + 380;

const stage = (name: string, direction: 'up' | 'down', from: number, to: number): ReplayStage => ({
  name,
  direction,
  started_at_seconds: from,
  finished_at_seconds: to,
  state: 'succeeded',
});

const line = (atSeconds: number, stageName: string, text: string): ReplayLine => ({
  at_seconds: atSeconds,
  stage: stageName,
  text,
});

const created = scheduleCreation(RESOURCE_TABLE).flatMap(({ row, fromSeconds, untilSeconds }) => [
  line(APPLY_AT + fromSeconds, 'apply', `\u001b[1m${row.address}: Creating...\u001b[0m`),
  line(APPLY_AT + untilSeconds, 'apply', `\u001b[1m${row.address}: Creation complete after 1s [id=demo]\u001b[0m`),
]);

const destroyed = scheduleDestruction(RESOURCE_TABLE).flatMap(({ row, fromSeconds, untilSeconds }) => [
  line(DESTROY_AT + fromSeconds, 'destroy', `${row.address}: Destroying... [id=demo]`),
  line(DESTROY_AT + untilSeconds, 'destroy', `${row.address}: Destruction complete after 1s`),
]);

/** A run of an hour, twelve minutes of them up, as the server would have kept it. */
export const replayFixture = (change: Partial<ReplayJson> = {}): ReplayJson => {
  const lines = [
    ...RESOURCE_TABLE.map(({ address }) => line(PLAN_AT + 15, 'plan', `  # ${address} will be created`)),
    ...created,
    line(VERIFY_AT + 20, 'verify', '\u001b[32mthe page shows the id of this run\u001b[0m'),
    ...destroyed,
    line(INVENTORY_AT + 5, 'inventory', '\u001b[32;1mNothing is left that costs money.\u001b[0m'),
  ].toSorted((left, right) => left.at_seconds - right.at_seconds);
  return {
    id: '01a20c0f-0000-7000-8000-00000000000a',
    sample: true,
    created_at: at(0),
    live_at: at(LIVE_AT),
    down_at: at(DOWN_AT),
    gone_at: at(GONE_AT),
    total_seconds: GONE_AT,
    stages: [
      stage('plan', 'up', PLAN_AT, APPLY_AT - 5),
      stage('apply', 'up', APPLY_AT, VERIFY_AT - 5),
      stage('verify', 'up', VERIFY_AT, LIVE_AT - 10),
      stage('destroy', 'down', DESTROY_AT, INVENTORY_AT - 5),
      stage('inventory', 'down', INVENTORY_AT, INVENTORY_AT + 20),
    ],
    lines,
    lines_total: lines.length,
    ...change,
  };
};
