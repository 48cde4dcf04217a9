/**
 * As much of JMESPath (https://jmespath.org/specification.html) as the queries of destroy.sh use; anything else throws, so
 * that a query which is not understood here fails a test instead of finding nothing. Lists that are projected over lose
 * what is null, as there.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Evaluate = (value: Json) => Json;

/** What the parser has built so far, and whether the rest is applied to each element of it. */
interface Node {
  readonly run: Evaluate;
  readonly projects: boolean;
}

const TOKEN =
  /\s*(?:(`[^`]*`)|('(?:[^'\\]|\\.)*')|("[^"]*")|([A-Za-z_][A-Za-z0-9_]*)|(-?\d+)|(\[\?|\[\]|\|\||&&|==|!=|[[\]().,|@!*]))/y;

const tokensOf = (query: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = query.trim();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`JMESPath: cannot read ${text.slice(at)}`);
    tokens.push(match[0].trim());
  }
  return tokens;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isTrue = (value: Json): boolean =>
  !(
    value === null ||
    value === false ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
const textOf = (value: Json): string => {
  if (typeof value !== 'string') throw new Error('JMESPath: invalid-type, a string was expected');
  return value;
};
const listOf = (value: Json): readonly Json[] => {
  if (!isList(value)) throw new Error('JMESPath: invalid-type, an array was expected');
  return value;
};

const FUNCTIONS: Readonly<Record<string, (values: readonly Json[]) => Json>> = {
  join: ([glue = null, list = null]) => listOf(list).map(textOf).join(textOf(glue)),
  not_null: (values) => values.find((value) => value !== null) ?? null,
  contains: ([list = null, wanted = null]) => listOf(list).includes(wanted),
  starts_with: ([text = null, start = null]) => textOf(text).startsWith(textOf(start)),
  to_string: ([value = null]) => (typeof value === 'string' ? value : JSON.stringify(value)),
};

const field = (value: Json, name: string): Json =>
  value !== null && typeof value === 'object' && !isList(value) ? (value[name] ?? null) : null;

/** How tightly what follows binds; as in the reference implementation. */
const POWER: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '[]': 9,
  '.': 40,
  '[?': 21,
  '[': 55,
};
const STOPS_PROJECTION = 10;

const parse = (query: string): Evaluate => {
  const tokens = tokensOf(query);
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const take = (wanted?: string): string => {
    const token = tokens[position];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new Error(`JMESPath: ${wanted ?? 'more'} expected at token ${position} of ${query}`);
    }
    position += 1;
    return token;
  };

  const list = (end: string): Evaluate[] => {
    const items: Evaluate[] = [];
    while (peek() !== end) {
      items.push(expression(0));
      if (peek() !== end) take(',');
    }
    take(end);
    return items;
  };

  const multiSelect = (): Evaluate => {
    const items = list(']');
    return (value) => (value === null ? null : items.map((run) => run(value)));
  };

  const indexed = (): Evaluate => {
    const index = Number(take());
    take(']');
    return (value) => (isList(value) ? (value.at(index) ?? null) : null);
  };

  const first = (): Evaluate => {
    const token = take();
    if (token.startsWith('`')) return () => JSON.parse(token.slice(1, -1)) as Json;
    if (token.startsWith("'")) return () => token.slice(1, -1);
    if (token.startsWith('"')) return (value) => field(value, token.slice(1, -1));
    if (token === '@') return (value) => value;
    if (token === '!') {
      const run = expression(45);
      return (value) => !isTrue(run(value));
    }
    if (token === '(') {
      const run = expression(0);
      take(')');
      return run;
    }
    if (token === '[') return /^-?\d/.test(peek() ?? '') ? indexed() : multiSelect();
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`JMESPath: ${token} cannot begin an expression of ${query}`);
    if (peek() !== '(') return (value) => field(value, token);
    take('(');
    const items = list(')');
    const call = FUNCTIONS[token];
    if (call === undefined) throw new Error(`JMESPath: no function ${token} here`);
    return (value) => call(items.map((run) => run(value)));
  };

  /** What is left of a projection applies to each element. */
  const rest = (power: number): Evaluate => {
    const next = peek();
    if (next === undefined || (POWER[next] ?? 0) < STOPS_PROJECTION) return (value) => value;
    if (next === '.') {
      take('.');
      return dotted(power);
    }
    return follow({ run: (value) => value, projects: false }, power).run;
  };

  const dotted = (power: number): Evaluate => {
    if (peek() === '[') {
      take('[');
      const select = multiSelect();
      return follow({ run: select, projects: false }, power).run;
    }
    return expression(power);
  };

  const projecting = (left: Evaluate, listFrom: Evaluate, power: number): Node => {
    const each = rest(power);
    return {
      projects: true,
      run: (value) => {
        const items = listFrom(left(value));
        return isList(items) ? items.map(each).filter((item) => item !== null) : null;
      },
    };
  };

  const flattened: Evaluate = (value) =>
    isList(value) ? value.flatMap((item) => (isList(item) ? item : [item])) : null;

  const comparing = (left: Evaluate, isWanted: (same: boolean) => boolean): Evaluate => {
    const right = expression(5);
    return (value) => isWanted(JSON.stringify(left(value)) === JSON.stringify(right(value)));
  };

  const step = (left: Node, token: string): Node => {
    const plain = (run: Evaluate): Node => ({ run, projects: false });
    const { run } = left;
    if (token === '.') {
      const right = dotted(POWER['.'] ?? 0);
      return plain((value) => {
        const inner = run(value);
        return inner === null ? null : right(inner);
      });
    }
    if (token === '[]') return projecting(run, flattened, POWER['[]'] ?? 0);
    if (token === '[?') {
      const condition = expression(0);
      take(']');
      return projecting(run, (value) => (isList(value) ? value.filter((item) => isTrue(condition(item))) : null), 21);
    }
    if (token === '[') {
      const item = indexed();
      return plain((value) => item(run(value)));
    }
    if (token === '==') return plain(comparing(run, (same) => same));
    if (token === '!=') return plain(comparing(run, (same) => !same));
    const right = expression(POWER[token] ?? 0);
    if (token === '|') return plain((value) => right(run(value)));
    if (token === '||') return plain((value) => (isTrue(run(value)) ? run(value) : right(value)));
    return plain((value) => (isTrue(run(value)) ? right(value) : run(value)));
  };

  const follow = (start: Node, power: number): Node => {
    let left = start;
    for (let next = peek(); next !== undefined && (POWER[next] ?? 0) > power; next = peek()) {
      left = step(left, take());
    }
    return left;
  };

  const expression = (power: number): Evaluate => follow({ run: first(), projects: false }, power).run;

  const whole = expression(0);
  if (position < tokens.length) throw new Error(`JMESPath: ${tokens[position]} is too much in ${query}`);
  return whole;
};

const parsed = new Map<string, Evaluate>();

/** The value of that query. Throws Error for what is not understood, and for a function's wrong argument. */
export const search = (query: string, document: Json): Json => {
  const run = parsed.get(query) ?? parse(query);
  if (parsed.size < 500) parsed.set(query, run);
  return run(document);
};

const cell = (value: Json): string => {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') throw new Error('text output: nested deeper than a row');
  return String(value);
};

/** The tool's `--output text`: a list of lists is a row each, a list of scalars one row, null is `None`. */
export const asText = (value: Json): string => {
  if (!isList(value)) return `${cell(value)}\n`;
  if (value.length === 0) return '';
  const rows = value.every((item) => isList(item)) ? value : [value];
  return rows.map((row) => `${listOf(row).map(cell).join('\t')}\n`).join('');
};
