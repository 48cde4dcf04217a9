/**
 * Loads one of the button's browser modules. They are plain JavaScript with types of their own project, so a test says
 * itself which part it uses. Times are words in the reader's zone: it is fixed before the module reads it.
 */
export const browserModule = async <Part>(name: string): Promise<Part> => {
  process.env.TZ = 'Europe/Berlin';
  const loaded: Part = await import(new URL(`../../../src/web/button/${name}`, import.meta.url).href);
  return loaded;
};
