import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EDGE_TEMPLATE, REGIONAL_TEMPLATE } from '../../test/hybrid-templates.ts';
import type { CheckOptions } from './check-command.ts';
import { runCheck } from './check-command.ts';
import { readApp } from './read-app.ts';
import { readAssembly } from './read-assembly.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes files below the test's own directory and answers with its path. */
async function write(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const OPTIONS: CheckOptions = { region: 'eu-west-1', parameter: {}, zone: { 'example.com': 'Z0EXAMPLE' }, context: {} };

describe('firedrill check on template files', () => {
  test('prints stacks, what becomes of resources, outputs and findings', async () => {
    const directory = await write({ 'api.template.yaml': REGIONAL_TEMPLATE });
    const { exitCode, output } = await runCheck([join(directory, 'api.template.yaml')], {
      ...OPTIONS,
      parameter: { HostedZoneId: 'Z0EXAMPLE', Role: 'PRIMARY' },
    });
    expect(exitCode).toBe(0);
    expect(output).toContain('Stack api in eu-west-1\n  acted on\n    AWS::ApiGateway::BasePathMapping\n');
    expect(output).toMatch(/ {4}ApiHost = [a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\n/);
    expect(output).toContain('The world has 1 hosted zone, 1 record, 1 health check, 0 distributions, 1 REST API,');
    expect(output.endsWith('0 errors, 0 warnings, 0 notes.\n')).toBe(true);
  });

  test('with --json everything is data', async () => {
    const directory = await write({ 'edge.yaml': EDGE_TEMPLATE });
    const { exitCode, output } = await runCheck([join(directory, 'edge.yaml')], { ...OPTIONS, json: true });
    expect(exitCode).toBe(2);
    expect(JSON.parse(output)).toMatchObject({
      summary: { findings: { error: 1 } },
      findings: [{ code: 'template/parameter', weight: 'error', place: { line: 3 } }],
    });
  });

  test('divides parameters among templates, and tells of one that none declares', async () => {
    const directory = await write({ 'edge.yaml': EDGE_TEMPLATE, 'api.yaml': REGIONAL_TEMPLATE });
    const paths = ['edge.yaml', 'api.yaml'].map((file) => join(directory, file));
    const parameter = { HostedZoneId: 'Z0EXAMPLE', Role: 'PRIMARY', FallbackHost: 'b.example.com' };
    expect((await runCheck(paths, { ...OPTIONS, parameter })).exitCode).toBe(0);
    const { exitCode, output } = await runCheck(paths, { ...OPTIONS, parameter: { ...parameter, Rôle: 'x' } });
    expect(exitCode).toBe(2);
    expect(output).toContain('The template has no parameter Rôle, which was given. [template/parameter]');
  });

  test('finds code beside the template, and misses what is not there', async () => {
    const template = (code: string): string =>
      `Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Role: r, Runtime: nodejs22.x, Handler: index.handler, Code: ${code} } }\n`;
    const directory = await write({
      'a.yaml': template('./function'),
      'b.yaml': template('./gone'),
      'function/index.mjs': '',
      'function/node_modules/x/y.js': '',
    });
    expect((await runCheck([join(directory, 'a.yaml')], OPTIONS)).exitCode).toBe(0);
    expect((await runCheck([join(directory, 'b.yaml')], OPTIONS)).output).toContain(
      'nothing is there. [template/missing-asset]',
    );
  });

  test('says what it can read when it cannot read what it got', async () => {
    const { exitCode, output } = await runCheck([join(root, 'gone.yaml'), root], OPTIONS);
    expect(exitCode).toBe(2);
    expect(output.match(/\[template\/unreadable\]/g)).toHaveLength(2);
    expect(output).toContain('holds neither a cloud assembly (manifest.json) nor a CDK app (cdk.json).');
  });
});

/** An assembly with one stack whose function is an asset, as CDK writes it. */
function assembly(over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  return {
    'manifest.json': JSON.stringify({
      artifacts: {
        'Api.assets': { type: 'cdk:asset-manifest', properties: { file: 'Api.assets.json' } },
        Api: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/eu-west-1',
          properties: { templateFile: 'Api.template.json', stackName: 'the-api', parameters: { P: 'given' } },
          dependencies: ['Api.assets'],
        },
      },
      ...over,
    }),
    'Api.assets.json': JSON.stringify({
      files: {
        abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: { objectKey: 'abc.zip' } } },
      },
    }),
    'Api.template.json': JSON.stringify({
      Parameters: { P: { Type: 'String' } },
      Resources: {
        F: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Role: 'r',
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Code: { S3Bucket: 'b', S3Key: 'abc.zip' },
          },
        },
      },
    }),
    'asset.abc/index.js': 'exports.handler = async () => ({});',
  };
}

describe('cloud assemblies', () => {
  test('give each stack its name, Region, parameters and code', async () => {
    const directory = await write(assembly());
    const { value, findings } = readAssembly(directory);
    expect(findings).toEqual([]);
    expect(value.sources).toMatchObject([
      {
        stack: 'the-api',
        id: 'Api',
        region: 'eu-west-1',
        parameters: { P: 'given' },
        code: { 'abc.zip': { kind: 'directory', files: ['index.js'] } },
      },
    ]);
    expect(value.sources[0]).not.toHaveProperty('account');
    expect((await runCheck([directory], OPTIONS)).exitCode).toBe(0);
  });

  test('nest', async () => {
    const nested = Object.fromEntries(
      Object.entries(assembly()).map(([path, text]) => [`assembly-stage/${path}`, text]),
    );
    const manifest = {
      artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-stage' } } },
    };
    const { value } = readAssembly(await write({ ...nested, 'manifest.json': JSON.stringify(manifest) }));
    expect(value.sources.map(({ stack }) => stack)).toEqual(['the-api']);
  });

  test('that miss context say which', async () => {
    const directory = await write(
      assembly({ missing: [{ key: 'hosted-zone:x', provider: 'hosted-zone', props: {} }] }),
    );
    const { exitCode, output } = await runCheck([directory], OPTIONS);
    expect(exitCode).toBe(2);
    expect(output).toContain(
      'The app needs the context value hosted-zone:x, which the hosted-zone provider would look up in an AWS account. [app/missing-context]',
    );
  });

  test('that are none, or are broken, are told', async () => {
    expect(readAssembly(await write({ 'manifest.json': '{' })).findings).toMatchObject([
      { code: 'template/unreadable' },
    ]);
    expect(readAssembly(await write({ 'manifest.json': '[]' })).findings).toMatchObject([
      { code: 'template/unreadable' },
    ]);
    expect(readAssembly(await write({ 'manifest.json': '{"artifacts":{}}' })).findings).toMatchObject([
      { code: 'template/unreadable' },
    ]);
  });
});

/** An app in plain Node that writes an assembly, with what it was told in an output. */
const APP = `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDK_OUTDIR;
const context = JSON.parse(process.env.CDK_CONTEXT_JSON);
if (context.fail) { console.error('no zone given'); process.exit(3); }
if (context.hang) setInterval(() => {}, 1000);
else {
  mkdirSync(out, { recursive: true });
  const told = [process.env.CDK_DEFAULT_ACCOUNT, process.env.CDK_DEFAULT_REGION, context.a, context.b, context.c].join(' ');
  writeFileSync(out + '/t.json', JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role' } }, Outputs: { Told: { Value: told } } }));
  writeFileSync(out + '/manifest.json', JSON.stringify({ artifacts: { S: { type: 'aws:cloudformation:stack', environment: 'aws://1/eu-west-1', properties: { templateFile: 't.json' } } } }));
}
`;

describe('CDK apps', () => {
  const app = (): Promise<string> =>
    write({
      'app.mjs': APP,
      'cdk.json': JSON.stringify({
        app: `${JSON.stringify(process.execPath)} app.mjs`,
        context: { a: 'file', b: 'file' },
      }),
      'cdk.context.json': '{"c":"kept"}',
    });

  test('are told account, Region and context, and leave nothing behind', async () => {
    const directory = await app();
    const { TMPDIR: before } = process.env;
    process.env['TMPDIR'] = join(directory, 'temporary');
    try {
      await mkdir(join(directory, 'temporary'));
      const { exitCode, output } = await runCheck([directory], { ...OPTIONS, context: { b: 'given' } });
      expect(output).toContain('Told = 123456789012 eu-west-1 file given kept');
      expect(exitCode).toBe(0);
      expect(await readdir(join(directory, 'temporary'))).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  test('that fail show what they said', async () => {
    const { exitCode, output } = await runCheck([await app()], { ...OPTIONS, context: { fail: 'yes' } });
    expect(exitCode).toBe(2);
    expect(output).toContain('The app ended with exit code 3');
    expect(output).toContain('no zone given');
    expect(output).toContain('[app/failed]');
  });

  test('that hang are ended, by the time or by the caller', async () => {
    const directory = await app();
    const late = await readApp(directory, { context: { hang: 'yes' }, timeoutSeconds: 1 });
    expect(late.findings[0]?.says).toContain('The app did not end within 1 s');
    const controller = new AbortController();
    const running = readApp(directory, { context: { hang: 'yes' }, signal: controller.signal });
    controller.abort();
    expect((await running).findings[0]?.says).toContain('The app was interrupted');
  });

  test('of CDK itself give stacks whose values cross Regions', async () => {
    const context = { primary: 'eu-west-1', backup: 'us-east-1', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };
    const example = join(import.meta.dirname, '../../../../examples/hybrid');
    const { exitCode, output } = await runCheck([example], { ...OPTIONS, context, json: true });
    expect(exitCode).toBe(0);
    const { summary } = JSON.parse(output);
    expect(summary.stacks.map(({ region }: { region: string }) => region)).toEqual(['us-east-1', 'eu-west-1']);
    expect(Object.keys(summary.stacks[1].outputs)).toEqual(
      expect.arrayContaining(['R53FailoverDistribDomain', 'HybridFailoverDistribDomain']),
    );
    expect(summary.counts).toMatchObject({ recordSets: 2, healthChecks: 2, distributions: 2, restApis: 2 });
  });

  test('without a command are told', async () => {
    const { findings } = await readApp(await write({ 'cdk.json': '{}' }), { context: {} });
    expect(findings).toMatchObject([{ code: 'app/failed', remedy: 'Add it: `"app": "node app.js"`.' }]);
  });

  test('whose command is a directory are read from there', async () => {
    const ready = Object.fromEntries(Object.entries(assembly()).map(([path, text]) => [`cdk.out/${path}`, text]));
    const { value } = await readApp(await write({ ...ready, 'cdk.json': '{"app":"cdk.out"}' }), { context: {} });
    expect(value.sources.map(({ stack }) => stack)).toEqual(['the-api']);
  });
});
