/** A toxic that only the first connections meet; later ones are healthy. Connections open already are spared. */
import { z } from 'zod';
import { findToxicKind, toxicKinds } from '../../toxics/registry.ts';
import { defineFault, runToxicFault } from './fault.ts';

const toxicSchema = z
  .strictObject({
    type: z.enum(toxicKinds.map((kind) => kind.type)),
    stream: z.enum(['upstream', 'downstream']).default('downstream'),
    toxicity: z.number().min(0).max(1).default(1),
    attributes: z.record(z.string(), z.number()).default({}),
  })
  .refine((toxic) => unknownAttributes(toxic).length === 0, {
    error: (issue) => `unknown attribute ${unknownAttributes(toxicShape.parse(issue.input)).join(', ')}`,
    path: ['attributes'],
  });

const toxicShape = z.object({ type: z.string(), attributes: z.record(z.string(), z.number()).default({}) });

function unknownAttributes(toxic: z.output<typeof toxicShape>): string[] {
  const known = findToxicKind(toxic.type)?.attributeTypes;
  return Object.keys(toxic.attributes).filter((name) => known?.has(name) !== true);
}

export const firstConnections = defineFault({
  kind: 'first-connections',
  schema: z.strictObject({
    /** How many new connections meet the toxic. */
    connections: z.int().min(1),
    toxic: toxicSchema,
  }),
  start: ({ connections, toxic: settings }, context) => {
    const kind = findToxicKind(settings.type);
    if (kind === undefined) throw new RangeError(`no toxic of type ${settings.type}`);
    const first = context.host.nextConnection();
    return runToxicFault(
      {
        kind,
        direction: settings.stream,
        stream: settings.stream,
        toxicity: settings.toxicity,
        attributes: new Map(
          [...kind.attributeTypes.keys()].map((key) => [key, settings.attributes[key] ?? 0]),
        ),
        onlyConnections: { first, last: first + connections - 1 },
      },
      context,
    );
  },
});
