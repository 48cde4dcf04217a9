import { Type } from 'typebox';
import { isLiveOrigin, isOrigin, isWebhookUrl, readClientAddressSource } from './config-formats.ts';
import { type Details, type Reading, variable, wholly } from './config-variable.ts';
import { createSecret, type Secret } from './secret.ts';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

const MAX_LIST = 20;
const MAX_TEXT = 300;
const MAX_SECRET = 4096;

const readWhole = (text: string): number | undefined => (/^\d{1,12}$/.test(text) ? Number(text) : undefined);

const readDecimal = (text: string): number | undefined =>
  /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;

// Not by toLocaleString, whose first call loads the data of all languages: 30 ms of every start.
const grouped = (amount: number): string => String(amount).replace(/\B(?=(?:\d{3})+$)/g, ',');

const between = (range: Range): string => `from ${grouped(range.minimum)} to ${grouped(range.maximum)}`;

/** A whole number. */
export const wholeNumber = (details: Details, range: Range) =>
  Type.Integer({ ...range, ...variable(details, { allowed: `whole, ${between(range)}`, read: wholly(readWhole) }) });

/** A number, decimals allowed. */
export const decimal = (details: Details, range: Range) =>
  Type.Number({ ...range, ...variable(details, { allowed: between(range), read: wholly(readDecimal) }) });

const duration = (details: Details, range: Range, unitMs: number, read: typeof readWhole, allowed: string) => {
  const readMs = (text: string): number | undefined => {
    const amount = read(text);
    return amount === undefined ? undefined : Math.round(amount * unitMs);
  };
  const bounds = { minimum: range.minimum * unitMs, maximum: range.maximum * unitMs };
  return Type.Integer({ ...bounds, ...variable(details, { allowed, read: wholly(readMs) }) });
};

/** Set in minutes (decimals allowed), held in milliseconds. */
export const minutes = (details: Details, range: Range) =>
  duration(details, range, 60_000, readDecimal, between(range));

/** Set in whole seconds, held in milliseconds. */
export const seconds = (details: Details, range: Range) =>
  duration(details, range, 1000, readWhole, `whole, ${between(range)}`);

/** A number of starts, or null for `unlimited`. */
export const quota = (details: Details, range: Range) => {
  const read = wholly((text) => (text === 'unlimited' ? null : readWhole(text)));
  const allowed = `whole, ${between(range)}, or unlimited`;
  return Type.Union([Type.Integer({ ...range }), Type.Null()], variable(details, { allowed, read }));
};

/** One of a few words. */
export const choice = <const Words extends string[]>(details: Details, words: readonly [...Words]) =>
  Type.Enum(words, variable(details, { allowed: words.join(' or '), read: wholly((text) => text) }));

/** A switch: the first word is true, the second false. */
export const flag = (details: Details, yes: string, no: string) => {
  const read = wholly((text) => (text === yes ? true : text === no ? false : undefined));
  return Type.Boolean(variable(details, { allowed: `${yes} or ${no}`, read }));
};

/** A text for which a test holds. */
export const text = (details: Details, allowed: string, isValid: (text: string) => boolean) => {
  const read = wholly((found) => (isValid(found) ? found : undefined));
  return Type.String({ maxLength: MAX_TEXT, ...variable(details, { allowed, read }) });
};

/** An origin such as `https://demo.example.com`. */
export const origin = (details: Details) => text(details, 'an origin such as https://demo.example.com', isOrigin);

const list = (details: Details, allowed: string, isValid: (entry: string) => boolean) => {
  const read = (found: string): Reading => {
    const entries = found.split(',').map((entry) => entry.trim());
    const offending = entries.find((entry) => !isValid(entry));
    return offending === undefined ? { ok: true, value: entries } : { ok: false, offending };
  };
  return Type.Array(Type.String({ maxLength: MAX_TEXT }), {
    maxItems: MAX_LIST,
    ...variable(details, { allowed: `at most ${MAX_LIST} ${allowed}, separated by commas`, read, whenUnset: [] }),
  });
};

/** Exact origins. */
export const origins = (details: Details) =>
  list(details, 'origins such as https://cv.example.com without a path, never null or *', isOrigin);

/** Origins, or `https://*.suffix` for any host below a suffix. */
export const liveOrigins = (details: Details) =>
  list(details, 'origins such as https://demo.example.com or https://*.demo.example.com', isLiveOrigin);

/** Where the visitor's address is taken from. */
export const clientAddressSource = (details: Details) =>
  Type.Union(
    [
      Type.Object({ kind: Type.Literal('socket') }),
      Type.Object({ kind: Type.Literal('forwarded'), trusted: Type.String() }),
      Type.Object({ kind: Type.Literal('header'), name: Type.String() }),
    ],
    variable(details, {
      allowed: 'socket, forwarded:<trusted CIDR> or header:<name>, never a header that callers can set',
      read: wholly(readClientAddressSource),
    }),
  );

// Neither a token nor an address, which a name could be taken for: what is used as a name is shown in the log.
const SECRET_NAME = /^(?!glpat-)(?!.*:\/\/)[A-Za-z0-9/_+=.@:-]{1,512}$/;

/** The name or ARN of a secret. What was found is never shown, because somebody will put the secret itself here. */
export const secretName = (details: Details) => {
  const read = wholly((found) => (SECRET_NAME.test(found) ? found : undefined));
  const allowed = 'the name or ARN of a secret, not the secret itself';
  return Type.String(variable(details, { allowed, read, secret: true }));
};

const secret = (details: Details, allowed: string, isUsable: (found: string) => boolean) => {
  const read = wholly((found) => (isUsable(found) ? createSecret(found) : undefined));
  return Type.Unsafe<Secret>(variable(details, { allowed, read, secret: true }));
};

/** A secret of at least so many printable characters. */
export const secretValue = (details: Details, minimum: number) => {
  const allowed = `${minimum} to ${grouped(MAX_SECRET)} printable characters without spaces`;
  const isUsable = (found: string): boolean =>
    /^[\x21-\x7e]+$/.test(found) && found.length >= minimum && found.length <= MAX_SECRET;
  return secret(details, allowed, isUsable);
};

/** The address of a webhook, which is a secret: whoever has it can write there. */
export const secretUrl = (details: Details) =>
  secret(details, 'an https address, or http on this machine, without credentials', isWebhookUrl);
