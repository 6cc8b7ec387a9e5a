import { basename, dirname, resolve } from 'node:path';
import type { Finding, Read } from '../model/index.ts';
import type { CodeLocation, TemplateSource } from '../template/index.ts';
import { surveyTemplate } from '../template/index.ts';
import { locateCode, readText, shown } from './files.ts';
import type { Sources } from './read-assembly.ts';

/** A template file, and what its text does not say. */
export interface TemplateFile {
  readonly file: string;
  /** By default the file's name without its endings. */
  readonly stack?: string;
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads template files, and finds the code that they name by paths relative to themselves. */
export function readTemplateFiles(files: readonly TemplateFile[]): Read<Sources> {
  const sources: TemplateSource[] = [];
  const findings: Finding[] = [];
  for (const template of files) {
    const text = readText(template.file);
    if (typeof text !== 'string') {
      findings.push(text);
      continue;
    }
    const { codePaths } = surveyTemplate(template.file, text);
    sources.push({
      file: shown(resolve(template.file)),
      text,
      stack: template.stack ?? stackNameOf(template.file),
      ...(template.region === undefined ? {} : { region: template.region }),
      parameters: template.parameters,
      code: codeAt(codePaths, dirname(resolve(template.file))),
    });
  }
  return { value: { sources }, findings };
}

/** As `primary` for `stacks/primary.template.yaml`; what a stack's name cannot hold becomes a hyphen. */
function stackNameOf(file: string): string {
  const name = basename(file).replace(/(\.template)?\.(ya?ml|json|template)$/i, '');
  return name.replaceAll(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '') || 'stack';
}

function codeAt(paths: readonly string[], directory: string): Readonly<Record<string, CodeLocation>> {
  const code: Record<string, CodeLocation> = {};
  for (const path of paths) {
    const location = locateCode(resolve(directory, path));
    if (location !== undefined) code[path] = location;
  }
  return code;
}

/** Divides parameters among templates by what each declares; one that none declares goes to all, to be told. */
export function shareParameters(
  files: readonly string[],
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const declared = new Map<string, readonly string[]>();
  for (const file of files) {
    const text = readText(file);
    declared.set(file, typeof text === 'string' ? surveyTemplate(file, text).parameters : []);
  }
  const shares = new Map<string, Record<string, string>>(files.map((file) => [file, {}]));
  for (const [name, value] of Object.entries(given)) {
    const takers = files.filter((file) => declared.get(file)?.includes(name) === true);
    for (const file of takers.length > 0 ? takers : files) Object.assign(shares.get(file) ?? {}, { [name]: value });
  }
  return shares;
}
