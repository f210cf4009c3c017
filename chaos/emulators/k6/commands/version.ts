/** Which k6 this runtime behaves as. */
export const k6Version = '2.2.0';

export function versionText(): string {
  return `k6 v${k6Version} (built-in runtime of Redcliff, node/${process.versions.node}, ${process.platform}/${process.arch})`;
}
