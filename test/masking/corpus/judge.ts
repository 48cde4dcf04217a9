import { type Sample, textOf } from './family.ts';

/** Shorter pieces of a secret give nothing away, and stand somewhere in any text. */
const PIECE = 6;

const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\]8;[^\x07\x1b]*(?:\x07|\x1b\\))/g;
const JOINTS = /\n\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f]{2}[EO]\+/g;

/** What a reader puts together in his head: without colours, with the lines that the runner cut joined again. */
const asRead = (text: string): string => text.replace(JOINTS, '').replace(ESCAPES, '');

const piecesOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - PIECE + 1) }, (_, at) => text.slice(at, at + PIECE));

/** The secrets of a sample that can still be read in its masked text, wholly or in pieces. */
export const leaksOf = (sample: Sample, masked: string): string[] => {
  const shown = new Set([...piecesOf(masked), ...piecesOf(asRead(masked))]);
  // What also stands beside the secret, as the common beginning of two encoded files does, does not tell it.
  for (const { role, text } of sample.parts) {
    if (role !== 'secret') for (const piece of piecesOf(text)) shown.delete(piece);
  }
  return sample.parts.flatMap(({ role, text }) => {
    if (role !== 'secret' || text === '') return [];
    if (text.length < PIECE) return masked.includes(text) ? [text] : [];
    const pieces = piecesOf(text).filter((piece) => shown.has(piece));
    return pieces.length === 0 ? [] : [pieces.length > 1 ? text : (pieces[0] ?? '')];
  });
};

const lostWordsOf = (sample: Sample, masked: string): string[] => {
  let at = 0;
  return sample.parts.flatMap(({ role, text }) => {
    if (role !== 'kept') return [];
    return (text.match(/[\p{L}\p{M}\p{N}_]{2,}/gu) ?? []).filter((word) => {
      const found = masked.indexOf(word, at);
      if (found >= 0) at = found + word.length;
      return found < 0;
    });
  });
};

const linesOf = (text: string): number => text.split('\n').length;

/** Everything that is wrong with a masked sample, in words; nothing if it is well masked. */
export const faultsOf = (sample: Sample, masked: string): string[] => {
  const faults: string[] = [];
  const leaks = leaksOf(sample, masked);
  if (leaks.length > 0) faults.push(`shows ${JSON.stringify(leaks)}`);
  const lost = lostWordsOf(sample, masked);
  if (lost.length > 0) faults.push(`has lost ${JSON.stringify(lost)}`);
  const [before, after] = [linesOf(textOf(sample)), linesOf(masked)];
  if (before !== after) faults.push(`has ${after} lines of ${before}`);
  return faults;
};
