import type { Architecture, Finding, Read } from '../src/model/index.ts';
import type { TemplateSource } from '../src/template/index.ts';
import { readTemplates } from '../src/template/index.ts';

/** A template source with everything but its text filled in. */
export function source(text: string, over: Partial<TemplateSource> = {}): TemplateSource {
  return { file: 'template.yaml', text, stack: 'stack', region: 'eu-west-1', parameters: {}, code: {}, ...over };
}

/** Reads one template, in eu-west-1 and with the zone example.com unless said otherwise. */
export function readOne(text: string, over: Partial<TemplateSource> = {}): Read<Architecture> {
  return readTemplates({ sources: [source(text, over)], zones: { 'example.com': 'Z0EXAMPLE' } });
}

/** A finding on one line: weight, code, line and what it says. */
export function inLine({ weight, code, place, says }: Finding): string {
  return `${weight} ${code} ${place?.line ?? 0}: ${says}`;
}
