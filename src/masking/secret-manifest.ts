import type { Span } from './rule.ts';

/** Follows Kubernetes manifests, of which those of `kind: Secret` hold secrets under any key. */
export type Manifest = { line(text: string): Span[]; isSettled(): boolean };

/** A line without these, in any case, begins neither a manifest nor its data. */
export const MANIFEST_TRIGGERS = ['kind', 'data'].flatMap((key) => [`${key}:`, `${key}"`, `${key}'`]);

const KIND = /^(\s*(?:- )?)["']?kind["']?:\s*["']?(\w{1,64})["']?,?\s*$/;
const DATA = /^(\s*(?:- )?)["']?(?:data|stringData)["']?:\s*(?:\{\s*)?$/;
const ENTRY = /^(\s+["']?[\w.-]{1,253}["']?:\s+)(["']?)([^\s"']{1,65536})["']?,?\s*$/;
const ONE_LINE_KIND = /"kind"\s?:\s?"Secret"/;
const ONE_LINE_DATA = /"(?:data|stringData)"\s?:\s?\{([^{}]{0,65536})\}/g;
const ONE_LINE_ENTRY = /"[^"]{1,253}"\s?:\s?"([^"]{1,65536})"/g;
const BASE64 = /^(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LINES = 1000;

// `kubectl get -o yaml` prints `data` before `kind`. Until the kind is known, only what can hardly be anything but
// base64 counts.
function looksEncoded(value: string): boolean {
  if (!BASE64.test(value)) return false;
  if (value.endsWith('=')) return true;
  return value.length >= 16 && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

function oneLine(text: string): Span[] {
  if (!text.includes('"kind"') || !ONE_LINE_KIND.test(text)) return [];
  const spans: Span[] = [];
  for (const data of text.matchAll(ONE_LINE_DATA)) {
    const offset = data.index + data[0].length - 1 - (data[1]?.length ?? 0);
    for (const entry of (data[1] ?? '').matchAll(ONE_LINE_ENTRY)) {
      const end = offset + entry.index + entry[0].length - 1;
      const start = end - (entry[1]?.length ?? 0);
      if (entry[1] !== '[MASKED]') spans.push({ start, end });
    }
  }
  return spans;
}

/** Creates the state for one trace. */
export function createManifest(): Manifest {
  let kind = { name: '', indent: 0 };
  let dataIndent = -1;
  let linesLeft = 0;

  function entry(text: string): Span[] {
    const match = ENTRY.exec(text);
    if (match === null || match[3] === '[MASKED]') return [];
    const isSecret = kind.name === 'Secret' || (kind.name === '' && looksEncoded(match[3] ?? ''));
    const start = (match[1] ?? '').length + (match[2] ?? '').length;
    return isSecret ? [{ start, end: start + (match[3] ?? '').length }] : [];
  }

  function follow(text: string): Span[] {
    const indent = text.length - text.trimStart().length;
    if (/^---/.test(text)) kind = { name: '', indent: 0 };
    const found = KIND.exec(text);
    if (found !== null) kind = { name: found[2] ?? '', indent: (found[1] ?? '').length };
    const data = DATA.exec(text);
    if (data !== null) {
      dataIndent = (data[1] ?? '').length;
      linesLeft = LINES;
      return [];
    }
    if (dataIndent < 0) return [];
    linesLeft -= 1;
    if (linesLeft > 0 && (text.trim() === '' || indent > dataIndent)) return entry(text);
    dataIndent = -1;
    return [];
  }

  return {
    line(text) {
      if (text === '') return [];
      const spans = follow(text);
      // The kind holds for its manifest, which ends where something less indented that is no key begins.
      if (text.trim() !== '' && !/^\s*(?:- |[\w."'/-]{1,253}:|[{}\][])/.test(text)) kind = { name: '', indent: 0 };
      return [...spans, ...oneLine(text)];
    },
    isSettled: () => kind.name === '' && dataIndent < 0,
  };
}
