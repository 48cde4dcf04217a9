import t from 'tap';
import { activeView, idleView, tombstoneView } from '../../src/lifecycle/view.ts';
import { etagOf, namesTag } from '../../src/routes/etag.ts';
import { SAMPLE_START, samplePipeline, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const FORECAST = { totalsSeconds: [1, 2, 3, 4, 5, 6], stageSeconds: new Map([['deploy', 60]]) };
const NO_FORECAST = { totalsSeconds: [], stageSeconds: new Map<string, number>() };
const record = sampleRecord(ID);
const building = { ...record, observation: { ...record.observation, applyPipeline: samplePipeline(7) } };

t.test('Given one record, When only the clock or the forecast moves, Then the tag stays', async (t) => {
  const tag = etagOf(activeView(building, NO_FORECAST, SAMPLE_START));
  t.match(tag, /^W\/"[A-Za-z0-9_-]{22}"$/);
  t.equal(etagOf(activeView(building, NO_FORECAST, SAMPLE_START + 30_000)), tag);
  t.equal(etagOf(activeView(building, FORECAST, SAMPLE_START + 30_000)), tag);
});

t.test('Given one record, When a fact changes, Then so does the tag', async (t) => {
  const at = SAMPLE_START;
  const tags = [
    etagOf(idleView(null, at)),
    etagOf(idleView({ reason: 'nightly_window', until: at, detail: null }, at)),
    etagOf(activeView(record, NO_FORECAST, at)),
    etagOf(activeView(building, NO_FORECAST, at)),
    etagOf(activeView(sampleRecord(`${ID.slice(0, -1)}2`), NO_FORECAST, at)),
    etagOf(activeView(sampleRecord(ID, { liveAt: at, expiresAt: at + 1 }), NO_FORECAST, at)),
    etagOf(activeView(sampleRecord(ID, { liveAt: at, expiresAt: at + 2 }), NO_FORECAST, at)),
    etagOf(tombstoneView(sampleTombstone(ID), NO_FORECAST)),
  ];
  t.equal(new Set(tags).size, tags.length);
});

t.test('Given a list of tags, When one of them is meant, Then it is named, weak or strong', async (t) => {
  const tag = 'W/"abc"';
  for (const header of ['W/"abc"', '"abc"', '*', ' * ', '"x", W/"abc"', '"x","abc"']) {
    t.equal(namesTag(header, tag), true, header);
  }
  for (const header of ['', 'abc', '"ab"', 'W/"abcd"', '"abc', '"x", *', 'W/"ABC"']) {
    t.equal(namesTag(header, tag), false, header);
  }
});
