/** The length of the prefix a GitLab runner puts before every line when timestamps are on (the default since 18.7). */
export const TIMESTAMP_LENGTH = 32;

/** `2026-11-20T09:01:35.140026Z 01O ` — instant, stream, channel, and a blank or `+` (docs.gitlab.com, job logs). */
export const TIMESTAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{2}[EO][ +]/y;

const PLUS = 0x2b;

/** What becomes of the parts of a logical line, in this order: open, any number of text and join, close. */
export type LineSink = {
  /** A new logical line begins; `prefix` is its timestamp prefix or empty. */
  open(prefix: string): void;
  /** The runner cut the line here: `joint` is the newline and the prefix of the continuation. */
  join(joint: string): void;
  text(piece: string): void;
  /** The line is complete; `terminated` says whether a newline ended it. */
  close(terminated: boolean): void;
  /** Lines that need not be taken apart; absent, all are. */
  readonly quiet?: {
    /** The position of the newline of a line that begins at `from` and needs none of the above; -1 for any other. */
    endOf(chunk: string, from: number): number;
    /** Some of them, each with its newline. */
    pass(lines: string): void;
  };
};

export type LogicalLines = {
  write(chunk: string): void;
  end(): void;
  /** How many newlines have gone by up to the end of the last closed line. */
  closedNewlines(): number;
};

/** Whether a prefix begins there. */
export function isTimestampAt(text: string, at: number): boolean {
  TIMESTAMP.lastIndex = at;
  return TIMESTAMP.test(text);
}

/**
 * Cuts a trace into logical lines: a physical line whose prefix carries `+` continues the one before it, so a line is
 * closed only when the next one is known not to be a continuation. Holds at most one prefix itself; what the sink
 * receives is the same for every chunking except for the borders between `text` pieces.
 */
export function createLogicalLines(sink: LineSink): LogicalLines {
  // The beginning of a physical line as long as it is not known whether it is a prefix.
  let head = '';
  let isAtLineStart = true;
  let isOpen = false;
  let newlines = 0;
  let closed = 0;

  function startLine(): void {
    const prefix = isTimestampAt(head, 0) ? head.slice(0, TIMESTAMP_LENGTH) : '';
    if (isOpen && prefix.endsWith('+')) {
      sink.join(`\n${prefix}`);
    } else {
      closeLine(true);
      isOpen = true;
      sink.open(prefix);
    }
    if (head.length > prefix.length) sink.text(head.slice(prefix.length));
    head = '';
    isAtLineStart = false;
  }

  function closeLine(terminated: boolean): void {
    if (!isOpen) return;
    isOpen = false;
    closed = newlines;
    sink.close(terminated);
  }

  // Null where not enough has come to tell.
  function isContinuation(chunk: string, at: number): boolean | null {
    const last = at + TIMESTAMP_LENGTH - 1;
    if (last < chunk.length) return chunk.charCodeAt(last) === PLUS && isTimestampAt(chunk, at);
    return chunk.indexOf('\n', at) < 0 ? null : false;
  }

  // Lets whole lines pass, as long as each is known to end where its newline is.
  function passQuiet(chunk: string, from: number): number {
    const { quiet } = sink;
    if (quiet === undefined || head !== '' || isContinuation(chunk, from) !== false) return from;
    closeLine(true);
    let position = from;
    for (let end = quiet.endOf(chunk, from); end >= 0 && end < chunk.length; end = quiet.endOf(chunk, position)) {
      if (isContinuation(chunk, end + 1) !== false) break;
      newlines += 1;
      position = end + 1;
    }
    if (position > from) {
      closed = newlines;
      quiet.pass(chunk.slice(from, position));
    }
    return position;
  }

  function takeHead(chunk: string, from: number): number {
    const newline = chunk.indexOf('\n', from);
    const lineEnd = newline < 0 ? chunk.length : newline;
    const taken = Math.min(lineEnd, from + TIMESTAMP_LENGTH - head.length);
    head += chunk.slice(from, taken);
    if (head.length === TIMESTAMP_LENGTH || newline === taken) startLine();
    return taken;
  }

  return {
    write(chunk) {
      let position = 0;
      while (position < chunk.length) {
        if (isAtLineStart) {
          position = passQuiet(chunk, position);
          if (position < chunk.length) position = takeHead(chunk, position);
          continue;
        }
        const newline = chunk.indexOf('\n', position);
        const lineEnd = newline < 0 ? chunk.length : newline;
        if (lineEnd > position) sink.text(chunk.slice(position, lineEnd));
        position = lineEnd;
        if (newline < 0) continue;
        position += 1;
        newlines += 1;
        isAtLineStart = true;
      }
    },
    end() {
      if (head !== '') startLine();
      closeLine(isAtLineStart);
      isAtLineStart = true;
    },
    closedNewlines: () => closed,
  };
}
