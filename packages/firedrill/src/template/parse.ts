import { TEMPLATE_CHARS_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Teller } from './teller.ts';

/**
 * Reads JSON or YAML into nodes with their places. Undefined when the text has no value that could be read; every mistake has
 * been told.
 */
export function parseTemplate(file: string, source: string, tell: Teller): Node | undefined {
  if (source.length > TEMPLATE_CHARS_MAX) {
    const says = `The template has ${source.length} characters; 1 MB is the most.`;
    const remedy = 'Split it into several stacks.';
    tell.error('template/limit', { file, line: 1, column: 1 }, says, { remedy, facts: ['RS 8.24'] });
    return undefined;
  }
  return parseJson(file, source) ?? parseYaml(file, source, tell);
}
