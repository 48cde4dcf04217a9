import { type Static, Type } from 'typebox';
import { Instant, NullableString } from './fields.ts';

/**
 * What must not stand in a line that strangers will see: control characters, line ends, characters without a shape or
 * that turn the direction of writing, and halves of a surrogate pair, which no store takes. The joiners of emoji and
 * of some scripts may. Written out, because a `\p{…}` means something else where a pattern is read without its flag.
 */
const UNPRINTABLE =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb';

export const SwitchBody = Type.Object(
  {
    paused: Type.Boolean({ description: 'True: no demo can be started. What runs goes on and ends as usual' }),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        // Its first character is no blank, so that there is something to read.
        pattern: `^[^\\s${UNPRINTABLE}][^${UNPRINTABLE}]*$`,
        description: 'One line, shown to visitors; what looks like a secret is masked as in the logs',
      }),
    ),
  },
  { additionalProperties: false },
);

export const SwitchSchema = Type.Object({
  paused: Type.Boolean(),
  reason: NullableString({ description: 'As it is shown; null when none was given' }),
  changed_at: Instant({ description: 'Since when it stands there, for this reason' }),
});

export type SwitchJson = Static<typeof SwitchSchema>;
