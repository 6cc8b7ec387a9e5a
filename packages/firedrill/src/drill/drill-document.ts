import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Finding, Place } from '../model/index.ts';

/** Path inside a document: keys of maps and indices of lists. */
export type DocumentPath = readonly (string | number)[];

/** A drill file as text was read into it, which still knows where everything stands. */
export interface DrillDocument {
  /** Undefined when the text is not YAML. */
  readonly content: unknown;
  readonly findings: readonly Finding[];
  /** Where the value at a path stands, or the nearest thing around it that exists. */
  placeOf(path: DocumentPath): Place;
  /** Where a key itself stands. */
  placeOfKey(path: DocumentPath, key: string): Place;
}

/** How often aliases may be expanded before a document counts as an attack. */
const MAX_ALIASES = 100;

/** Parses YAML 1.2 (the core schema, so that dates and `yes` stay text) and keeps the positions. */
export function parseDrillDocument(file: string, text: string): DrillDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', uniqueKeys: true });
  const placeAt = (offset: number, path: DocumentPath): Place => {
    const { line, col } = lines.linePos(offset);
    const at = { file, line: Math.max(1, line), column: Math.max(1, col) };
    return path.length === 0 ? at : { ...at, path: pathText(path) };
  };
  const findings: Finding[] = document.errors.map((error) => ({
    code: 'drill/syntax',
    weight: 'error',
    place: placeAt(error.pos[0], []),
    says: `This is not valid YAML: ${error.message}`,
    remedy: 'Correct the text at this place; indentation and brackets are the usual culprits.',
  }));
  const content = findings.length > 0 ? undefined : contentOf(document, findings, placeAt(0, []));
  return {
    content,
    findings,
    placeOf: (path) => placeAt(offsetOf(document, path), path),
    placeOfKey: (path, key) => placeAt(offsetOfKey(document, path, key), [...path, key]),
  };
}

function contentOf(document: Document, findings: Finding[], place: Place): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    findings.push({
      code: 'drill/syntax',
      weight: 'error',
      place,
      says: `The aliases of this file cannot be resolved: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Write the values out instead of using anchors and aliases.',
    });
    return undefined;
  }
}

function offsetOf(document: Document, path: DocumentPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function offsetOfKey(document: Document, path: DocumentPath, key: string): number {
  const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(parent)) {
    for (const pair of parent.items) {
      const node = pair.key as Node | null;
      if (isScalar(node) && String(node.value) === key && node.range) return node.range[0];
    }
  }
  return offsetOf(document, [...path, key]);
}

/** A path as people write it: `probes[0].url`. */
export function pathText(path: DocumentPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
