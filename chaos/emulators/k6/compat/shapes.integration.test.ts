/** The summary data and the sample lines have k6's shape, field by field. */
import { expect, describe, test } from 'vitest';
import { z } from 'zod';
import { startCompatServer } from './compat-server.ts';
import { recordedLines, recordedSummary, shapeScript } from './recorded-shapes.ts';
import { runCase, subjects } from './subject.ts';

const summarySchema = z.looseObject({
  metrics: z.record(z.string(), z.looseObject({ values: z.record(z.string(), z.number()) })),
  state: z.record(z.string(), z.unknown()),
});

const lineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    data: z.strictObject({
      contains: z.string(),
      name: z.string(),
      submetrics: z
        .array(
          z.strictObject({ name: z.string(), suffix: z.string(), tags: z.record(z.string(), z.string()) }),
        )
        .nullable(),
      thresholds: z.array(z.string()),
      type: z.string(),
    }),
    metric: z.string(),
    type: z.literal('Metric'),
  }),
  z.strictObject({
    data: z.strictObject({
      tags: z.record(z.string(), z.string()),
      time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
      value: z.number(),
    }),
    metric: z.string(),
    type: z.literal('Point'),
  }),
]);

for (const { missing, subject } of subjects(process.env)) {
  describe.skipIf(missing)(`${subject.name}${missing ? ' (none on PATH nor in K6)' : ''}`, () => {
    test('handleSummary gets data of the recorded shape, thresholds crossed end with 99', async () => {
      await using server = await startCompatServer();
      const run = await runCase(subject, { script: shapeScript }, server.address, ['summary.json']);
      expect(run.exitCode).toBe(99);
      const summary = summarySchema.parse(JSON.parse(run.files['summary.json'] ?? ''));
      const metrics = Object.fromEntries(
        Object.entries(summary.metrics).map(([name, metric]) => [
          name,
          { ...metric, values: Object.keys(metric.values).toSorted() },
        ]),
      );
      expect({ ...summary, metrics, state: Object.keys(summary.state).toSorted() }).toEqual(recordedSummary);
    });

    test('--out json writes lines of the recorded shape, each metric described before its first sample', async () => {
      await using server = await startCompatServer();
      const run = await runCase(
        subject,
        { flags: ['--out', 'json=out.json'], script: shapeScript },
        server.address,
        ['out.json'],
      );
      const lines = (run.files['out.json'] ?? '')
        .trim()
        .split('\n')
        .map((line) => lineSchema.parse(JSON.parse(line)));
      for (const [name, recorded] of Object.entries(recordedLines)) {
        const own = lines.filter(({ metric }) => metric === name);
        const [description, ...points] = own;
        expect(description?.type).toBe('Metric');
        const tags = points.map((point) => (point.type === 'Point' ? Object.keys(point.data.tags) : []));
        const data = description?.type === 'Metric' ? description.data : undefined;
        expect({
          contains: data?.contains,
          tags: tags[0],
          thresholds: data?.thresholds,
          type: data?.type,
        }).toEqual(recorded);
        expect(tags.every((names) => names.join() === recorded.tags.join())).toBe(true);
      }
      const duration = lines.find((line) => line.type === 'Metric' && line.metric === 'http_req_duration');
      expect(
        duration?.type === 'Metric' ? duration.data.submetrics?.map(({ suffix }) => suffix).toSorted() : [],
      ).toEqual(['expected_response:true', 'scenario:main']);
    });

    test('--summary-export writes values beside each other and groups by name', async () => {
      await using server = await startCompatServer();
      const run = await runCase(
        subject,
        { flags: ['--summary-export', 'export.json'], script: shapeScript },
        server.address,
        ['export.json'],
      );
      const exported = z
        .looseObject({
          metrics: z.record(z.string(), z.looseObject({})),
          root_group: z.looseObject({ groups: z.looseObject({}) }),
        })
        .parse(JSON.parse(run.files['export.json'] ?? ''));
      expect(exported.metrics['http_reqs']).toMatchObject({ count: 6 });
      expect(exported.metrics['my_rate']).toMatchObject({ fails: 0, passes: 6, value: 1 });
      expect(exported.root_group.groups).toMatchObject({
        grp: { checks: { never: { fails: 6, passes: 0 } } },
      });
    });
  });
}
