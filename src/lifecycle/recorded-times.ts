/**
 * When the lines of a stored log came. Logs are stored without the times of their lines, and a part of a log only says
 * when it was last written. But Terraform says of each resource how long it has been at it, and that is an hourglass.
 */

const SGR = /\x1b\[[0-9;:]*m/g;
const DURATION = '(?:(\\d{1,2})h)?(?:(\\d{1,3})m)?(\\d{1,5})s';
/** As Terraform's user interface prints its progress (internal/command/views/hook_ui.go). */
const BEGUN = /^(.{1,300}?): (?:Creat|Destroy|Modify|Read)ing\.\.\./;
const GOING_ON = new RegExp(`^(.{1,300}?): Still [a-z]{1,20}\\.\\.\\. \\[(?:id=.{0,300}, )?${DURATION} elapsed\\]`);
const COMPLETE = new RegExp(`^(.{1,300}?): (?:Creation|Destruction|Modifications|Read) complete after ${DURATION}`);

const secondsOf = ([hours = '0', minutes = '0', seconds = '0']: readonly (string | undefined)[]): number =>
  Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);

/** Whether a line tells that a resource, or all of it, is done. Colours do not matter. */
export const tellsCompletion = (text: string): boolean => {
  const plain = text.replace(SGR, '');
  return COMPLETE.test(plain) || /^(?:Apply|Destroy) complete!/.test(plain);
};

/**
 * The earliest second, counted from the first line, at which each line of a job's log can have come: a line that says
 * that a resource took so long is at least that much later than the one with which it began. Never goes back. All
 * zeros for a log in which nothing tells the time.
 */
export const earliestSeconds = (lines: readonly string[]): readonly number[] => {
  const beginnings = new Map<string, number>();
  let at = 0;
  return lines.map((line) => {
    const plain = line.replace(SGR, '');
    const begun = BEGUN.exec(plain)?.[1];
    if (begun !== undefined) beginnings.set(begun, at);
    const told = begun === undefined ? (GOING_ON.exec(plain) ?? COMPLETE.exec(plain)) : null;
    const beginning = beginnings.get(told?.[1] ?? '');
    if (told !== null && beginning !== undefined) at = Math.max(at, beginning + secondsOf(told.slice(2)));
    return at;
  });
};

/**
 * When lines came, from their earliest seconds and the time of their job: lines with the same second are spread evenly
 * up to the next one, so a log without any is spread evenly over its job. Where the log tells of more time than the job
 * took, its clock runs faster. Milliseconds in whole numbers, never going back, within the job.
 */
export const timesOf = (
  lines: readonly { readonly earliestSeconds: number }[],
  startedAtMs: number,
  finishedAtMs: number,
): readonly number[] => {
  const lengthMs = finishedAtMs - startedAtMs;
  const toldMs = (lines.at(-1)?.earliestSeconds ?? 0) * 1000;
  const pace = toldMs > lengthMs ? lengthMs / toldMs : 1;
  const times: number[] = [];
  for (let from = 0; from < lines.length; ) {
    const second = lines[from]?.earliestSeconds ?? 0;
    let to = from;
    while (to < lines.length && lines[to]?.earliestSeconds === second) to += 1;
    const beginMs = second * 1000 * pace;
    const next = lines[to];
    const endMs = next === undefined ? lengthMs : next.earliestSeconds * 1000 * pace;
    // The last line of all comes when its job ends, any other one before those that have to be later.
    const steps = next === undefined ? Math.max(1, to - from - 1) : to - from;
    for (let line = from; line < to; line += 1) {
      times.push(startedAtMs + Math.round(beginMs + ((endMs - beginMs) * (line - from)) / steps));
    }
    from = to;
  }
  return times;
};
