import type { Script, ScriptEffect, ScriptLine, ScriptStream } from './script.ts';

/** Something at a time of its own, in recorded seconds from now; for what Terraform does in parallel. */
export interface TimedStep {
  readonly atSeconds: number;
  readonly text: string;
  readonly effects: readonly Pick<ScriptEffect, 'kind' | 'address'>[];
}

/** Builds a script line by line. Times are those of the recording; the script runs faster by the compression. */
export interface ScriptWriter {
  /** Lets recorded seconds pass. */
  wait(seconds: number): void;
  /** Lines on the script's standard output. */
  say(...texts: readonly string[]): void;
  /** Lines on the script's standard error. */
  complain(...texts: readonly string[]): void;
  /** Lines of the runner itself. */
  note(...texts: readonly string[]): void;
  /** A line that is cut in two, the rest marked as a continuation. */
  split(stream: ScriptStream, head: string, tail: string): void;
  /** The runner's echo of a command of the script. */
  command(text: string): void;
  /** A collapsible section of the runner with its title. */
  section(name: string, title: string, content: () => void): void;
  effect(kind: ScriptEffect['kind'], address: string): void;
  /** Plays steps that happen beside each other, and lets the time of the last one pass. */
  play(steps: readonly TimedStep[]): void;
  finish(failureReason: string | null): Script;
}

/** A busy command writes about this fast. Recorded seconds per line. */
const SECONDS_PER_LINE = 0.01;

/** Makes a writer whose script runs that many times faster than its recording. */
export function createScriptWriter(compression: number): ScriptWriter {
  const lines: ScriptLine[] = [];
  const effects: ScriptEffect[] = [];
  let clockSeconds = 0;
  let openSectionEnd = false;

  const now = (): number => (clockSeconds * 1_000) / compression;

  function put(stream: ScriptStream, text: string, continued = false): void {
    // A continuation appears together with the line it continues, never later.
    const atMs = continued ? (lines.at(-1)?.atMs ?? now()) : now();
    lines.push({ atMs, stream, text, continued });
    if (!continued) clockSeconds += SECONDS_PER_LINE;
  }

  function putAll(stream: ScriptStream, texts: readonly string[]): void {
    openSectionEnd = false;
    for (const text of texts) put(stream, text);
  }

  const writer: ScriptWriter = {
    wait(seconds) {
      clockSeconds += seconds;
    },
    say: (...texts) => putAll('01O', texts),
    complain: (...texts) => putAll('01E', texts),
    note: (...texts) => putAll('00O', texts),
    split(stream, head, tail) {
      putAll(stream, [head]);
      put(stream, tail, true);
    },
    command: (text) => writer.say(`\u001b[32;1m$ ${text}\u001b[0;m`),
    section(name, title, content) {
      put('00O', `section_start:{epoch}:${name}\r\u001b[0K`, openSectionEnd);
      put('00O', `\u001b[0K\u001b[36;1m${title}\u001b[0;m\u001b[0;m`, true);
      openSectionEnd = false;
      content();
      put('00O', `section_end:{epoch}:${name}\r\u001b[0K`);
      openSectionEnd = true;
    },
    effect(kind, address) {
      effects.push({ atMs: now(), kind, address });
    },
    play(steps) {
      const startSeconds = clockSeconds;
      for (const step of steps.toSorted((left, right) => left.atSeconds - right.atSeconds)) {
        clockSeconds = Math.max(clockSeconds, startSeconds + step.atSeconds);
        for (const { kind, address } of step.effects) writer.effect(kind, address);
        writer.say(step.text);
      }
    },
    finish: (failureReason) => ({ lines, effects, durationMs: Math.ceil(now()), failureReason }),
  };
  return writer;
}
