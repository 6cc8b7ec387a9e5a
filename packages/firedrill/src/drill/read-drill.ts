import type { Read } from '../model/index.ts';
import { atSeconds, NEVER } from '../model/index.ts';
import type { Drill, DrillProbe, Expectation } from './drill.ts';
import { checkNames, checkPlaces, type PlaceWritten, checkSwitches, checkTimes } from './drill-checks.ts';
import { type DrillDocument, parseDrillDocument } from './drill-document.ts';
import { type ShapeIssue, shapeFindings } from './drill-findings.ts';
import { readAction } from './read-action.ts';
import { readExpectation } from './read-expectation.ts';
import { readFault } from './read-fault.ts';
import { drillJsonSchema, drillSchema, type DrillText } from './drill-schema.ts';
import { readNetworks } from './read-networks.ts';
import { readPopulation } from './read-population.ts';
import { readRequest } from './read-request.ts';
import { readObjects } from './read-objects.ts';
import { readOrigins } from './read-origins.ts';
import { readWebSocket } from './read-web-socket.ts';
import { readWorld } from './read-world.ts';
import type { Reading } from './reading.ts';

/**
 * Reads a drill file. Gives every mistake at once, each with its place and a remedy; the value holds what
 * was understood, so that mistakes of different kinds do not hide each other. Whatever needs the
 * architecture (outputs in URLs, targets of faults) is checked by `resolveDrill`.
 */
export function readDrill(file: string, text: string): Read<Drill> {
  const document = parseDrillDocument(file, text);
  if (document.findings.length > 0) return { value: drillOf(file, {}, document, []), findings: document.findings };
  const reading: Reading = { document, findings: [] };
  const result = drillSchema.safeParse(document.content);
  if (!result.success) {
    const schema = drillJsonSchema();
    for (const issue of result.error.issues) {
      reading.findings.push(...shapeFindings(issue as ShapeIssue, document, schema));
    }
  }
  const sections = result.success ? result.data : understoodSections(document.content);
  const drill = drillOf(file, sections, document, reading.findings);
  checkNames(drill, namesWritten(document.content), reading);
  checkPlaces(placesWritten(document.content), reading);
  checkTimes(drill, reading);
  checkSwitches(drill, reading);
  return { value: drill, findings: inOrder(reading.findings) };
}

/** The sections of a drill file that could be understood, lists element by element. */
type Sections = {
  readonly [Key in keyof DrillText]?: DrillText[Key] extends readonly (infer Item)[]
    ? readonly (Item | undefined)[]
    : DrillText[Key];
};

function understoodSections(content: unknown): Sections {
  const written = typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  const sections: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(drillSchema.shape)) {
    const result = schema.safeParse(written[key]);
    if (result.success) sections[key] = result.data;
  }
  for (const key of ['probes', 'faults', 'do', 'expect'] as const) {
    const list = written[key];
    const shape = drillSchema.shape[key];
    const element = 'element' in shape ? shape.element : shape.unwrap().element;
    if (Array.isArray(list)) sections[key] = list.map((item) => element.safeParse(item).data);
  }
  return sections;
}

function drillOf(file: string, sections: Sections, document: DrillDocument, findings: Reading['findings']): Drill {
  const reading: Reading = { document, findings };
  return {
    file,
    name: sections.name ?? '',
    world: readWorld(sections.world, reading),
    zones: sections.world?.zones ?? {},
    seed: sections.seed ?? '1',
    end: sections.duration === undefined ? NEVER : atSeconds(sections.duration / 1000),
    probes: each(sections.probes, (probe, index): DrillProbe => {
      const {
        rate,
        timeout,
        successStatuses,
        clients: _clients,
        resolvers: _resolvers,
        keepAlive: _kept,
        headers: _headers,
        cookies: _cookies,
        body: _body,
        webSocket: _webSocket,
        ...same
      } = probe;
      const place = document.placeOf(['probes', index]);
      const statuses = successStatuses === undefined ? {} : { successStatuses };
      return {
        ...same,
        ratePerSecond: rate,
        timeoutMs: timeout,
        ...statuses,
        ...readRequest(probe),
        ...readPopulation(probe, index, reading),
        ...readWebSocket(probe, index, reading),
        place,
      };
    }),
    faults: each(sections.faults, (fault, index) => readFault(fault, index, reading)),
    actions: each(sections.do, (action, index) => readAction(action, index, reading)),
    expectations: each(sections.expect, (item, index): Expectation => readExpectation(item, index, reading)),
    switches: sections.switches ?? {},
    keyValues: sections.keyValues ?? {},
    functionModels: Object.fromEntries(
      Object.entries(sections.functions ?? {}).map(([name, model]) => [
        name,
        {
          latencyMs: model.latency,
          status: model.status,
          bodyBytes: model.bodyBytes,
          ...(model.body === undefined ? {} : { body: model.body }),
        },
      ]),
    ),
    origins: readOrigins(sections.origins, reading),
    objects: readObjects(sections.objects),
    networks: readNetworks(sections.networks, reading),
  };
}

function each<Item, Result>(
  items: readonly (Item | undefined)[] | undefined,
  read: (item: Item, index: number) => Result | undefined,
): Result[] {
  return (items ?? []).flatMap((item, index) => {
    const result = item === undefined ? undefined : read(item, index);
    return result === undefined ? [] : [result];
  });
}

/** The names of all probes, also of those that were not understood: an expectation may name them. */
function namesWritten(content: unknown): readonly string[] {
  const probes = (content as { readonly probes?: unknown } | null)?.probes;
  if (!Array.isArray(probes)) return [];
  return probes.flatMap((probe: unknown) => {
    const name = (probe as { readonly name?: unknown } | null)?.name;
    return typeof name === 'string' ? [name] : [];
  });
}

/** The places of all probes, also of those that were not understood. */
function placesWritten(content: unknown): readonly PlaceWritten[] {
  const probes = (content as { readonly probes?: unknown } | null)?.probes;
  if (!Array.isArray(probes)) return [];
  return probes.flatMap((probe: unknown, at) => {
    const { name, places } = (probe ?? {}) as { readonly name?: unknown; readonly places?: unknown };
    if (!Array.isArray(places)) return [];
    return places.flatMap((place: unknown, index): PlaceWritten[] => {
      const isText = typeof place === 'string' && place !== '';
      return isText ? [{ probe: typeof name === 'string' ? name : `${at + 1}`, at, place, index }] : [];
    });
  });
}

function inOrder(findings: Reading['findings']): Reading['findings'] {
  return findings.toSorted(
    (left, right) =>
      (left.place?.line ?? 0) - (right.place?.line ?? 0) || (left.place?.column ?? 0) - (right.place?.column ?? 0),
  );
}
