// @ts-check
/** Defines <live-demo-button>. docs/button.md says how a site uses it. */
import { connectionTo } from './connection.js';
import { make } from './elements.js';
import { createPanel } from './panel.js';
import { STYLES } from './served-facts.js';

const NAME = 'live-demo-button';
const DEFAULT_LABEL = 'Deploy Live Demo';

/** @param {string | null} attribute @returns {string | null} an origin; null for what is none */
const serverOf = (attribute) => {
  const url = URL.parse(attribute ?? import.meta.url, document.baseURI);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : null;
};

/** A sheet made this way is no inline style, so a page's policy has nothing against it. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);

class LiveDemoButton extends HTMLElement {
  static observedAttributes = ['server', 'label'];
  // Open: a closed root would hide nothing from the page, which runs beside us, but much from those who test it.
  #root = this.attachShadow({ mode: 'open' });
  /** @type {(() => void) | null} */
  #close = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    const server = serverOf(this.getAttribute('server'));
    // Without a server there is only what the page itself put here: its link.
    if (server === null) return this.#root.replaceChildren(make('slot', {}));
    const { frame, close } = createPanel(connectionTo(server), this.getAttribute('label') || DEFAULT_LABEL);
    this.#close = close;
    this.#root.replaceChildren(frame);
  }

  disconnectedCallback() {
    this.#close?.();
    this.#close = null;
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    // While it is being put in place, what is set now is read then.
    if (before === after || !this.#root.hasChildNodes() || !this.isConnected) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }
}

// In a browser of before 2024 the page's own link stays: it works, and half a button would not.
if ('parse' in URL && customElements.get(NAME) === undefined) customElements.define(NAME, LiveDemoButton);
