import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { IgnoredFinding } from '../check/index.ts';
import { RULES } from '../check/index.ts';
import type { Finding } from '../model/index.ts';
import { FINDING_CODES } from '../model/index.ts';
import { VERSION } from './version.ts';

/** Where the schema of SARIF 2.1.0 is published. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * Findings as a SARIF 2.1.0 log, as code scanners of GitHub, GitLab and Azure DevOps take it. What a template
 * ignores is in it as well, marked as suppressed in the source with the reason.
 */
export function renderSarif(findings: readonly Finding[], ignored: readonly IgnoredFinding[]): string {
  const codes = [...new Set([...findings, ...ignored.map(({ finding }) => finding)].map(({ code }) => code))];
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Firedrill', semanticVersion: VERSION, rules: codes.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: [
          ...findings.map((finding) => resultOf(finding, codes)),
          ...ignored.map(({ finding, reason }): Result => ({
            ...resultOf(finding, codes),
            suppressions: [{ kind: 'inSource', justification: reason }],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(code: Finding['code']): ReportingDescriptor {
  const rule = RULES.find((each) => each.code === code);
  return {
    id: code,
    shortDescription: { text: FINDING_CODES[code] },
    ...(rule === undefined
      ? {}
      : {
          fullDescription: { text: `${FINDING_CODES[code]} What users lose: ${rule.costs}.` },
          defaultConfiguration: { level: rule.weight },
          properties: { facts: rule.facts },
        }),
  };
}

function resultOf({ code, weight, place, says, remedy, facts }: Finding, codes: readonly string[]): Result {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: weight,
    message: { text: remedy === undefined ? says : `${says}\n${remedy}` },
    ...(place === undefined
      ? {}
      : {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(place.file) },
                region: { startLine: place.line, startColumn: place.column },
              },
              ...(place.path === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: place.path }] }),
            },
          ],
          // Lines move when something is written above them; the path inside the template stays.
          partialFingerprints: { 'firedrillPath/v1': `${code} ${place.file} ${place.path ?? place.line}` },
        }),
    ...(facts === undefined ? {} : { properties: { facts } }),
  };
}

/** Relative to where the command runs, when it lies below, as scanners want it. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file
    .split(/[\\/]/)
    .map((part) => encodeURIComponent(part))
    .join('/');
}
