import type { HostedZone, RecordSet, RoutingPolicy } from '../../model/index.ts';
import { CITIES, parseIpBlock } from '../../model/index.ts';
import type { Question, Vantage } from '../conversation.ts';
import { createRandom } from '../random.ts';
import type { ZoneAnswer } from './answer.ts';
import { answerFromZones } from './answer.ts';
import type { Surroundings } from './asking.ts';
import { placeOf } from './asker.ts';
import type { Walk } from './walk.ts';
import { walkZones } from './walk.ts';
import { layOut } from './zones.ts';

/*
 * One zone, and whoever asks in it.
 */

const ZONE: HostedZone = { id: 'Z1', name: 'example.com', private: false };
export const NAME = 'api.example.com';

/** A record with the value 192.0.2.1, unless said otherwise. */
export function record(some: Partial<RecordSet> & Pick<RecordSet, 'name'>): RecordSet {
  const alias = some.alias === undefined ? { values: ['192.0.2.1'], ttlSeconds: 60 } : { values: [] };
  return { zoneId: 'Z1', type: 'A', policy: { kind: 'simple' }, stack: 's', ...alias, ...some };
}

type Routed = Exclude<RoutingPolicy, { readonly kind: 'simple' }>;
/** A policy without its SetIdentifier, each kind by itself. */
type Competing = Routed extends infer P ? (P extends Routed ? Omit<P, 'setIdentifier'> : never) : never;

/** A record of api.example.com that competes: its value is its SetIdentifier, and `check` says which check it has. */
export function competing(
  setIdentifier: string,
  policy: Competing,
  { check, ...some }: Partial<RecordSet> & { readonly check?: string } = {},
): RecordSet {
  return record({
    name: NAME,
    policy: { ...policy, setIdentifier } as Routed,
    ...(some.alias === undefined ? { values: [setIdentifier] } : {}),
    ...(check === undefined ? {} : { healthCheckId: check }),
    ...some,
  });
}

/** An alias to a name of the zone. */
export function aliasTo(dnsName: string, evaluateTargetHealth = true) {
  return { dnsName, hostedZoneId: 'Z1', evaluateTargetHealth };
}

export interface Circumstances {
  /** Health checks, and AWS names, that are not healthy. */
  readonly unhealthy?: readonly string[];
  readonly zones?: readonly HostedZone[];
  readonly name?: string;
  readonly type?: string;
  /** A city. */
  readonly from?: string;
  readonly vpcId?: string;
  /** As `203.0.113.7`. */
  readonly address?: string;
  readonly clientSubnet?: Question['clientSubnet'];
  /** Blocks of the CIDR collection, by location. */
  readonly locations?: Readonly<Record<string, readonly string[]>>;
  readonly seed?: string;
  readonly any?: 'all' | 'one';
}

function vantageIn(city: string, more: Partial<Vantage> = {}): Vantage {
  const names = Object.keys(CITIES);
  const spot = CITIES[city] ?? { latitude: 0, longitude: 0 };
  return { index: names.indexOf(city) + 1, name: `city:${city}`, spot, address: '127.84.0.1', ...more };
}

/** Something that can be asked again and again, so that chance has its say. */
export function asking(records: readonly RecordSet[], circumstances: Circumstances = {}) {
  const { zones = [ZONE], name = NAME, type = 'A', from = 'Dublin', clientSubnet, vpcId, any = 'all' } = circumstances;
  const data = layOut(zones, records);
  const asker = vantageIn(from, vpcId === undefined ? {} : { vpcId });
  const question: Question = { name, type, ...(clientSubnet === undefined ? {} : { clientSubnet }) };
  const around: Surroundings = { ...surroundingsIn(circumstances), any };
  return {
    data,
    answer: (): ZoneAnswer | undefined => answerFromZones(data, question, asker, around),
    walk: (): Walk | undefined => walkZones(data, question, asker, around),
    values: (): readonly string[] =>
      (answerFromZones(data, question, asker, around)?.reply.answers ?? []).map((answer) => answer.data),
  };
}

function surroundingsIn({
  unhealthy = [],
  locations = {},
  address,
  seed = '1',
}: Circumstances): Omit<Surroundings, 'any'> {
  const random = createRandom(seed);
  const streams = new Map<string, ReturnType<typeof random.stream>>();
  const draw = (user: string): number => {
    const stream = streams.get(user) ?? random.stream(user);
    streams.set(user, stream);
    return stream.next();
  };
  const health = (id: string) => ({ healthy: !unhealthy.includes(id), seq: unhealthy.includes(id) ? 7 : 0 });
  return {
    health,
    targetHealth: health,
    addressesOf: (dnsName) => (dnsName.endsWith('.example.com') ? [] : [`address of ${dnsName}`]),
    ttlSecondsOf: () => 60,
    shuffle: (values, user, most) =>
      values
        .map((value) => ({ value, at: draw(user) }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ value }) => value)
        .slice(0, most),
    draw,
    locate: ({ clientSubnet }, asker) => ({
      place: placeOf(asker),
      network: clientSubnet === undefined ? address : `${clientSubnet.address}/${clientSubnet.prefixLength}`,
      locations: (_, location) => (locations[location] ?? []).map(parseIpBlock).filter((block) => block !== undefined),
    }),
    vpcOf: ({ vpcId }) => vpcId,
  };
}
