import t from 'tap';
import { setUp, skipReason } from './browser-under-test.ts';

const skip = skipReason();

interface Document {
  readonly paths: Record<string, object>;
}

t.test(
  'Given /docs in local mode, when it is opened and tried out, then all of it works from here alone',
  { skip },
  async (t) => {
    const { url, visitor } = await setUp(t);
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
    const operations = Object.values(paths).flatMap((methods) => Object.keys(methods));
    for (const address of ['/docs', '/docs/']) {
      const { page, context, complaints, origins } = await visitor();
      await page.goto(`${url}${address}`);
      await page.waitForSelector('.opblock');
      t.equal(await page.locator('.opblock').count(), operations.length, 'every operation is listed');
      const view = page.locator('#operations-deployments-getDeployment');
      await view.locator('.opblock-summary-control').click();
      await view.getByPlaceholder('id', { exact: true }).fill('current');
      await view.locator('.btn.execute').click();
      const status = view.locator('.live-responses-table tbody .response-col_status');
      t.match(await status.textContent(), /^200/);
      t.match(await view.locator('.live-responses-table tbody').textContent(), /"status": "idle"/);
      t.same(complaints, [], 'no error, and nothing that the policy forbids');
      t.same([...origins], [url], 'nobody else is asked');
      t.same(await context.cookies(), []);
    }
  },
);
