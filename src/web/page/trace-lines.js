// @ts-check
/** What a line of a job's log says about one resource, as Terraform and kubectl print it. Pure. */
import { plainText } from './sgr.js';

/** @typedef {'planned' | 'creating' | 'made' | 'destroying' | 'gone'} Change */
/** @typedef {{ address: string, change: Change }} ResourceEvent */

/** No line that reports a resource is anywhere near as long. */
const LONGEST_REPORT = 1_000;

// A key in quotes may hold anything, also the brackets of a mask.
const KEY = String.raw`(?:\[(?:"[^"]{1,200}"|[^\]"]{1,200})\])?`;
const ADDRESS = String.raw`([a-z][\w-]*${KEY}(?:\.[\w-]+${KEY}){1,20})`;
const REPORT = new RegExp(`^${ADDRESS}: (.+)$`);
const PLANNED = new RegExp(`^\\s*# ${ADDRESS} (?:will|must) be (created|destroyed|replaced)`);

/** @type {readonly (readonly [start: string, change: Change])[]} */
const SAID = [
  ['Creating...', 'creating'],
  ['Still creating...', 'creating'],
  ['Creation complete after', 'made'],
  ['Modifications complete after', 'made'],
  // It is in Terraform's state, so it exists.
  ['Refreshing state...', 'made'],
  ['Destroying...', 'destroying'],
  ['Still destroying...', 'destroying'],
  ['Destruction complete after', 'gone'],
];

const KUBECTL_MADE = /^([a-z]+(?:\.[a-z0-9.]+)?)\/([a-z0-9.-]+) (?:created|configured|unchanged|serverside-applied)$/;
const KUBECTL_GONE = /^([a-z]+(?:\.[a-z0-9.]+)?) "([a-z0-9.-]+)" (?:force )?deleted/;

/** @param {string} text @returns {ResourceEvent | null} */
const kubectlEvent = (text) => {
  const made = KUBECTL_MADE.exec(text);
  if (made !== null) return { address: `${made[1]}/${made[2]}`, change: 'made' };
  const gone = KUBECTL_GONE.exec(text);
  return gone === null ? null : { address: `${gone[1]}/${gone[2]}`, change: 'gone' };
};

/** @param {string} text @returns {ResourceEvent | null} */
const plannedEvent = (text) => {
  const match = PLANNED.exec(text);
  if (match?.[1] === undefined) return null;
  // What a plan is going to destroy is there until it does.
  return { address: match[1], change: match[2] === 'created' ? 'planned' : 'made' };
};

/**
 * The change that a line reports, or null for a line that reports none. Colours may be in it.
 *
 * @param {string} line
 * @returns {ResourceEvent | null}
 */
export const resourceEvent = (line) => {
  if (line.length > LONGEST_REPORT) return null;
  const text = plainText(line);
  const report = REPORT.exec(text);
  if (report?.[1] !== undefined) {
    const said = SAID.find(([start]) => report[2]?.startsWith(start));
    return said === undefined ? null : { address: report[1], change: said[1] };
  }
  return plannedEvent(text) ?? kubectlEvent(text);
};
