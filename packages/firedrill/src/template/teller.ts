import type { Finding, FindingCode, Place } from '../model/index.ts';
import { FINDINGS_MAX } from './limits.ts';

/** What may accompany a finding. */
interface Advice {
  readonly remedy?: string;
  readonly facts?: readonly string[];
}

/** Gathers findings: reading goes on after a mistake, so that one run tells all of them. */
export interface Teller {
  readonly findings: readonly Finding[];
  error(code: FindingCode, place: Place, says: string, advice?: Advice): void;
  warning(code: FindingCode, place: Place, says: string, advice?: Advice): void;
  note(code: FindingCode, place: Place, says: string, advice?: Advice): void;
}

/** A teller that says the same thing about the same place once, and stops listening when it has so many. */
export function createTeller(findingsMax = FINDINGS_MAX): Teller {
  const findings: Finding[] = [];
  const said = new Set<string>();
  const tell = (weight: Finding['weight'], code: FindingCode, place: Place, says: string, advice?: Advice): void => {
    const key = `${code} ${place.file}:${place.line}:${place.column} ${says}`;
    if (said.has(key) || findings.length >= findingsMax) return;
    said.add(key);
    findings.push({ code, weight, place, says, ...advice });
  };
  return {
    findings,
    error: (code, place, says, advice) => tell('error', code, place, says, advice),
    warning: (code, place, says, advice) => tell('warning', code, place, says, advice),
    note: (code, place, says, advice) => tell('note', code, place, says, advice),
  };
}

/** Tells again what another teller has heard. */
export function retell(findings: readonly Finding[], tell: Teller): void {
  for (const { weight, code, place, says, ...advice } of findings) {
    if (place !== undefined) tell[weight](code, place, says, advice);
  }
}
