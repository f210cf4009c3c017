/** Draws the requests of a job from its seed. */
import type { CapacityRequest, CapacityRoute } from '../../api/capacity.ts';
import { type Random, seededRandom } from '../../random.ts';
import type { LoadJob, Traffic } from './job.ts';

export interface SourcedRequest extends CapacityRequest {
  readonly headers: Readonly<Record<string, string>>;
}

export function requestSource(
  { traffic, seed }: LoadJob,
  routes: readonly CapacityRoute[],
): () => SourcedRequest {
  const random = seededRandom(`${seed}/requests`);
  const draw = drawFrom(traffic, routes);
  return () => {
    const request = draw(random);
    const ofBody =
      request.body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': random.uuid() };
    return { ...request, headers: { ...ofBody, ...request.headers } };
  };
}

function drawFrom(traffic: Traffic, routes: readonly CapacityRoute[]): (random: Random) => CapacityRequest {
  if (traffic.kind === 'fixed') return () => traffic.request;
  const { weights, world } = traffic;
  const choices = Object.entries(weights).map(([name, weight]) => {
    const route = routes.find((one) => one.name === name);
    if (route === undefined) throw new RangeError(`the target has no route "${name}"`);
    return { route, weight };
  });
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  return (random) => {
    let left = random.next() * total;
    const chosen = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1);
    if (chosen === undefined) throw new RangeError('a mix needs a route');
    return chosen.route.draw(world, random);
  };
}
