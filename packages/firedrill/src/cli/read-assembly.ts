import { join } from 'node:path';
import { z } from 'zod';
import type { Finding, Read } from '../model/index.ts';
import type { CodeLocation, TemplateSource } from '../template/index.ts';
import { isFinding, locateCode, readJson, readText, shown, unreadable } from './files.ts';

/** Parts of a cloud assembly's manifest that we use; the rest may change as it likes. */
const MANIFEST = z.object({
  artifacts: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        environment: z.string().optional(),
        dependencies: z.array(z.string()).optional(),
        properties: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  missing: z.array(z.object({ key: z.string(), provider: z.string() })).optional(),
});

const STACK = z.object({
  templateFile: z.string(),
  stackName: z.string().optional(),
  parameters: z.record(z.string(), z.string()).optional(),
});

const ASSETS = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional(), packaging: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .optional(),
});

export interface AssemblyOptions {
  /** Region of stacks that leave theirs open. */
  readonly region?: string;
  /** Directory that findings name in place of the assembly's own. */
  readonly shownAs?: string;
}

export interface Sources {
  readonly sources: readonly TemplateSource[];
}

/** Reads a cloud assembly (`cdk.out`) with those nested in it: each stack with its Region, parameters and code. */
export function readAssembly(directory: string, options: AssemblyOptions = {}): Read<Sources> {
  const file = join(directory, 'manifest.json');
  const manifest = readJson(file);
  if (isFinding(manifest)) return { value: { sources: [] }, findings: [manifest] };
  const parsed = MANIFEST.safeParse(manifest.value);
  if (!parsed.success) {
    const says = `${shown(file)} is not the manifest of a cloud assembly.`;
    return { value: { sources: [] }, findings: [unreadable(file, says, 'Give a directory that `cdk synth` wrote.')] };
  }
  const artifacts = Object.entries(parsed.data.artifacts ?? {});
  const findings: Finding[] = (parsed.data.missing ?? []).map((missing) => missingContext(file, missing));
  const code = readAssets(directory, artifacts, findings);
  const sources: TemplateSource[] = [];
  for (const [id, artifact] of artifacts) {
    if (artifact.type === 'cdk:cloud-assembly') {
      const name = String(artifact.properties?.['directoryName']);
      const shownAs = options.shownAs === undefined ? {} : { shownAs: join(options.shownAs, name) };
      const nested = readAssembly(join(directory, name), { ...options, ...shownAs });
      sources.push(...nested.value.sources);
      findings.push(...nested.findings);
    } else if (artifact.type === 'aws:cloudformation:stack') {
      const source = readStack(directory, id, artifact, code, options);
      if (isFinding(source)) findings.push(source);
      else sources.push(source);
    }
  }
  if (sources.length === 0 && findings.length === 0) {
    findings.push(unreadable(file, `The cloud assembly ${shown(directory)} holds no stack.`));
  }
  return { value: { sources }, findings };
}

type Artifact = NonNullable<z.infer<typeof MANIFEST>['artifacts']>[string];

function missingContext(file: string, { key, provider }: { key: string; provider: string }): Finding {
  return {
    code: 'app/missing-context',
    weight: 'error',
    place: { file: shown(file), line: 1, column: 1 },
    says: `The app needs the context value ${key}, which the ${provider} provider would look up in an AWS account.`,
    remedy:
      'Run `cdk synth` once with credentials and keep cdk.context.json, or give the value by --context or in cdk.json.',
  };
}

function readStack(
  directory: string,
  id: string,
  { environment, properties, dependencies }: Artifact,
  code: Readonly<Record<string, CodeLocation>>,
  options: AssemblyOptions,
): TemplateSource | Finding {
  const stack = STACK.safeParse(properties);
  if (!stack.success) return unreadable(join(directory, 'manifest.json'), `The stack ${id} names no template.`);
  const file = join(directory, stack.data.templateFile);
  const text = readText(file);
  if (typeof text !== 'string') return text;
  const [, account = '', named = ''] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment ?? '') ?? [];
  const region = named === '' || named === 'unknown-region' ? options.region : named;
  return {
    file: shown(join(options.shownAs ?? directory, stack.data.templateFile)),
    text,
    stack: stack.data.stackName ?? id,
    id,
    ...(region === undefined ? {} : { region }),
    ...(account === '' || account === 'unknown-account' ? {} : { account }),
    parameters: stack.data.parameters ?? {},
    dependencies: dependencies ?? [],
    code,
  };
}

/** Files that the assembly would upload, by the key of the object they become. */
function readAssets(
  directory: string,
  artifacts: readonly (readonly [string, Artifact])[],
  findings: Finding[],
): Readonly<Record<string, CodeLocation>> {
  const code: Record<string, CodeLocation> = {};
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest') continue;
    const file = join(directory, String(properties?.['file']));
    const manifest = readJson(file);
    if (isFinding(manifest)) {
      findings.push(manifest);
      continue;
    }
    const parsed = ASSETS.safeParse(manifest.value);
    if (!parsed.success) findings.push(unreadable(file, `${shown(file)} is not a manifest of assets.`));
    for (const { source, destinations } of Object.values(parsed.data?.files ?? {})) {
      const location = source.path === undefined ? undefined : locateCode(join(directory, source.path));
      if (location === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) code[objectKey] = location;
    }
  }
  return code;
}
