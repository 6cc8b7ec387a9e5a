import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/* The command line as a user meets it: the built program in a process of its own. Run `npm run build` first. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = join(ROOT, 'packages/firedrill/bin/firedrill.js');
const REGION_DIES = join(ROOT, 'examples/hybrid/drills/region-dies.yaml');

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-cli-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Running {
  readonly child: ChildProcess;
  out = '';
  err = '';
  private readonly waiting = new Set<() => void>();

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [PROGRAM, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.heard('out', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.heard('err', text));
  }

  async finished(): Promise<Finished> {
    const [code] = (await once(this.child, 'close')) as [number | null];
    return { code, out: this.out, err: this.err };
  }

  /** Resolves when the program has said something that matches. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.out)) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private heard(where: 'out' | 'err', text: string): void {
    this[where] += text;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

async function firedrill(...args: string[]): Promise<Finished> {
  return await new Running(args).finished();
}

/** A drill on real sockets that is recorded in `out`, with its primary Region black-holed by now. */
async function blackHoled(out: string): Promise<Running> {
  const settings = ['--in', 'local', '--speed', '10', '--ports', 'any'];
  const running = new Running(['drill', REGION_DIES, ...settings, '--out', out]);
  await running.says(/fault primary-black-holed begins/);
  return running;
}

async function fileWith(name: string, text: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
}

const FUNCTION = (more: string): string => `
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Role: !GetAtt Role.Arn
${more}
`;

describe('bad input', () => {
  test('an unknown probe is told with file and line, and nothing is written', async () => {
    const drill = (await readFile(REGION_DIES, 'utf8'))
      .replace('app: ..', `app: ${join(ROOT, 'examples/hybrid')}`)
      .replace('probe: hybrid,', 'probe: hibrid,');
    const file = await fileWith('drill.yaml', drill);
    const line = drill.slice(0, drill.indexOf('probe: hibrid')).split('\n').length;
    const { code, err } = await firedrill('drill', file);
    expect(code).toBe(2);
    expect(err).toContain(`drill.yaml:${line}:`);
    expect(err).toContain('hibrid');
    expect(await readdir(directory)).toEqual(['drill.yaml']);
  });

  test('a zone that is in no template is told with file and line', async () => {
    const drill = (await readFile(REGION_DIES, 'utf8'))
      .replace('app: ..', `app: ${join(ROOT, 'examples/hybrid')}`)
      .replace(/ {2}zones:.*\n/, '');
    const { code, err } = await firedrill('drill', await fileWith('drill.yaml', drill));
    expect(code).toBe(2);
    expect(err).toMatch(/template\.json:\d+:\d+: error: .*Z0EXAMPLE/);
    expect(err).toContain('zones:');
    expect(await readdir(directory)).toEqual(['drill.yaml']);
  });

  test('a missing handler file is told with file and line', async () => {
    await fileWith('other.js', 'exports.handler = () => {};');
    const template = await fileWith('stack.yaml', FUNCTION('      Handler: index.handler\n      Code: .'));
    const { code, out, err } = await firedrill('check', template, '--region', 'eu-west-1');
    expect(code).toBe(2);
    expect(out + err).toMatch(/stack\.yaml:9:\d+: error: .*index/);
  });

  test('a template that needs a Region it was not given is told so', async () => {
    const template = await fileWith(
      'stack.yaml',
      FUNCTION(
        '      Handler: index.handler\n      Code: { ZipFile: "exports.handler = () => {}" }\n      Environment: { Variables: { WHERE: !Ref AWS::Region } }',
      ),
    );
    const { code, out, err } = await firedrill('check', template);
    expect(code).toBe(2);
    expect(out + err).toMatch(/stack\.yaml:\d+:\d+: error: .*Region/);
    expect(out + err).toContain('--region');
  });

  test('a drill file or a recording that is not there is told, with what to name instead', async () => {
    const drill = await firedrill('drill', 'nowhere.yaml');
    expect(drill.code).toBe(2);
    expect(drill.err).toContain('[drill/no-file]');
    const report = await firedrill('report', 'nowhere');
    expect(report.code).toBe(2);
    expect(report.err).toContain('[drill/no-recording]');
    expect(await readdir(directory)).toEqual([]);
  });

  test('wrong arguments end with 2 and say where help is', async () => {
    for (const args of [['drill'], ['dril', 'x'], ['drill', 'x', '--in', 'cloud'], ['drill', 'x', '--speed', 'fast']]) {
      const { code, err } = await firedrill(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(err).toContain('--help');
    }
  });
});

describe('trouble', () => {
  test('a port that is taken is told with its address, and nothing half started stays behind', async () => {
    const holder = createServer();
    holder.listen({ host: '127.82.0.1', port: 8443 });
    await once(holder, 'listening');
    try {
      const { code, err } = await firedrill('drill', REGION_DIES, '--in', 'local', '--out', join(directory, 'out'));
      expect(code).toBe(2);
      expect(err).toContain('127.82.0.1:8443');
      expect(err).toContain('[live/port-taken]');
      expect(err).toContain('--ports any');
    } finally {
      holder.close();
    }
    // Every other address and port is free again.
    const again = createServer();
    again.listen({ host: '127.81.0.1', port: 8443 });
    await once(again, 'listening');
    again.close();
  });

  test('Ctrl-C ends a local drill at once, keeps the timeline and prints the report so far', async () => {
    const out = join(directory, 'out');
    const running = await blackHoled(out);
    running.child.kill('SIGINT');
    const { code, out: said } = await running.finished();
    expect(code).toBe(130);
    expect(said).toContain('route53-only');
    expect(said).toContain('report.html');
    const lines = (await readFile(join(out, 'timeline.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ what: 'world.ended', data: { reason: 'interrupted' } });
    expect(await readdir(out)).toEqual(expect.arrayContaining(['report.json', 'report.html', 'junit.xml']));
  });

  test('a killed run keeps all it had, and report works on it', async () => {
    const out = join(directory, 'out');
    const running = await blackHoled(out);
    running.child.kill('SIGKILL');
    await running.finished();
    const { code, out: said } = await firedrill('report', out);
    expect([0, 1]).toContain(code);
    expect(said).toContain('route53-only');
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as { version: number };
    expect(report.version).toBe(1);
  });
});

test('the same seed gives the same timeline, byte for byte', async () => {
  const [a, b] = [join(directory, 'a'), join(directory, 'b')];
  expect((await firedrill('drill', REGION_DIES, '--out', a)).code).toBe(0);
  expect((await firedrill('drill', REGION_DIES, '--out', b)).code).toBe(0);
  expect(await readFile(join(a, 'timeline.jsonl'), 'utf8')).toBe(await readFile(join(b, 'timeline.jsonl'), 'utf8'));
  expect(await readFile(join(a, 'report.html'), 'utf8')).toBe(await readFile(join(b, 'report.html'), 'utf8'));
});
