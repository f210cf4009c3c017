/** Draws the requests of a job, each from its seed. */
import { type Random, seededRandom } from '../../random.ts';
import { type DrawnRequest, findRoute } from '../routes.ts';
import type { Traffic } from './job.ts';

export interface SourcedRequest extends DrawnRequest {
  readonly headers: Readonly<Record<string, string>>;
}

export function requestSource(traffic: Traffic, seed: string): () => SourcedRequest {
  const random = seededRandom(`${seed}/requests`);
  const draw = drawFrom(traffic);
  return () => {
    const request = draw(random);
    const headers =
      request.body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': random.uuid() };
    return { ...request, headers };
  };
}

function drawFrom(traffic: Traffic): (random: Random) => DrawnRequest {
  if (traffic.kind === 'fixed') {
    const { method, path, body } = traffic;
    return () => ({ method, path, ...(body === undefined ? {} : { body }) });
  }
  const { weights, world } = traffic;
  const choices = Object.entries(weights).map(([name, weight]) => ({ route: findRoute(name), weight }));
  return (random) => {
    let left = random.next() * choices.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1);
    if (chosen === undefined) throw new RangeError('a mix needs a route');
    return chosen.route.draw(world, random);
  };
}
