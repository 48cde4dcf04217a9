// @ts-check
import { destroyDeployment, extendDeployment, serverNow, startDeployment } from './api.js';
import { ask, byId, setText, show, wireDialog } from './dom.js';
import { clockWords, instantOf } from './figures.js';
import { copyText } from './links.js';
import { Problem, refusalWords } from './problem.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {{ of: (id: string) => string | null, keep: (id: string, token: string) => void }} Tokens */
/** @typedef {{ follow: (id: string, view: View | null) => void, adopt: (view: View) => void }} Follower */

const EXTENSION_MS = 30 * 60_000;
/** How long a press on "copy" is confirmed. */
const COPIED_MS = 3_000;

/** @param {View} view @returns {number | null} the end that one press of "extend" asks for; null: none is later */
const nextEndOf = (view) => {
  const [expiresAt, latest] = [instantOf(view.expires_at), instantOf(view.max_expires_at)];
  if (!view.can_extend || expiresAt === null || latest === null || latest <= expiresAt) return null;
  return Math.min(expiresAt + EXTENSION_MS, latest);
};

/** @param {View} view @param {number} endAt @param {number} now */
const extensionWords = (view, endAt, now) =>
  endAt === instantOf(view.max_expires_at)
    ? `Extend to the latest end,\u00a0${clockWords(endAt, now)}`
    : `Extend by 30\u00a0min, to\u00a0${clockWords(endAt, now)}`;

/** What a press led to is read aloud because the focus goes there. @param {string} id */
const focusOn = (id) => byId(id).focus();

/** @param {string} words */
const say = (words) => {
  setText(byId('notice'), words);
  show(byId('notice'), words !== '');
  if (words !== '') focusOn('notice');
};

/** What was refused a while ago is not so any more. */
export const forgetRefusal = () => {
  setText(byId('notice'), '');
  show(byId('notice'), false);
};

/**
 * Wires the buttons. Each asks first, does one thing at a time, and says why when it is refused.
 *
 * @param {{ watch: Follower, tokens: Tokens, viewOf: () => View | null }} options
 */
export const wireActions = ({ watch, tokens, viewOf }) => {
  const [startDialog, destroyDialog] = /** @type {HTMLDialogElement[]} */ ([
    byId('start-dialog'),
    byId('destroy-dialog'),
  ]);
  let isBusy = false;

  /** @param {() => Promise<void>} act */
  const once = async (act) => {
    if (isBusy) return;
    isBusy = true;
    say('');
    try {
      await act();
    } catch (error) {
      say(refusalWords(error, serverNow()));
    } finally {
      isBusy = false;
    }
  };

  const start = async () => {
    setText(byId('deploy'), 'Starting …');
    try {
      const started = await startDeployment();
      if (started.control_token !== null) tokens.keep(started.id, started.control_token);
      setText(byId('heading-words'), 'Starting …');
      setText(byId('detail'), '');
      history.replaceState(null, '', `/d/${encodeURIComponent(started.id)}`);
      watch.follow(started.id, null);
      focusOn('heading');
    } catch (error) {
      const running = error instanceof Problem && error.status === 409 ? error.body.deployment : undefined;
      if (running?.id == null) throw error;
      watch.follow(running.id, running);
      say('Somebody was faster: a demo is already running, and you are watching it.');
    } finally {
      setText(byId('deploy'), 'Deploy Live Demo');
    }
  };

  /** @param {(id: string, token: string, view: View) => Promise<View>} change */
  const changeShown = async (change) => {
    const view = viewOf();
    const token = view?.id == null ? null : tokens.of(view.id);
    if (view?.id == null || token === null) return;
    watch.adopt(await change(view.id, token, view));
  };

  if (startDialog !== undefined && destroyDialog !== undefined) {
    wireDialog(startDialog);
    wireDialog(destroyDialog);
    byId('deploy').addEventListener('click', () =>
      once(async () => void ((await ask(startDialog)) && (await start()))),
    );
    byId('destroy').addEventListener('click', () =>
      once(async () => {
        if (!(await ask(destroyDialog))) return;
        await changeShown(destroyDeployment);
        focusOn('heading');
      }),
    );
  }
  byId('copy').addEventListener('click', async () => {
    const address = new URL(byId('permalink').getAttribute('href') ?? '/', location.href).href;
    // The control token is not part of it: whoever gets this link may watch, and no more.
    const isCopied = await copyText(address);
    setText(byId('copy'), isCopied ? 'Link copied' : 'Copy link');
    if (isCopied) setTimeout(() => setText(byId('copy'), 'Copy link'), COPIED_MS);
    else say(`This browser does not let the page copy. The address is ${address}`);
  });
  byId('extend').addEventListener('click', () =>
    once(() =>
      changeShown(async (id, token, view) => {
        const endAt = nextEndOf(view);
        return endAt === null ? view : extendDeployment(id, token, endAt);
      }),
    ),
  );
};

/**
 * Shows what whoever started this run may do; nobody else sees these buttons.
 *
 * @param {View | null} view
 * @param {{ tokens: Tokens, now: number }} context
 */
export const renderOwnActions = (view, { tokens, now }) => {
  const isOwn = view?.id != null && tokens.of(view.id) !== null;
  const endAt = view === null ? null : nextEndOf(view);
  show(byId('destroy'), isOwn && view.can_destroy);
  show(byId('extend'), isOwn && endAt !== null);
  if (view !== null && endAt !== null) setText(byId('extend'), extensionWords(view, endAt, now));
};
