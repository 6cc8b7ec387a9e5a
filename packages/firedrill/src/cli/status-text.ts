import type { WorldFile } from '../doors/index.ts';
import type { Finding } from '../model/index.ts';
import type { WorldStatus } from './world-status.ts';

/** A world on one screen. */
export function renderStatus({ regions, speed, upSince, ports }: WorldFile, status: WorldStatus): string {
  const { stacks, distributions, names, endpoints, healthChecks, alarms, faults, askedInVain, warnings } = status;
  const lines = [
    `Up since ${upSince}: ${regions.join(', ')}, at speed ${speed}; AWS APIs at http://127.0.0.1:${ports.endpoint}`,
    '',
    ...section(
      'Stacks',
      stacks.map(({ name, region, status, reason = '' }) => [name, region, status, reason]),
    ),
    ...section(
      'Distributions',
      distributions.map(({ id, domainName, aliases }) => [id, domainName, aliases.join(' ')]),
    ),
    ...section(
      'Names, and where they lead now',
      names.map(({ name, answers, endpoints: at }) => [name, answers.join(' '), at.join(' ')]),
    ),
    ...section(
      'Health checks',
      healthChecks.map(({ id, healthy, checkersHealthy, checkers }) => [
        id,
        healthy ? 'healthy' : 'unhealthy',
        checkers === 0 ? '' : `${checkersHealthy} of ${checkers} checkers`,
      ]),
    ),
    ...section(
      'Alarms',
      alarms.map(({ name, region, state }) => [name, region, state]),
    ),
    ...section(
      'Faults',
      faults.map((name) => [name]),
    ),
    ...section(
      'Asked of AWS in vain (the world does not have it)',
      askedInVain.map(({ service, operation = '?', region, count }) => [service, operation, region, `${count} ×`]),
    ),
    ...section('Deployed, and not as on AWS', warningRows(warnings)),
    ...section(
      'Endpoints',
      endpoints.map(({ kind, label, address, httpsPort, httpPort }) => [
        kind,
        label,
        address,
        [httpsPort, httpPort].filter((port) => port > 0).join(' '),
      ]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Different warnings on one screen; `--json` has them all. */
const WARNINGS_SHOWN = 20;

/** Each with the first thing that it is about, and how many more there are. */
function warningRows(warnings: readonly Finding[]): string[][] {
  const places = new Map<string, string[]>();
  for (const { says, place } of warnings) {
    const resource = /^Resources\.([^.]+)/.exec(place?.path ?? '')?.[1] ?? '';
    places.set(says, [...(places.get(says) ?? []), `${place?.file ?? ''} ${resource}`.trim()]);
  }
  const rows = [...places].map(([says, [first = '', ...more]]) => [
    more.length === 0 ? first : `${first} and ${more.length} more`,
    says,
  ]);
  if (rows.length <= WARNINGS_SHOWN) return rows;
  return [
    ...rows.slice(0, WARNINGS_SHOWN),
    [`… ${rows.length - WARNINGS_SHOWN} others`, 'see `firedrill status --json`'],
  ];
}

/** A heading and a table below it; nothing where there is nothing. */
function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [title, ...lines, ''];
}
