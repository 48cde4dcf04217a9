import { createHash } from 'node:crypto';

/** The one project the simulated GitLab has, and what never changes about it. */
export interface ProjectIdentity {
  readonly projectId: number;
  readonly projectPath: string;
  readonly refs: readonly string[];
  /** The commit a ref points to. */
  shaOf(ref: string): string;
  /** Every ref but `main` is a tag. */
  isTag(ref: string): boolean;
  /** Where a person can look at a page of the project. */
  webUrl(path: string): string;
}

export const PROJECT_ID = 1001;

/** Makes the identity; commit ids follow from the seed and the name of the ref. */
export function createProjectIdentity(options: {
  readonly projectPath: string;
  readonly refs: readonly string[];
  readonly seed: number;
  readonly origin: () => string;
}): ProjectIdentity {
  return {
    projectId: PROJECT_ID,
    projectPath: options.projectPath,
    refs: options.refs,
    shaOf: (ref) => createHash('sha1').update(`${options.seed} ${ref}`).digest('hex'),
    isTag: (ref) => ref !== 'main',
    webUrl: (path) => `${options.origin()}/${options.projectPath}/-/${path}`,
  };
}
