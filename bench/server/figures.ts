/** What a server under test says of itself when it is asked over the channel of its process. */
export type ServerFigures = {
  readonly cpuMs: number;
  readonly rssMegabytes: number;
  /** Since it began; 0 for a peer. */
  readonly storeReads: number;
  readonly gitlabCalls: number;
};

/** A step of a demo's life, when it was written to the log. */
export type ServerEvent = { readonly name: string; readonly step: string | null; readonly at: number };

type Counted = Pick<ServerFigures, 'storeReads' | 'gitlabCalls'>;

const NOTHING: Counted = { storeReads: 0, gitlabCalls: 0 };

/** Tells the parent the address, and from then on how much it has worked and holds whenever it asks. */
export const answerWithFigures = (url: string, count: () => Promise<Counted> = async () => NOTHING): void => {
  process.on('message', async () => {
    const { user, system } = process.cpuUsage();
    const rssMegabytes = process.memoryUsage.rss() / 1e6;
    const figures: ServerFigures = { cpuMs: (user + system) / 1000, rssMegabytes, ...(await count()) };
    process.send?.({ figures });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
};

/** Tells the parent of a step. */
export const tellEvent = (event: ServerEvent): void => {
  process.send?.({ event });
};
