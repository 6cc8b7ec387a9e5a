import type { Finding, FindingCode } from '../model/index.ts';
import type { DocumentPath, DrillDocument } from './drill-document.ts';

/** A drill file being read: its text with positions, and what there is to say about it so far. */
export interface Reading {
  readonly document: DrillDocument;
  readonly findings: Finding[];
}

/** Adds an error at a path of the drill file. */
export function complain(
  reading: Reading,
  path: DocumentPath,
  finding: { readonly code?: FindingCode; readonly says: string; readonly remedy: string },
): void {
  const { code = 'drill/shape', says, remedy } = finding;
  reading.findings.push({ code, weight: 'error', place: reading.document.placeOf(path), says, remedy });
}
