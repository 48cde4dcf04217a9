// @ts-check
/** What the server writes into the script when it serves it: its own figures, and the style sheet beside this file. */
import { factsOf } from '../page/offer.js';

/** The figures of the server that the script came from, for the same words as on its page. */
export const FACTS = factsOf({
  simulated: '{{simulated}}',
  hourlyCostUsd: '{{hourlyCostUsd}}',
  lifetimeSeconds: '{{lifetimeSeconds}}',
  maxLifetimeSeconds: '{{maxLifetimeSeconds}}',
  deployDeadlineSeconds: '{{deployDeadlineSeconds}}',
});

/** The text of button.css. */
export const STYLES = '{{styles}}';
