import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

interface TokensModule {
  createTokens(storeOf: () => Store): { of(id: string): string | null; keep(id: string, token: string): void };
  tokenInFragment(fragment: string): string | null;
}

const { createTokens, tokenInFragment } = await browserModule<TokensModule>('tokens.js');

const memoryStore = () => {
  const items = new Map<string, string>();
  const store: Store = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
  return { items, store };
};

t.test('given a kept token, when the page is loaded again, then it is still known and for its run only', async (t) => {
  const { store } = memoryStore();
  createTokens(() => store).keep('run-1', 'made-up-token');
  const again = createTokens(() => store);
  t.equal(again.of('run-1'), 'made-up-token');
  t.equal(again.of('run-2'), null);
});

t.test('given many runs, when the twenty-first is kept, then the oldest is forgotten', async (t) => {
  const { store } = memoryStore();
  const tokens = createTokens(() => store);
  for (let run = 1; run <= 20; run += 1) tokens.keep(`run-${run}`, `token-${run}`);
  t.equal(tokens.of('run-1'), 'token-1');
  tokens.keep('run-21', 'token-21');
  t.equal(tokens.of('run-1'), null);
  t.equal(tokens.of('run-2'), 'token-2');
  tokens.keep('run-2', 'token-new');
  t.equal(tokens.of('run-2'), 'token-new');
  t.equal(tokens.of('run-3'), 'token-3', 'a replaced token takes no second place');
});

t.test('given something that cannot be a token, when it is to be kept, then it is ignored', async (t) => {
  const { items, store } = memoryStore();
  const tokens = createTokens(() => store);
  for (const bad of ['', 'two words', 'line\nbreak', 'x'.repeat(257)]) tokens.keep('run-1', bad);
  t.equal(items.size, 0);
  tokens.keep('run-1', 'x'.repeat(256));
  t.equal(tokens.of('run-1'), 'x'.repeat(256));
});

t.test('given a browser that refuses storage, when a token is kept, then it lasts as long as the page', async (t) => {
  const tokens = createTokens(() => {
    throw new Error('storage is refused');
  });
  tokens.keep('run-1', 'made-up-token');
  t.equal(tokens.of('run-1'), 'made-up-token');
});

t.test('given somebody else’s data in the store, when it is read, then it is no token', async (t) => {
  const { items, store } = memoryStore();
  for (const found of ['not json', '{"a":1}', '[1,null,["only-one"]]']) {
    items.set('demo-control-tokens', found);
    t.equal(createTokens(() => store).of('only-one'), null, found);
  }
});

t.test('given an address, when it carries a token, then only the fragment’s is taken', async (t) => {
  t.equal(tokenInFragment('#token=made-up.token'), 'made-up.token');
  t.equal(tokenInFragment('#other=1'), null);
  t.equal(tokenInFragment(''), null);
});
