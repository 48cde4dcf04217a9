import type { Page, Request } from 'playwright-core';
import { element, startButton } from './resume-under-test.ts';

/** Answers a press in the place of the server. */
export const answerStart = (page: Page, origin: string, status: number, json: object): Promise<unknown> =>
  page.route('**/v1/deployments', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status, headers: { 'access-control-allow-origin': origin }, json })
      : route.fallback(),
  );

export const press = async (page: Page): Promise<void> => {
  await startButton(page).click();
  await element(page).getByRole('button', { name: 'Deploy', exact: true }).click();
};

/** Plays that the tab is put away or looked at again. */
export const setHidden = (page: Page, isHidden: boolean): Promise<unknown> =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);

/** Notes each question for the state from now on as it is sent, and how many were open at once. */
export const countQuestions = (page: Page) => {
  const isQuestion = (request: Request): boolean =>
    request.url().endsWith('/v1/deployments/current') && request.method() === 'GET';
  const seen = { sent: 0, open: 0, mostOpen: 0 };
  page.on('request', (request) => {
    if (!isQuestion(request)) return;
    seen.sent += 1;
    seen.open += 1;
    seen.mostOpen = Math.max(seen.mostOpen, seen.open);
  });
  const noteEnd = (request: Request): void => {
    if (isQuestion(request)) seen.open -= 1;
  };
  page.on('requestfinished', noteEnd);
  page.on('requestfailed', noteEnd);
  return seen;
};
