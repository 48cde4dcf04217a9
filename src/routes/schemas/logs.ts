import { type Static, Type } from 'typebox';

export const LogsQuery = Type.Object({
  job: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'A job id; default: the running job, else the latest' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before' })),
});

export const LogsSchema = Type.Object({
  job: Type.Object({ id: Type.Integer(), name: Type.String() }),
  lines: Type.Array(Type.String(), { description: 'Masked; colour codes (SGR) are the only control characters' }),
  next_cursor: Type.String({ description: 'Ask with it for what comes next; it never runs out' }),
  complete: Type.Boolean({ description: 'The job has ended and this is the end of its log' }),
});

export type LogsJson = Static<typeof LogsSchema>;
