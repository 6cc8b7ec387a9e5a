import * as z from 'zod';
import type { Plan } from '../model/index.ts';
import { CLIENT_PROFILES } from './client-profiles.ts';
import { type Measures, measuresSchema } from './measures.ts';
import { toSeconds } from './segments.ts';
import { type Verdict, verdictSchema } from './verdict.ts';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const REPORT_VERSION = 1;

/** What report.json holds; published as schema/report.schema.json. Holds no wall-clock time: same run, same bytes. */
export const reportSchema = z
  .strictObject({
    version: z.literal(REPORT_VERSION),
    drill: z
      .strictObject({
        name: z.string(),
        seconds: z.number().describe('How long the drill was to run, in world time.'),
        switches: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly(),
        probes: z
          .array(
            z
              .strictObject({
                name: z.string(),
                url: z.string(),
                ratePerSecond: z.number(),
                methods: z.array(z.string()).readonly(),
                places: z.array(z.string()).readonly(),
                timeoutMs: z.number(),
                client: z.enum(CLIENT_PROFILES),
                isHeard: z
                  .literal(true)
                  .optional()
                  .describe('Nobody planned it: these are requests of programs in a world that was up.'),
                webSocket: z
                  .strictObject({
                    messageIntervalMs: z.number().optional(),
                    isAnswered: z.boolean(),
                    reconnectMs: z.number(),
                    lifetimeMs: z.number().optional(),
                  })
                  .readonly()
                  .optional()
                  .describe('Of a probe whose clients keep WebSockets open.'),
              })
              .readonly(),
          )
          .readonly(),
      })
      .readonly(),
    verdict: verdictSchema,
    measures: measuresSchema,
  })
  .meta({ title: 'Firedrill report' })
  .readonly();

export type Report = z.infer<typeof reportSchema>;

/** Puts a report together. */
export function reportOf(plan: Plan, measures: Measures, verdict: Verdict): Report {
  return {
    version: REPORT_VERSION,
    drill: {
      name: plan.name,
      seconds: toSeconds(plan.end),
      switches: Object.fromEntries(
        Object.entries(plan.switches).toSorted(([left], [right]) => (left < right ? -1 : 1)),
      ),
      probes: plan.probes.map(
        ({ name, url, ratePerSecond, methods, places, timeoutMs, client, isHeard, webSocket }) => ({
          name,
          url,
          ratePerSecond,
          methods: [...methods],
          places: [...places],
          timeoutMs,
          client,
          ...(isHeard === undefined ? {} : { isHeard }),
          ...(webSocket === undefined ? {} : { webSocket }),
        }),
      ),
    },
    verdict,
    measures,
  };
}

/** The JSON Schema of report.json, as published in schema/report.schema.json. */
export function reportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(reportSchema, { io: 'output', reused: 'ref' });
}

const NUMBER = String.raw`(?:-?\d[\d.eE+-]*|null)`;
const NUMBER_LIST = new RegExp(String.raw`\[\n\s+(${NUMBER}(?:,\n\s+${NUMBER})*)\n\s*\]`, 'g');

/** report.json as text. Lists of numbers stand on one line each, for they are many. */
export function renderReportJson(report: Report): string {
  const text = JSON.stringify(report, null, 2);
  // Inside a JSON text only lists and maps hold line breaks, never strings, so no wording is touched.
  return `${text.replaceAll(NUMBER_LIST, (_, items: string) => `[${items.replaceAll(/\s+/g, '')}]`)}\n`;
}
