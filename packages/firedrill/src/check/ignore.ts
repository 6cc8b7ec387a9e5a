import type { Finding, Ignore, Place } from '../model/index.ts';

/** A finding that the template says to ignore, and why. */
export interface IgnoredFinding {
  readonly finding: Finding;
  readonly reason: string;
}

export interface Heeded {
  /** What is left, and a finding for each entry that ignores nothing. */
  readonly findings: readonly Finding[];
  readonly ignored: readonly IgnoredFinding[];
}

/**
 * Sets findings aside that their template says to ignore (`Metadata: { Firedrill: { Ignore } }`), of the resource
 * that says so or of the whole file. Errors of reading stay: without what they are about there is no world.
 */
export function heedIgnores(findings: readonly Finding[], ignores: readonly Ignore[]): Heeded {
  const kept: Finding[] = [];
  const ignored: IgnoredFinding[] = [];
  const used = new Set<Ignore>();
  for (const finding of findings) {
    const ignore = ignores.find((each) => covers(each, finding));
    if (ignore === undefined) kept.push(finding);
    else {
      used.add(ignore);
      ignored.push({ finding, reason: ignore.reason });
    }
  }
  const stale = ignores.filter((ignore) => !used.has(ignore)).map(staleIgnore);
  return { findings: [...kept, ...stale], ignored };
}

function covers({ code, place: { file }, within }: Ignore, { code: found, place, weight }: Finding): boolean {
  if (code !== found || place === undefined || place.file !== file) return false;
  return (weight !== 'error' || code.startsWith('check/')) && isAtOrBelow(place, within);
}

function isAtOrBelow({ path = '' }: Place, within: string): boolean {
  return within === '' || path === within || path.startsWith(`${within}.`);
}

function staleIgnore({ code, place, within }: Ignore): Finding {
  const where = within === '' ? 'this template' : within.replace(/^Resources\./, '');
  return {
    code: 'check/stale-ignore',
    weight: 'warning',
    place,
    says: `${where} ignores ${code}, but there is no such finding to ignore.`,
    remedy: 'Remove the entry; what it was for has gone, or has another place or code now.',
  };
}
