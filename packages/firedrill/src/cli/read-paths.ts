import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../model/index.ts';
import type { TemplateSource } from '../template/index.ts';
import { surveyTemplate } from '../template/index.ts';
import { kindOfPath, shown, unreadable } from './files.ts';
import { readApp } from './read-app.ts';
import { readAssembly } from './read-assembly.ts';
import { readTemplateFiles, shareParameters } from './read-template-files.ts';

export interface PathOptions {
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface PathSources {
  readonly sources: readonly TemplateSource[];
  readonly findings: readonly Finding[];
  /** Removes what apps wrote; the code that sources name is gone then. */
  readonly dispose: () => Promise<void>;
}

/** Reads templates, cloud assemblies and CDK app directories, told apart by what is there. */
export async function readPaths(paths: readonly string[], options: PathOptions): Promise<PathSources> {
  const sources: TemplateSource[] = [];
  const findings: Finding[] = [];
  const written: string[] = [];
  const region = options.region === undefined ? {} : { region: options.region };
  const kinds = paths.map(kindOf);
  const files = paths.filter((_, index) => kinds[index] === 'template');
  const parameters = shareParameters(files, options.parameters);
  for (const [index, path] of paths.entries()) {
    switch (kinds[index]) {
      case 'assembly': {
        const read = readAssembly(path, region);
        sources.push(...read.value.sources.map((source) => withParameters(source, options.parameters)));
        findings.push(...read.findings);
        break;
      }
      case 'app': {
        const signal = options.signal === undefined ? {} : { signal: options.signal };
        const read = await readApp(path, { ...region, ...signal, context: options.context });
        sources.push(...read.value.sources.map((source) => withParameters(source, options.parameters)));
        findings.push(...read.findings);
        if (read.value.directory !== '') written.push(read.value.directory);
        break;
      }
      case 'template': {
        const read = readTemplateFiles([{ file: path, ...region, parameters: parameters.get(path) ?? {} }]);
        sources.push(...read.value.sources);
        findings.push(...read.findings);
        break;
      }
      default:
        findings.push(neither(path, kinds[index] === 'directory'));
    }
  }
  const dispose = async (): Promise<void> => {
    for (const directory of written) await rm(directory, { recursive: true, force: true });
  };
  return { sources, findings, dispose };
}

function kindOf(path: string): 'assembly' | 'app' | 'template' | 'directory' | undefined {
  const kind = kindOfPath(path);
  if (kind === 'file') return 'template';
  if (kind === undefined) return undefined;
  if (kindOfPath(join(path, 'manifest.json')) === 'file') return 'assembly';
  return kindOfPath(join(path, 'cdk.json')) === 'file' ? 'app' : 'directory';
}

function neither(path: string, isDirectory: boolean): Finding {
  const says = isDirectory
    ? `${shown(path)} holds neither a cloud assembly (manifest.json) nor a CDK app (cdk.json).`
    : `There is no file or directory ${shown(path)}.`;
  return unreadable(path, says, 'Give template files, a cdk.out, or the directory of a CDK app.');
}

/** Parameters given by hand go to the stacks of an app that declare them. */
function withParameters(source: TemplateSource, given: Readonly<Record<string, string>>): TemplateSource {
  if (Object.keys(given).length === 0) return source;
  const { parameters } = surveyTemplate(source.file, source.text);
  const declared = Object.entries(given).filter(([name]) => parameters.includes(name));
  return declared.length === 0
    ? source
    : { ...source, parameters: { ...source.parameters, ...Object.fromEntries(declared) } };
}
