import type { Finding } from '../model/index.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Findings as workflow commands of GitHub Actions, one a line, which show them beside the changed lines of a pull
 * request: `::error file=…,line=…,col=…,title=…::…`.
 */
export function renderGitHub(findings: readonly Finding[]): string {
  return findings.map((finding) => `${commandOf(finding)}\n`).join('');
}

function commandOf({ code, weight, place, says, remedy }: Finding): string {
  const where =
    place === undefined
      ? []
      : [
          ['file', place.file],
          ['line', place.line],
          ['col', place.column],
        ];
  const properties = [...where, ['title', code]].map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  const message = remedy === undefined ? says : `${says}\n→ ${remedy}`;
  return `::${COMMANDS[weight]} ${properties.join(',')}::${escapedData(message)}`;
}

/** A message ends with the line, so its own line ends are written as percent codes; and then the percent sign, too. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Commas and colons end a property. */
function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
