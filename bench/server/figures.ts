/** What a peer says of itself when it is asked over the channel of its process. */
export type PeerFigures = { readonly cpuMs: number };

/** Tells the parent the address, and from then on how much it has worked whenever it asks. */
export const answerWithFigures = (url: string): void => {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const figures: PeerFigures = { cpuMs: (user + system) / 1000 };
    process.send?.({ figures });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
};
