import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIMED_SECONDS } from '../../constructs/src/claims.ts';
import { check } from '../src/check/index.ts';
import { withObjectFiles } from '../src/cli/planned-objects.ts';
import { readAssembly } from '../src/cli/read-assembly.ts';
import { readDrill, resolveDrill } from '../src/drill/index.ts';
import type { Architecture, Plan, RequestEnded } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { readTemplates } from '../src/template/index.ts';
import { runLocal } from './run-local.ts';

/* The example's own templates: what the construct's documentation claims, and both drivers on the same estate. */

const EXAMPLE = fileURLToPath(new URL('../../../examples/s3-website-failover', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'firedrill-s3-website-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesise(
  more: Readonly<Record<string, string>> = {},
  edit: (template: string) => string = (template) => template,
): Architecture {
  const out = mkdtempSync(join(directory, 'out-'));
  const context = {
    primary: 'eu-west-1',
    backup: 'us-west-2',
    domain: 'example.com',
    hostedZoneId: 'Z0EXAMPLE',
    certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
    ...more,
  };
  const env = { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' };
  execFileSync(process.execPath, ['app.js'], { cwd: EXAMPLE, env: { ...env, CDK_DEFAULT_ACCOUNT: '123456789012' } });
  const sources = readAssembly(out).value.sources.map((source) => ({ ...source, text: edit(source.text) }));
  const read = readTemplates({ sources, zones: { 'example.com': 'Z0EXAMPLE' } });
  expect(read.findings.filter(({ weight }) => weight === 'error')).toEqual([]);
  return read.value;
}

/** A plan on the estate, with what the app has deployed into its buckets. */
function planOn(architecture: Architecture, text: string): Plan {
  const drill = readDrill('drill.yaml', `name: d\nworld: { assembly: . }\n${text}`);
  expect(drill.findings).toEqual([]);
  const resolved = resolveDrill(drill.value, architecture);
  expect(resolved.findings).toEqual([]);
  return withObjectFiles(resolved.value, drill.value, architecture).value;
}

function requestsOf(architecture: Architecture, plan: Plan): readonly RequestEnded[] {
  const ended: RequestEnded[] = [];
  simulate(architecture, plan, (event) => void (event.what === 'request.ended' && ended.push(event.data)));
  return ended;
}

const SITE_DOWN = 'faults: [{ name: down, region: eu-west-1, service: s3, status: 503, from: 100s }]';

describe('the estate of the example', () => {
  let architecture: Architecture;
  beforeAll(() => {
    architecture = synthesise({ cache: 'off' });
  });

  test('users who come by HTTP wait no longer than is claimed, whatever the seed', () => {
    const outages = Array.from({ length: 40 }, (_, seed) => {
      const probes = 'probes: [{ name: site, url: "http://www.example.com/" }]';
      const plan = planOn(architecture, `seed: ${seed}\nduration: 6m\n${probes}\n${SITE_DOWN}`);
      const failed = requestsOf(architecture, plan).filter(({ success }) => !success);
      return (failed.at(-1)?.sentAt ?? 0) / 1e6 - 100;
    });
    expect(Math.max(...outages)).toBeLessThanOrEqual(CLAIMED_SECONDS.websiteFailover.most);
    expect(Math.max(...outages)).toBeGreaterThan(CLAIMED_SECONDS.websiteFailover.most * 0.6);
    expect(Math.min(...outages)).toBeGreaterThan(20);
  });

  test('HTTPS finds nobody at the website, and a name that is no bucket’s a page that says so', () => {
    const probes = 'probes: [{ name: site, url: "https://www.example.com/" }]';
    const plan = planOn(architecture, `duration: 6m\n${probes}\n${SITE_DOWN}`);
    const last = requestsOf(architecture, plan).at(-1);
    expect(last).toMatchObject({ end: 'refused', status: 0 });
    const renamed = {
      ...architecture,
      buckets: architecture.buckets.map((one) => (one.name === 'www.example.com' ? { ...one, name: 'backup' } : one)),
    };
    const wrong = requestsOf(renamed, {
      ...plan,
      probes: plan.probes.map((one) => ({ ...one, url: 'http://www.example.com/' })),
    });
    expect(wrong.at(-1)).toMatchObject({ end: 'answered', status: 404, endpoint: 'us-west-2' });
  });

  test('what the edge keeps is served on, so that DNS takes users away from a site that works', () => {
    const kept = synthesise();
    const plan = planOn(kept, `duration: 6m\nprobes: [{ name: site, url: "https://www.example.com/" }]\n${SITE_DOWN}`);
    const requests = requestsOf(kept, plan);
    const first = requests.find(({ success }) => !success);
    expect(first?.end).toBe('refused');
    expect(requests.filter(({ sentAt }) => sentAt > 100e6).some(({ result }) => result === 'Hit')).toBe(true);
  });

  test('it has no trap but the backup’s missing health check, unless CloudFront sends viewers to HTTPS', () => {
    const codes = (one: Architecture): readonly string[] => check(one).map(({ code }) => code);
    expect(codes(architecture)).toEqual(['check/secondary-without-health']);
    expect(codes(synthesise({ https: 'redirect' }))).toContain('check/website-behind-https');
  });

  test('each published limitation that is violated is a finding: one alias, the bucket’s name, what the health check asks', () => {
    const found = (more: Partial<Architecture>): readonly string[] =>
      check({ ...architecture, ...more }).map(({ code }) => code);
    const { distributions, healthChecks } = architecture;
    const twin = distributions.map((each) => ({ ...each, id: 'ETWIN', domainName: 'twin.cloudfront.net' }));
    expect(found({ distributions: [...distributions, ...twin] })).toContain('check/shared-alias');
    const site = distributions[0]?.aliases[0] ?? '';
    const renamed = synthesise({ cache: 'off' }, (template) =>
      template.replace(`"BucketName": "${site}"`, `"BucketName": "${site}-backup"`),
    );
    expect(found(renamed)).toContain('check/website-bucket-name');
    const selfish = healthChecks.map((each) => ({ ...each, fullyQualifiedDomainName: site }));
    expect(found({ healthChecks: selfish })).toContain('check/self-steering-health-check');
  });

  test('on real sockets as in virtual time: the same answers by HTTP and HTTPS, before and after', async () => {
    const probes = ['http', 'https']
      .flatMap((scheme) =>
        ['', 'nothing-here'].map((path) => `{ name: ${scheme}-${path}, url: "${scheme}://www.example.com/${path}" }`),
      )
      .join(', ');
    const plan = planOn(architecture, `duration: 4m\nprobes: [${probes}]\n${SITE_DOWN}`);
    const ends = (requests: readonly RequestEnded[]): readonly string[] =>
      [
        ...new Set(requests.map(({ probe, end, status, endpoint }) => `${probe} ${end} ${status} ${endpoint}`)),
      ].toSorted();
    const local = await runLocal(architecture, plan, 20);
    const simulated = ends(requestsOf(architecture, plan));
    expect(ends(local.flatMap((event) => (event.what === 'request.ended' ? [event.data] : [])))).toEqual(simulated);
    expect(simulated).toContain('http- answered 200 us-west-2');
    expect(simulated).toContain('http-nothing-here answered 404 us-west-2');
    expect(simulated).toContain('https-nothing-here answered 403 eu-west-1');
  });
});
