export type Around = (name: string, call: () => Promise<unknown>) => Promise<unknown>;

/** The same port with something done around each of its calls. Every method it is asked for must be asynchronous. */
export const around = <Port extends object>(port: Port, wrap: Around): Port =>
  new Proxy(port, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => wrap(String(key), async () => Reflect.apply(method, target, given));
    },
  });
