import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DnsReply, Question } from '../engine/index.ts';
import { queryLogLine } from '../engine/index.ts';
import { dnsReply, handMadeWorld, withWorld } from '../../test/hand-made-world.ts';

const HOSTED = { hostedZoneId: 'Z0EXAMPLE' };

function answer({ name }: Question): DnsReply {
  if (name === 'www.example.com')
    return dnsReply('NOERROR', { answers: [{ name, type: 'A', ttlSeconds: 60, data: '192.0.2.1' }], ...HOSTED });
  return name.endsWith('example.com') ? dnsReply('NXDOMAIN', HOSTED) : dnsReply('REFUSED');
}

test('R53 WS-14: the query log tells who asked what where, and what was said, of the questions that reached a hosted zone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-query-log-'));
  const file = join(directory, 'dns-queries.log');
  const queryLog = { file, beganAtEpochMs: Date.UTC(2026, 10, 21, 8, 16, 2, 130) };
  await withWorld(
    handMadeWorld({ answer }),
    async ({ dns }) => {
      const resolver = new Resolver({ tries: 1, timeout: 60_000 });
      resolver.setServers([`${dns.address}:${dns.port}`]);
      await resolver.resolve4('WWW.example.com');
      await expect(resolver.resolveTxt('missing.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
      await expect(resolver.resolve4('www.example.net')).rejects.toMatchObject({ code: 'EREFUSED' });
    },
    { queryLog },
  );
  expect(await readFile(file, 'utf8')).toBe(
    [
      '1.0 2026-11-21T08:16:02.130Z Z0EXAMPLE www.example.com A NOERROR UDP DUB 127.0.0.1 -\n',
      '1.0 2026-11-21T08:16:02.130Z Z0EXAMPLE missing.example.com TXT NXDOMAIN UDP DUB 127.0.0.1 -\n',
    ].join(''),
  );
  await rm(directory, { recursive: true });
});

test('R53 WS-14: a client subnet is the last field of the query log', () => {
  const question = { name: 'www.example.com', type: 'A', clientSubnet: { address: '203.0.113.0', prefixLength: 24 } };
  const line = queryLogLine({
    time: '2026-11-21T08:16:02.130Z',
    hostedZoneId: 'Z0EXAMPLE',
    question,
    rcode: 'NOERROR',
    protocol: 'TCP',
    edgeLocation: 'NRT',
    resolverAddress: '198.51.100.53',
  });
  expect(line).toBe(
    '1.0 2026-11-21T08:16:02.130Z Z0EXAMPLE www.example.com A NOERROR TCP NRT 198.51.100.53 203.0.113.0/24',
  );
});
