/** The bodies of the requests of Toxiproxy's API, checked in its order and with its defaults. */
import { ApiError } from '../errors.ts';
import type { WantedProxy } from '../proxy/proxy-collection.ts';
import { noTotals, type Direction, type Toxic } from '../proxy/toxic.ts';
import { findToxicKind } from '../toxics/registry.ts';
import type { ToxicKind } from '../toxics/toxic.ts';
import { cannotUnmarshal, FieldReader, parseBody } from './decode.ts';
import { JsonObject, type JsonValue } from './json-text.ts';

const POPULATE_TYPE = '[]struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }';

/** Name of the Go struct behind a toxic's attributes, for error texts: latency is read into LatencyToxic. */
function structOf(kind: ToxicKind): string {
  const words = kind.type === 'reset_peer' ? ['reset'] : kind.type.split('_');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Toxic`;
}

function readProxy(value: JsonValue, complaint = 'Go value of type toxiproxy.Proxy') {
  const fields = FieldReader.of(value, 'Proxy', complaint);
  return {
    name: fields.string('name') ?? '',
    listen: fields.string('listen'),
    upstream: fields.string('upstream'),
    enabled: fields.boolean('enabled'),
  };
}

/** Throws ApiError badRequestBody or missingField. */
export function readNewProxy(body: string): WantedProxy {
  const { name, listen, upstream, enabled } = readProxy(parseBody(body));
  if (name === '') throw new ApiError('missingField', 'name');
  if (upstream === undefined || upstream === '') throw new ApiError('missingField', 'upstream');
  return { name, listen: listen ?? '', upstream, enabled: enabled ?? true };
}

/** The wanted addresses and state; what the body does not name stays as it is. Throws ApiError badRequestBody. */
export function readProxyUpdate(body: string, current: Omit<WantedProxy, 'name'>): Omit<WantedProxy, 'name'> {
  const wanted = readProxy(parseBody(body));
  return {
    listen: wanted.listen ?? current.listen,
    upstream: wanted.upstream ?? current.upstream,
    enabled: wanted.enabled ?? current.enabled,
  };
}

/** Throws ApiError badRequestBody, or missingField with the position of the first proxy that lacks it. */
export function readPopulate(body: string): WantedProxy[] {
  const value = parseBody(body);
  if (value === null) return [];
  if (!isList(value)) throw cannotUnmarshal(value, `Go value of type ${POPULATE_TYPE}`);
  const read = value.map((item) => readProxy(item, `Go value of type ${POPULATE_TYPE.slice(2)}`));
  return read.map(({ name, listen, upstream, enabled }, index) => {
    if (name === '') throw new ApiError('missingField', `name at proxy ${index + 1}`);
    if (upstream === undefined || upstream === '') {
      throw new ApiError('missingField', `upstream at proxy ${index + 1}`);
    }
    return { name, listen: listen ?? '', upstream, enabled: enabled ?? true };
  });
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Throws ApiError badRequestBody, invalidStream, invalidToxicType or, when `exists` says so, toxicAlreadyExists. */
export function readNewToxic(body: string, exists: (name: string) => boolean): Toxic {
  return readToxic(parseBody(body), exists);
}

export function readToxic(value: JsonValue, exists: (name: string) => boolean): Toxic {
  const fields = FieldReader.of(value, 'ToxicWrapper', 'Go value of type toxics.ToxicWrapper');
  const attributes = fields.value('attributes') ?? null;
  if (attributes !== null && !(attributes instanceof JsonObject)) {
    throw cannotUnmarshal(attributes, 'Go struct field ToxicWrapper.attributes of type toxics.NoopToxic');
  }
  const type = fields.string('type') ?? '';
  const givenName = fields.string('name') ?? '';
  const stream = fields.string('stream') ?? 'downstream';
  const toxicity = fields.number('toxicity', 'float32') ?? 1;
  const direction = parseDirection(stream);
  const name = givenName === '' ? `${type}_${stream}` : givenName;
  const kind = findToxicKind(type);
  if (kind === undefined) throw new ApiError('invalidToxicType');
  if (exists(name)) throw new ApiError('toxicAlreadyExists');
  return {
    name,
    kind,
    direction,
    stream,
    toxicity,
    attributes: readAttributes(attributes, kind, new Map()),
    totals: noTotals(),
  };
}

/** New settings of a toxic; what the body does not name stays as it is. Throws ApiError badRequestBody. */
export function readToxicUpdate(
  body: string,
  toxic: Toxic,
): { attributes: ReadonlyMap<string, number>; toxicity: number } {
  const fields = FieldReader.of(parseBody(body), '', 'Go value of type struct');
  return {
    attributes: readAttributes(fields.value('attributes') ?? null, toxic.kind, toxic.attributes),
    toxicity: fields.number('toxicity', 'float32') ?? toxic.toxicity,
  };
}

function readAttributes(
  value: JsonValue,
  kind: ToxicKind,
  current: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const struct = structOf(kind);
  const fields = FieldReader.of(
    value,
    `${struct}.attributes`,
    `Go struct field .attributes of type toxics.${struct}`,
  );
  const entries = [...kind.attributeTypes].map(
    ([name, type]) => [name, fields.number(name, type) ?? current.get(name) ?? 0] as const,
  );
  return new Map(entries);
}

function parseDirection(stream: string): Direction {
  const direction = stream.toLowerCase();
  if (direction !== 'upstream' && direction !== 'downstream') throw new ApiError('invalidStream');
  return direction;
}
