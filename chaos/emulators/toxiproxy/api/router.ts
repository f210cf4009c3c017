/** Finds the route of a request. Path parameters are decoded one by one, so that a name may contain a slash (%2F). */
import type { Answer } from './answer.ts';

export interface RouteRequest {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Route {
  /** undefined for any method. */
  readonly methods: readonly string[] | undefined;
  /** Segments of the path; one in braces is a parameter. */
  readonly path: string;
  /** Whether it may wait for something to happen: then others are answered meanwhile. */
  readonly waits?: boolean;
  readonly handle: (request: RouteRequest) => Answer | Promise<Answer>;
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'bad-path' };

export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  let segments: string[];
  try {
    segments = path.split('/').map(decodeURIComponent);
  } catch {
    return { kind: 'bad-path' };
  }
  let wrongMethod = false;
  for (const route of routes) {
    const parameters = matchPath(route.path.split('/'), segments);
    if (parameters === undefined) continue;
    if (route.methods === undefined || route.methods.includes(method)) {
      return { kind: 'found', route, parameters };
    }
    wrongMethod = true;
  }
  return { kind: wrongMethod ? 'wrong-method' : 'not-found' };
}

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith('{')) {
      if (actual === '') return undefined;
      parameters[expected.slice(1, -1)] = actual;
    } else if (expected !== actual) {
      return undefined;
    }
  }
  return parameters;
}
