import { readFile } from 'node:fs/promises';
import type { Architecture, Finding, Plan } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import { readDrill, resolveDrill } from '../drill/index.ts';
import { readTemplates } from '../template/index.ts';
import { loadWorld } from './load-world.ts';
import { readPaths } from './read-paths.ts';

/** What there is to explain. */
export interface ExplainSource {
  /** Templates, cloud assemblies and CDK apps; none when a drill file names them. */
  readonly paths: readonly string[];
  /** A drill file. */
  readonly drill?: string;
  readonly region?: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly zone: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface SourceRead {
  readonly architecture: Architecture;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly dispose: () => Promise<void>;
}

const NOTHING_HAPPENS: Plan = {
  name: 'explain',
  seed: '1',
  end: BEGINNING,
  probes: [],
  faults: [],
  switches: {},
  functionModels: { '*': { latencyMs: 0, status: 200, bodyBytes: 0 } },
};

/** Reads templates, in whose world nothing happens, or a drill file with its own. */
export async function readExplainSource(source: ExplainSource): Promise<SourceRead> {
  return source.drill === undefined ? fromTemplates(source) : fromDrill(source.drill, source);
}

async function fromTemplates({ paths, region, parameter, zone, context, signal }: ExplainSource): Promise<SourceRead> {
  const read = await readPaths(paths, {
    ...(region === undefined ? {} : { region }),
    ...(signal === undefined ? {} : { signal }),
    parameters: parameter,
    context,
  });
  const { value, findings } = readTemplates({ sources: read.sources, zones: zone });
  const none: Finding[] =
    paths.length > 0
      ? []
      : [
          {
            code: 'explain/usage',
            weight: 'error',
            says: 'There is nothing to explain from.',
            remedy: 'Name templates, a cloud assembly or a CDK app, or --drill with a drill file.',
          },
        ];
  return {
    architecture: value,
    plan: NOTHING_HAPPENS,
    findings: [...none, ...read.findings, ...findings],
    dispose: read.dispose,
  };
}

async function fromDrill(file: string, { signal }: ExplainSource): Promise<SourceRead> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const finding: Finding = {
      code: 'drill/no-file',
      weight: 'error',
      says: `The drill file ${file} cannot be read.`,
      remedy: 'Name a file that exists.',
    };
    const { architecture, plan } = await fromTemplates({ paths: [], parameter: {}, zone: {}, context: {} });
    return { architecture, plan, findings: [finding], dispose: () => Promise.resolve() };
  }
  const drill = readDrill(file, text);
  const loaded = await loadWorld(drill.value, signal ?? new AbortController().signal);
  const resolved = resolveDrill(drill.value, loaded.value);
  const findings = [...drill.findings, ...loaded.findings, ...resolved.findings];
  return { architecture: loaded.value, plan: resolved.value, findings, dispose: loaded.dispose };
}
