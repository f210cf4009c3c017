/** Types of npm-packages.mjs, for its tests and the doctor. */
export function whyPackagesAreStale(root: string): string | undefined;
export function wantedNodeVersion(root: string): string | undefined;
export function installedNodeVersion(root: string): string | undefined;
