/** Stands at the end of a line that was cut because it is too long to show. */
export const CUT_MARKER = ' … [line cut]';

/** The longest line that is shown, in UTF-16 units, without the marker. */
export const LINE_LIMIT = 16_384;

/** Renders one logical line from pieces. */
export type LineRenderer = {
  write(piece: string): void;
  /** The line as it is shown, or null if it held nothing but section markers; the renderer is then ready for the next. */
  end(): string | null;
};

type State = 'text' | 'escape' | 'csi' | 'osc' | 'osc-escape' | 'charset';

const PLAIN = /[^\x00-\x08\x0a-\x1f\x7f-\x9f]+/y;
const MARKER = /section_(?:start|end):\d{1,20}:[\w.-]{1,200}(?:\[[^\]]{0,200}\])?$/;
const MARKER_LONGEST = 450;
const COLOURS = /\x1b\[[0-9;:]*m/g;
const CSI_LONGEST = 64;
const OSC_LONGEST = 2048;

/** Removes everything from a line that has no width: the colours. */
function isBlank(line: string): boolean {
  return line.replace(COLOURS, '') === '';
}

/**
 * Creates a renderer. It keeps colours (SGR) and drops every other escape sequence and control character; a carriage
 * return starts the line over, as GitLab's own log viewer does; a section marker leaves nothing. What is longer than
 * `limitCharacters` is cut with a marker, so the renderer's memory is bounded. Its input may come in any pieces.
 */
export function createLineRenderer(limitCharacters: number = LINE_LIMIT): LineRenderer {
  let line = '';
  let isCut = false;
  let hadMarker = false;
  // A carriage return counts only when something is written after it: at the end of a line it is part of the newline.
  let isReturned = false;
  // Colours after a carriage return wait to learn whether the line starts over.
  let waitingColours = '';
  let state: State = 'text';
  let sequence = '';

  function show(text: string): void {
    if (isReturned) {
      line = waitingColours;
      waitingColours = '';
      isCut = false;
      isReturned = false;
    }
    const room = limitCharacters - line.length;
    if (text.length > room) isCut = true;
    if (room > 0) line += text.length > room ? withoutHalfPair(text.slice(0, room)) : text;
  }

  function dropMarker(): void {
    const tail = line.slice(-MARKER_LONGEST);
    const marker = MARKER.exec(tail.slice(Math.max(0, tail.lastIndexOf('section_'))));
    if (marker === null) return;
    line = line.slice(0, line.length - marker[0].length);
    hadMarker = true;
    isReturned = false;
    line += waitingColours;
    waitingColours = '';
  }

  function finishCsi(): void {
    if (isReturned && sequence === '[0K') dropMarker();
    const isColour = /^\[[0-9;:]*m$/.test(sequence);
    const hasRoom = line.length + waitingColours.length + sequence.length < limitCharacters;
    if (isColour && hasRoom && isReturned) waitingColours += `\x1b${sequence}`;
    else if (isColour && hasRoom) line += `\x1b${sequence}`;
    sequence = '';
    state = 'text';
  }

  function control(character: string): void {
    if (character === '\x1b') state = 'escape';
    else if (character === '\x9b') state = 'csi';
    else if (character === '\r') isReturned = true;
    if (state === 'csi') sequence = '[';
  }

  function step(character: string): void {
    switch (state) {
      case 'text':
        control(character);
        return;
      case 'escape':
        state = character === '[' ? 'csi' : character === ']' ? 'osc' : '()*+'.includes(character) ? 'charset' : 'text';
        sequence = state === 'csi' ? '[' : '';
        // After a lone escape only the known single letters belong to it; all else is text.
        if (state === 'text' && !'78=>cDEHMNOZ\\'.includes(character)) again(character);
        return;
      case 'charset':
        state = 'text';
        return;
      case 'csi':
        if (/[ -?]/.test(character) && sequence.length < CSI_LONGEST) sequence += character;
        else if (/[@-~]/.test(character)) {
          sequence += character;
          finishCsi();
        } else {
          state = 'text';
          again(character);
        }
        return;
      case 'osc':
        sequence += character;
        if (character === '\x07' || sequence.length > OSC_LONGEST) state = 'text';
        else if (character === '\x1b') state = 'osc-escape';
        return;
      case 'osc-escape':
        // Without the backslash it is the beginning of another sequence, which ends this one.
        state = character === '\\' ? 'text' : 'escape';
        if (state === 'escape') step(character);
    }
  }

  function again(character: string): void {
    if (/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(character)) control(character);
    else show(character);
  }

  return {
    write(piece) {
      let position = 0;
      while (position < piece.length) {
        PLAIN.lastIndex = position;
        if (state === 'text' && PLAIN.test(piece)) {
          show(piece.slice(position, PLAIN.lastIndex));
          position = PLAIN.lastIndex;
          continue;
        }
        step(piece[position] ?? '');
        position += 1;
      }
    },
    end() {
      const whole = line + waitingColours;
      const result = hadMarker && isBlank(whole) ? null : isCut ? cutLine(whole, limitCharacters) : whole;
      line = '';
      waitingColours = '';
      isCut = false;
      hadMarker = false;
      isReturned = false;
      state = 'text';
      sequence = '';
      return result;
    },
  };
}

function withoutHalfPair(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

/** Shortens a line to `limitCharacters` and says so; colours that were open end there. */
export function cutLine(line: string, limitCharacters: number): string {
  // Neither a surrogate pair nor a colour code nor a mask may be cut in two.
  const head = withoutHalfPair(line.slice(0, limitCharacters)).replace(
    /(?:\x1b(?:\[[0-9;:]{0,60})?|\[M?A?S?K?E?D?)$/,
    '',
  );
  return head + (head.includes('\x1b') ? '\x1b[0m' : '') + CUT_MARKER;
}
