/** So many are told in one turn of the event loop, which takes some milliseconds; whoever is served comes in between. */
const AT_ONCE = 25;

/** So many wait at most; the next ones are told at once, since what waits takes memory. */
const MOST_WAITING = 1_000;

/**
 * Makes the queue of those who ask too much: a thousand requests that come at once would otherwise be refused in one turn,
 * and all others would wait for the end of it again and again. What is given to it is called after what was given before.
 */
export const createRefusalQueue = (): ((tell: () => void) => void) => {
  let waiting: (() => void)[] = [];
  let isUnderWay = false;
  const tellSome = (): void => {
    const told = waiting.slice(0, AT_ONCE);
    waiting = waiting.slice(AT_ONCE);
    for (const tell of told) tell();
    isUnderWay = waiting.length > 0;
    if (isUnderWay) setImmediate(tellSome);
  };
  return (tell) => {
    if (waiting.length >= MOST_WAITING) return tell();
    waiting.push(tell);
    if (isUnderWay) return;
    isUnderWay = true;
    setImmediate(tellSome);
  };
};
