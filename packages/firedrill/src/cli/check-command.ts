import type { Finding } from '../model/index.ts';
import { hasErrors } from '../model/index.ts';
import type { IgnoredFinding } from '../check/index.ts';
import type { StackSummary, Summary, TypeCount } from '../template/index.ts';
import { describe } from '../template/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { renderGitHub } from './findings-github.ts';
import { renderSarif } from './findings-sarif.ts';
import { renderFindings } from './findings-text.ts';
import type { Inspection } from './inspect.ts';
import { inspect } from './inspect.ts';
import { readPaths } from './read-paths.ts';

type CheckFormat = 'text' | 'json' | 'sarif' | 'github';

export interface CheckOptions {
  readonly region?: string;
  readonly parameter: Readonly<Record<string, string>>;
  /** Hosted zones outside the templates: id by domain name. */
  readonly zone: Readonly<Record<string, string>>;
  /** Context of CDK apps. */
  readonly context: Readonly<Record<string, string>>;
  /** `text` by default. */
  readonly format?: CheckFormat;
  /** The same as the format `json`. */
  readonly json?: boolean;
  /** The lightest finding that makes the exit code 1; by default none does. */
  readonly failOn?: Finding['weight'];
  readonly signal?: AbortSignal;
}

/**
 * `firedrill check`: reads templates, cloud assemblies and CDK apps without running a world, and says what was
 * understood, every mistake and every trap. Exit code 2 when there is an error; 1 when there is a finding of the
 * weight `failOn` or heavier; else 0.
 */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
): Promise<{ readonly exitCode: ExitCode; readonly output: string }> {
  const { region, parameter: parameters, zone: zones, context, signal } = options;
  const read = await readPaths(paths, {
    ...(region === undefined ? {} : { region }),
    ...(signal === undefined ? {} : { signal }),
    parameters,
    context,
  });
  try {
    const inspection = inspect({ sources: read.sources, zones }, read.findings);
    const format = options.format ?? (options.json === true ? 'json' : 'text');
    return { exitCode: exitCodeOf(inspection.findings, options.failOn), output: RENDER[format](inspection) };
  } finally {
    await read.dispose();
  }
}

const WEIGHTS = ['note', 'warning', 'error'] as const;

function exitCodeOf(findings: readonly Finding[], failOn: Finding['weight'] | undefined): ExitCode {
  if (hasErrors(findings)) return EXIT.inputWrong;
  if (failOn === undefined) return EXIT.asExpected;
  const least = WEIGHTS.indexOf(failOn);
  return findings.some(({ weight }) => WEIGHTS.indexOf(weight) >= least) ? EXIT.verdictNo : EXIT.asExpected;
}

const RENDER: Readonly<Record<CheckFormat, (inspection: Inspection) => string>> = {
  text: renderText,
  json: renderJson,
  sarif: ({ findings, ignored }) => renderSarif(findings, ignored),
  github: ({ findings }) => renderGitHub(findings),
};

function renderJson({ architecture, findings, ignored }: Inspection): string {
  return `${JSON.stringify({ summary: describe(architecture, findings), findings, ignored }, undefined, 2)}\n`;
}

function renderText({ architecture, findings, ignored }: Inspection): string {
  const summary = describe(architecture, findings);
  const { error, warning, note } = summary.findings;
  const counts = [counted(error, 'error'), counted(warning, 'warning'), counted(note, 'note')];
  if (ignored.length > 0) counts.push(`${ignored.length} ignored`);
  const blocks = [
    ...summary.stacks.map(renderStack),
    ...(summary.stacks.length === 0 ? [] : [renderCounts(summary)]),
    renderFindings(findings),
    ignored.map(renderIgnored).join(''),
    `${counts.join(', ')}.\n`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function renderIgnored({ finding: { code, place }, reason }: IgnoredFinding): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  return `${where}ignored: ${reason} [${code}]\n`;
}

function renderStack({ name, region, resources, outputs }: StackSummary): string {
  const lines = [`Stack ${name} in ${region}`];
  const part = (label: string, types: readonly TypeCount[]): void => {
    if (types.length === 0) return;
    lines.push(`  ${label}`);
    for (const { type, count } of types) lines.push(`    ${type}${count === 1 ? '' : ` × ${count}`}`);
  };
  part('acted on', resources['acted-on']);
  part('accepted, without effect on a drill', resources.inert);
  part('not known to Firedrill', resources.unknown);
  const entries = Object.entries(outputs);
  if (entries.length > 0) lines.push('  outputs');
  for (const [output, value] of entries) lines.push(`    ${output} = ${value}`);
  return `${lines.join('\n')}\n`;
}

function renderCounts({ counts }: Summary): string {
  const words = [
    counted(counts.hostedZones, 'hosted zone'),
    counted(counts.recordSets, 'record'),
    counted(counts.healthChecks, 'health check'),
    counted(counts.distributions, 'distribution'),
    counted(counts.restApis, 'REST API'),
    ...(counts.httpApis === 0 ? [] : [counted(counts.httpApis, 'HTTP API')]),
    ...(counts.functionUrls === 0 ? [] : [counted(counts.functionUrls, 'function URL')]),
    counted(counts.apiDomainNames, 'custom domain name'),
    counted(counts.functions, 'function'),
    counted(counts.certificates, 'certificate'),
  ];
  return `The world has ${words.join(', ')}.\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
