import t from 'tap';
import { idleView } from '../../src/lifecycle/view.ts';
import { deploymentJson, isoOrNull } from '../../src/routes/view-json.ts';

t.test('Given a forecast, When the view is written, Then its three instants are ISO times', async (t) => {
  const view = { ...idleView(null, 0), eta: { earliest: 0, likely: 60_000, latest: 61_500 } };
  t.same(deploymentJson(view).eta, {
    earliest: '1970-01-01T00:00:00.000Z',
    likely: '1970-01-01T00:01:00.000Z',
    latest: '1970-01-01T00:01:01.500Z',
  });
});

t.test('Given the first instant of all, When it is written, Then it is a time and not nothing', async (t) => {
  t.equal(isoOrNull(0), '1970-01-01T00:00:00.000Z');
  t.equal(isoOrNull(null), null);
});
