// @ts-check
/** The stages and the picture of the run that is shown. */
import { byId, show } from './dom.js';
import { busyWith, courseOf, createInventory, summaryWords } from './inventory.js';
import { createPicture } from './picture.js';
import { arrangeWays, renderStages } from './stages.js';

/** @typedef {import('./words.js').View} View */

const NOTHING = { isBuilt: false, isGone: false, isFalling: false, isLinked: false };
const BLUEPRINT = 'This is what one press builds, and what is gone again afterwards.';

/** @param {View} view */
const isFalling = (view) => view.receipt !== null || view.status === 'destroying' || view.status === 'quarantined';

/** @param {View} view @param {ReturnType<ReturnType<typeof createInventory>['summary']>} summary */
const captionOf = (view, summary) => {
  const words = summaryWords(summary, isFalling(view));
  if (words !== '') return words;
  if (view.receipt !== null)
    return view.receipt.outcome === 'never_built' ? 'Nothing of it was built.' : 'All of it is gone.';
  return 'The parts light up as Terraform reports them.';
};

/** Makes what shows stages and picture; `inventory` is to be told what the log reports. */
export const createRunView = () => {
  const picture = createPicture(/** @type {HTMLElement} */ (document.querySelector('#picture .picture-host')));
  const inventory = createInventory();

  /** @param {View} view @param {import('./stages.js').StagesContext} context */
  const renderBothWays = (view, context) => {
    const down = view.stages.filter((stage) => stage.direction === 'destroy');
    const up = view.stages.filter((stage) => stage.direction === 'apply');
    show(byId('stages'), view.stages.length > 0);
    renderStages(byId('stages-up'), up, context);
    renderStages(byId('stages-down'), down, context);
    for (const id of ['up-heading', 'way-down']) show(byId(id), down.length > 0);
    // What happens now stands on top. When all of it is over, it is read in the order in which it came.
    arrangeWays(byId('way-up'), byId('way-down'), down.length > 0 && view.receipt === null);
  };

  return {
    inventory,
    /** @param {View | null} view null: there is no run @param {number} now */
    render: (view, now) => {
      if (view === null || view.id === null) {
        picture.render(createInventory().summary(NOTHING), BLUEPRINT, true);
        show(byId('stages'), false);
        return;
      }
      const isLinked = view.status === 'live' && view.live_url !== null;
      // A link that was given and is withheld is closed, as one is on the way down.
      const isClosing = isFalling(view) || view.status === 'live';
      const course = courseOf(view.stages, { isOver: view.receipt !== null, isFalling: isClosing, isLinked });
      const summary = inventory.summary(course);
      picture.render(summary, captionOf(view, summary));
      renderBothWays(view, { now, busy: busyWith(summary) });
    },
  };
};
