import type { Finding } from '../model/index.ts';

/** Findings on one screen: errors first, each with its place, what it is, and what to do. */
export function renderFindings(findings: readonly Finding[]): string {
  const order = ['error', 'warning', 'note'];
  const sorted = findings.toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
  return sorted.map((finding) => `${renderFinding(finding)}\n`).join('');
}

function renderFinding({ code, weight, place, says, remedy, facts }: Finding): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  const lines = [`${where}${weight}: ${says} [${code}]`];
  if (place?.path !== undefined) lines.push(`    at ${place.path}`);
  if (remedy !== undefined) lines.push(`    → ${remedy}`);
  if (facts !== undefined && facts.length > 0) lines.push(`    see ${facts.join(', ')} in docs/facts`);
  return lines.join('\n');
}
