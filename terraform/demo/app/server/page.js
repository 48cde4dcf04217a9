// Asks for the live part again and again. Without it, the page is what it was when it was loaded.
const PAUSE_MS = 3_000;
const TIMEOUT_MS = 8_000;
const MISSES_UNTIL_SAID = 2;

const live = document.querySelector('#live');
const offline = document.querySelector('#offline');
let misses = 0;

/** Changed only when it has to be, since it is read aloud. */
const say = (text) => {
  if (offline.textContent !== text) offline.textContent = text;
};

const refresh = async () => {
  try {
    const response = await fetch('/live', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { body } = new DOMParser().parseFromString(await response.text(), 'text/html');
    live.replaceChildren(...body.childNodes);
    misses = 0;
  } catch {
    misses += 1;
  }
  say(misses < MISSES_UNTIL_SAID ? '' : 'The cluster does not answer any more. Its time may be over.');
};

const next = async () => {
  if (!document.hidden) await refresh();
  setTimeout(next, PAUSE_MS);
};

setTimeout(next, PAUSE_MS);
