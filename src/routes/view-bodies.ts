import type { FastifyReply } from 'fastify';
import type { PublicView } from '../lifecycle/view.ts';
import { deploymentJson } from './view-json.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The text of each view, made once for all who get it and held no longer than the view. */
export interface ViewBodies {
  /** Takes over the serialiser that the framework compiled with the route. Cheap, and may be repeated. */
  learn(reply: Pick<FastifyReply, 'getSerializationFunction'>): void;
  /** Null before anything was learnt. */
  of(view: PublicView): string | null;
}

/** Makes the texts of this application's views. A text goes out in one piece with its headers, which bytes do not. */
export const createViewBodies = (): ViewBodies => {
  const bodies = new WeakMap<PublicView, string>();
  let serialize: ReturnType<FastifyReply['getSerializationFunction']>;
  const make = (view: PublicView): string | null => {
    if (serialize === undefined) return null;
    const body = String(serialize(deploymentJson(view) as unknown as Record<string, unknown>));
    bodies.set(view, body);
    return body;
  };
  return {
    learn: (reply) => {
      serialize ??= reply.getSerializationFunction('200');
    },
    of: (view) => bodies.get(view) ?? make(view),
  };
};
