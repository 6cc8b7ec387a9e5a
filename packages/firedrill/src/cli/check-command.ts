import type { Finding } from '../model/index.ts';
import { hasErrors } from '../model/index.ts';
import { check } from '../check/index.ts';
import type { StackSummary, Summary, TypeCount } from '../template/index.ts';
import { describe, readTemplates } from '../template/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { renderFindings } from './findings-text.ts';
import { readPaths } from './read-paths.ts';

export interface CheckOptions {
  readonly region?: string;
  readonly parameter: Readonly<Record<string, string>>;
  /** Hosted zones outside the templates: id by domain name. */
  readonly zone: Readonly<Record<string, string>>;
  /** Context of CDK apps. */
  readonly context: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * `firedrill check`: reads templates, cloud assemblies and CDK apps without running a world, and says what was
 * understood, every mistake and every trap. Exit code 0, or 2 when there is an error.
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
    const { value: architecture, findings: mistakes } = readTemplates({ sources: read.sources, zones });
    const findings = [...read.findings, ...mistakes, ...check(architecture)];
    const summary = describe(architecture, findings);
    return {
      exitCode: hasErrors(findings) ? EXIT.inputWrong : EXIT.asExpected,
      output: options.json === true ? renderJson(summary, findings) : renderText(summary, findings),
    };
  } finally {
    await read.dispose();
  }
}

function renderJson(summary: Summary, findings: readonly Finding[]): string {
  return `${JSON.stringify({ summary, findings }, undefined, 2)}\n`;
}

function renderText(summary: Summary, findings: readonly Finding[]): string {
  const { error, warning, note } = summary.findings;
  const blocks = [
    ...summary.stacks.map(renderStack),
    ...(summary.stacks.length === 0 ? [] : [renderCounts(summary)]),
    renderFindings(findings),
    `${counted(error, 'error')}, ${counted(warning, 'warning')}, ${counted(note, 'note')}.\n`,
  ];
  return blocks.filter((block) => block !== '').join('\n');
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
    counted(counts.apiDomainNames, 'custom domain name'),
    counted(counts.functions, 'function'),
    counted(counts.certificates, 'certificate'),
  ];
  return `The world has ${words.join(', ')}.\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
