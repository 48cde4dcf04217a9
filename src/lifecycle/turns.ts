/** Lets one at a time through. */
export interface Turns {
  /**
   * Runs the work when nobody else's runs. Whoever had to wait first asks `stillWanted`, which answers in place of the
   * work, or throws, when there is nothing left to go for.
   */
  take<T>(stillWanted: () => Promise<T | null>, work: () => Promise<T>): Promise<T>;
}

/**
 * Makes the turns of this process. `ended` is called at the end of each, before anybody who waits goes on: what is
 * known from before it is out of date.
 */
export const createTurns = (ended: () => void): Turns => {
  let underWay: Promise<void> | null = null;
  return {
    take: async (stillWanted, work) => {
      while (underWay !== null) {
        await underWay;
        const answer = await stillWanted();
        if (answer !== null) return answer;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay = promise;
      try {
        return await work();
      } finally {
        underWay = null;
        ended();
        resolve();
      }
    },
  };
};
