import type { PublicView } from '../../src/lifecycle/view.ts';

const line = (view: PublicView, isStale: boolean): string => {
  const { status, reason, liveUrl, blocked } = view;
  const blockage = blocked === null || blocked.reason === 'running' ? '' : ` blocked:${blocked.reason}`;
  const words = status === 'idle' ? 'idle' : `${status} ${reason}`;
  return `${words}${liveUrl === null ? '' : ' +link'}${isStale ? ' +stale' : ''}${blockage}`;
};

/** What a visitor saw, one line per change: status, reason, `+link`, `+stale`, what blocks the next start. */
export const createDiary = () => {
  const lines: string[] = [];
  return {
    note: (view: PublicView, isStale: boolean): void => {
      const next = line(view, isStale);
      if (lines.at(-1) !== next) lines.push(next);
    },
    pages: (): readonly string[] => [...lines],
  };
};
