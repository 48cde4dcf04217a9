// @ts-check
/** Where the parts of the picture stand, on wide and on narrow screens. */

/** @typedef {readonly [x: number, y: number, width: number, height: number]} Box */
/** @typedef {{ width: number, height: number, boxes: Readonly<Record<string, Box>>, lines: readonly string[] }} Layout */

/** They hold others, so they are drawn first and their title stands at the top. */
export const FRAMES = ['network', 'nodes'];

/** @type {Layout} */
export const WIDE = {
  width: 640,
  height: 400,
  boxes: {
    link: [1, 146, 78, 66],
    name: [97, 146, 92, 66],
    network: [207, 92, 432, 307],
    roles: [207, 1, 178, 66],
    cluster: [403, 1, 236, 66],
    balancer: [221, 136, 148, 86],
    firewall: [221, 236, 148, 86],
    nodes: [387, 136, 238, 186],
    pods: [401, 172, 210, 62],
    settings: [401, 246, 210, 62],
    subnets: [221, 336, 404, 50],
  },
  lines: ['M79 179H97', 'M189 179H221', 'M369 179C385 179 385 203 401 203', 'M385 34H403', 'M506 67V136'],
};

/** @type {Layout} */
export const NARROW = {
  width: 300,
  height: 560,
  boxes: {
    link: [1, 1, 140, 56],
    name: [159, 1, 140, 56],
    cluster: [1, 81, 298, 56],
    roles: [1, 149, 298, 56],
    network: [1, 223, 298, 336],
    balancer: [13, 257, 124, 62],
    firewall: [147, 257, 140, 62],
    nodes: [13, 333, 274, 154],
    pods: [25, 365, 250, 50],
    settings: [25, 425, 250, 50],
    subnets: [13, 499, 274, 50],
  },
  lines: ['M141 29H159', 'M78 319V365'],
};
