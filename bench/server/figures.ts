/** What a server under test says of itself when it is asked over the channel of its process. */
export type ServerFigures = { readonly cpuMs: number; readonly rssMegabytes: number };

/** Tells the parent the address, and from then on how much it has worked and holds whenever it asks. */
export const answerWithFigures = (url: string): void => {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const figures: ServerFigures = { cpuMs: (user + system) / 1000, rssMegabytes: process.memoryUsage.rss() / 1e6 };
    process.send?.({ figures });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
};
