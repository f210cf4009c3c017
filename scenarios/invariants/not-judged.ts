/** What no invariant judges, and why: places as `redcliff verify judge` names them. */
export const notJudged: Readonly<Record<string, string>> = {};
