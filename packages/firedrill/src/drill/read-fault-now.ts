import type { FaultNow } from '../engine/index.ts';
import type { Read } from '../model/index.ts';
import { parseDrillDocument } from './drill-document.ts';
import { type ShapeIssue, shapeFindings } from './drill-findings.ts';
import { drillJsonSchema, drillSchema } from './drill-schema.ts';
import { readFault } from './read-fault.ts';
import type { Reading } from './reading.ts';

/**
 * Reads a fault that is to begin at once, in the words of a drill file: `region: eu-west-1, effect: refuse`, with or without braces.
 * Its name is what is written unless it says one; `from` and `until` have no meaning.
 */
export function readFaultNow(text: string): Read<FaultNow | undefined> {
  const written = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const document = parseDrillDocument('(command line)', `faults: [{ ${written} }]`);
  if (document.findings.length > 0) return { value: undefined, findings: document.findings };
  const reading: Reading = { document, findings: [] };
  const { faults = [] } = document.content as { readonly faults?: readonly object[] };
  const shape = drillSchema.shape.faults.unwrap().element;
  const result = shape.safeParse({ name: written || 'fault', ...faults[0], from: '0s' });
  if (!result.success) {
    const schema = drillJsonSchema();
    const issues = result.error.issues as ShapeIssue[];
    const findings = issues.flatMap((issue) =>
      shapeFindings({ ...issue, path: ['faults', 0, ...issue.path] }, document, schema),
    );
    return { value: undefined, findings };
  }
  const fault = readFault(result.data, 0, reading);
  if (fault === undefined) return { value: undefined, findings: reading.findings };
  const { from: _from, until: _until, place: _place, ...now } = fault;
  return { value: now, findings: reading.findings };
}
