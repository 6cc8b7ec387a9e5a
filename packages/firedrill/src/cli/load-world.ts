import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Architecture, Finding, Read } from '../model/index.ts';
import type { Drill } from '../drill/index.ts';
import { flawsOf } from '../sandbox/index.ts';
import type { TemplateSource } from '../template/index.ts';
import { readTemplates } from '../template/index.ts';
import { withHandlerModules } from './handler-modules.ts';
import { readApp } from './read-app.ts';
import { readAssembly } from './read-assembly.ts';
import { readTemplateFiles } from './read-template-files.ts';

/** An architecture whose function code may lie in a directory of its own. */
export interface LoadedWorld extends Read<Architecture> {
  /** Removes what a CDK app wrote; function code is gone then. */
  readonly dispose: () => Promise<void>;
}

/** Reads what a drill file names as its world; paths are relative to the file. */
export async function loadWorld(drill: Drill, signal: AbortSignal): Promise<LoadedWorld> {
  const { sources, findings, directory } = await sourcesOf(drill, signal);
  const { value, findings: more } = readTemplates({ sources, zones: drill.zones });
  const dispose = async (): Promise<void> => {
    if (directory !== '') await rm(directory, { recursive: true, force: true });
  };
  return { value: withHandlerModules(value), findings: [...findings, ...more, ...flawsOf(value)], dispose };
}

interface Loaded {
  readonly sources: readonly TemplateSource[];
  readonly findings: readonly Finding[];
  /** Empty when nothing was written. */
  readonly directory: string;
}

async function sourcesOf({ file, world }: Drill, signal: AbortSignal): Promise<Loaded> {
  const base = dirname(file);
  switch (world.kind) {
    case 'app': {
      const { value, findings } = await readApp(resolve(base, world.directory), { context: world.context, signal });
      return { ...value, findings };
    }
    case 'assembly': {
      const { value, findings } = readAssembly(resolve(base, world.directory));
      return { ...value, findings, directory: '' };
    }
    case 'templates': {
      const files = world.templates.map(({ file: template, stack, region, parameters }) => ({
        file: resolve(base, template),
        ...(stack === undefined ? {} : { stack }),
        ...(region === undefined ? {} : { region }),
        parameters,
      }));
      const { value, findings } = readTemplateFiles(files);
      return { ...value, findings, directory: '' };
    }
  }
}
