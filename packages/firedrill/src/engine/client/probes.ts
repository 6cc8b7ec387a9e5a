import type { Probe, RequestEnded } from '../../model/index.ts';
import { assert } from '../../model/index.ts';
import type { Body, HttpRequest, Moment, TextBody, Vantage } from '../conversation.ts';
import type { RandomStream } from '../random.ts';
import type { Resolver, ResolverPolicy } from '../resolver.ts';
import { PROFILES } from './profile.ts';
import type { Viewer } from './viewer.ts';

/** What a probe's viewers need of the world. */
export interface ProbeSurroundings {
  vantageOf(place: string): Vantage | undefined;
  drawsOf(stream: string): RandomStream;
  resolverOf(place: string, policy: ResolverPolicy): Resolver;
  readonly ended: (moment: Moment, ended: RequestEnded, cause: number) => void;
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** One viewer for each place and method; those of one place share its resolver. */
export function viewersOf(probe: Probe, around: ProbeSurroundings): Viewer[] {
  const url = /^(https?):\/\/([^/:?#]+)(?::(\d+))?([^#]*)$/.exec(probe.url);
  assert(url !== null, `the plan has only http and https URLs, not ${probe.url}`);
  const [, scheme, host = '', port, rest = ''] = url;
  const https = scheme === 'https';
  const target = rest === '' ? '/' : rest.startsWith('/') ? rest : `/${rest}`;
  const profile = PROFILES[probe.client];
  return probe.places.flatMap((place) => {
    const vantage = around.vantageOf(place);
    assert(vantage !== undefined, `the city ${place} has a place`);
    const resolver = around.resolverOf(place, profile.resolver);
    return probe.methods.map((method): Viewer => ({
      probe,
      place,
      method,
      host: host.toLowerCase(),
      port: port === undefined ? (https ? 443 : 80) : Number(port),
      tls: https ? { serverName: host.toLowerCase(), verifyNames: [host.toLowerCase()] } : undefined,
      request: requestOf(probe, method, host.toLowerCase(), target),
      vantage,
      resolver,
      profile,
      draws: around.drawsOf(`${probe.name}/${place}/${method}`),
      ended: around.ended,
    }));
  });
}

function requestOf(probe: Probe, method: string, host: string, target: string): HttpRequest {
  const body: TextBody | undefined = WITH_BODY.has(method)
    ? textBody(JSON.stringify({ probe: probe.name }))
    : undefined;
  const agent = ['User-Agent', 'firedrill-probe/1'] as const;
  const ofBody =
    body === undefined
      ? []
      : [['Content-Type', 'application/json'] as const, ['Content-Length', String(body.bytes)] as const];
  return {
    method,
    target,
    host,
    headers: [agent, ['Accept', '*/*'], ...ofBody],
    body: body satisfies Body | undefined,
  };
}

function textBody(text: string): TextBody {
  return { bytes: text.length, text };
}
