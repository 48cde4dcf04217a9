import { Type } from 'typebox';

/** The tags a client has seen, RFC 9110 section 13.1.1. */
const IfMatch = Type.Optional(
  Type.String({
    maxLength: 1024,
    description:
      'The ETag of the view you act on; needed on `current` with the owner’s token. Our tags are weak and are compared as such.',
  }),
);

export const ChangeHeaders = Type.Object({ 'if-match': IfMatch });

export const ExtensionBody = Type.Object(
  {
    expires_at: Type.String({
      format: 'date-time',
      // The format alone takes a leap second, which Date.parse does not.
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
      description: 'The new end, absolute, with a zone; at most `max_expires_at`',
    }),
  },
  { additionalProperties: false },
);
