import type { Architecture, Finding, Instant, Plan } from '../model/index.ts';
import { atSeconds, BEGINNING, CITIES, hasErrors, parseIpBlock, REGIONS } from '../model/index.ts';
import { parseDuration, remedyFor } from '../drill/index.ts';
import type { ClientSubnet, Hop, Question, Vantage, World } from '../engine/index.ts';
import { followName } from '../engine/index.ts';
import { worldAt } from '../sim/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { checkName, resolveUnhealthy } from './explain-unhealthy.ts';
import { renderExplanation } from './explain-text.ts';
import type { ExplainSource } from './explain-source.ts';
import { readExplainSource } from './explain-source.ts';
import { sandboxFor } from './sandbox-for.ts';
import { UserError } from './user-error.ts';

export interface ExplainOptions extends ExplainSource {
  /** Type of record, as `A`. */
  readonly type: string;
  /** Cities, addresses or VPCs; the default city when there are none. */
  readonly from: readonly string[];
  /** What the resolver tells of its client, as `203.0.113.0/24`. */
  readonly subnet?: string;
  /** Cities by network. */
  readonly network: Readonly<Record<string, string>>;
  /** Health checks and AWS names. */
  readonly unhealthy: readonly string[];
  /** A moment of the drill, as `95s`. */
  readonly at?: string;
  readonly json?: boolean;
}

/** Where somebody asks from who does not say it. */
const DEFAULT_CITY = 'Dublin';

/** What one asker finds. */
export interface Explanation {
  readonly from: string;
  readonly hops: readonly Hop[];
}

/**
 * `firedrill explain`: prints the tree that the answer about a name comes from, the rule that decided, and why each branch was
 * left. Exit code 0, or 2 when the input is wrong.
 */
export async function runExplain(
  name: string,
  options: ExplainOptions,
): Promise<{ readonly exitCode: ExitCode; readonly output: string }> {
  const read = await readExplainSource(options);
  try {
    const { architecture, plan } = read;
    const askers = (options.from.length > 0 ? options.from : [DEFAULT_CITY]).map((from) => askerOf(from, architecture));
    const unhealthy = resolveUnhealthy(options.unhealthy, architecture);
    const subnet = subnetOf(options.subnet);
    const at = momentOf(options);
    const findings = [...read.findings, ...askers, unhealthy, subnet, at].flatMap((each) =>
      'findings' in each ? each.findings : [each],
    );
    if (hasErrors(findings)) throw new UserError(findings);
    const question = { name: name.toLowerCase().replace(/\.$/, ''), type: options.type.toUpperCase() };
    const reasons = new Map<string, string>();
    const world = worldAt(
      architecture,
      planFor(
        plan,
        askers.map(({ value }) => value.city),
        options.network,
      ),
      at.value,
      ({ what, data }) => {
        if (what !== 'health-check.changed') return;
        const { healthCheck, reason, healthyCheckers, checkers } = data;
        reasons.set(healthCheck, reason ?? `${healthyCheckers} of ${checkers} checkers see it healthy`);
      },
      await sandboxFor(architecture),
    );
    for (const id of unhealthy.value) reasons.set(id, 'by --unhealthy');
    const explanations = askers.map(({ value }): Explanation => {
      const clientSubnet = value.subnet ?? subnet.value;
      const asked: Question = clientSubnet === undefined ? question : { ...question, clientSubnet };
      const how = { asker: vantageOf(value, world), now: at.value, unhealthy: unhealthy.value };
      return { from: value.from, hops: followName(world, asked, how) };
    });
    const output =
      options.json === true
        ? `${JSON.stringify({ name: question.name, type: question.type, unhealthy: options.unhealthy, at: options.at, explanations }, undefined, 2)}\n`
        : explanations
            .map((each) =>
              renderExplanation(each, {
                world,
                checkName: (id) => checkName(id, architecture),
                reasonOf: (id) => reasons.get(id),
              }),
            )
            .join('\n');
    return { exitCode: EXIT.asExpected, output };
  } finally {
    await read.dispose();
  }
}

interface AskerChoice {
  readonly from: string;
  readonly city: string;
  /** An address, as the resolver's own. */
  readonly subnet?: ClientSubnet;
  readonly vpc?: { readonly id: string; readonly region: string };
}

interface Chosen<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

function askerOf(from: string, { hostedZones }: Architecture): Chosen<AskerChoice> {
  const city = Object.keys(CITIES).find((each) => each.toLowerCase() === from.toLowerCase());
  if (city !== undefined) return { value: { from: city, city }, findings: [] };
  const vpcs = hostedZones.flatMap((zone) => zone.vpcs ?? []);
  const vpc = vpcs.find(({ id }) => id === from);
  if (vpc !== undefined) return { value: { from, city: DEFAULT_CITY, vpc }, findings: [] };
  const block = parseIpBlock(from);
  const value: AskerChoice = { from, city: DEFAULT_CITY };
  if (block !== undefined && !from.includes('/'))
    return { value: { ...value, subnet: { address: from, prefixLength: block.width } }, findings: [] };
  const known = [...Object.keys(CITIES), ...vpcs.map(({ id }) => id)];
  return {
    value,
    findings: [
      {
        code: 'explain/unknown-place',
        weight: 'error',
        says: `Nobody can ask from ${from}: it is no city of the geography, no address, and no VPC of a private zone.`,
        remedy: remedyFor(from, known, 'place'),
      },
    ],
  };
}

function subnetOf(text: string | undefined): Chosen<ClientSubnet | undefined> {
  if (text === undefined) return { value: undefined, findings: [] };
  const block = parseIpBlock(text);
  const address = text.split('/')[0] ?? '';
  if (block !== undefined) return { value: { address, prefixLength: block.prefixLength }, findings: [] };
  const says = `${text} is not a network.`;
  const remedy = 'Write for example --subnet 203.0.113.0/24.';
  return { value: undefined, findings: [{ code: 'explain/usage', weight: 'error', says, remedy }] };
}

function momentOf({ at, drill }: ExplainOptions): Chosen<Instant> {
  if (at === undefined) return { value: BEGINNING, findings: [] };
  const ms = parseDuration(at);
  if (ms !== undefined && drill !== undefined) return { value: atSeconds(ms / 1000), findings: [] };
  const says =
    ms === undefined ? `${at} is not a length of time.` : '--at is a moment of a drill, and no drill is given.';
  const remedy = 'Write for example --drill drill.yaml --at 95s.';
  return { value: BEGINNING, findings: [{ code: 'explain/usage', weight: 'error', says, remedy }] };
}

/** The plan, with everybody in it who asks; they send no requests. */
function planFor(plan: Plan, cities: readonly string[], networks: ExplainOptions['network']): Plan {
  const asking = {
    name: 'explain',
    url: 'https://nobody.invalid/',
    ratePerSecond: 1,
    methods: [],
    places: cities,
    timeoutMs: 1,
    client: 'plain',
  } as const;
  return { ...plan, probes: [...plan.probes, asking], networks: { ...plan.networks, ...networks } };
}

function vantageOf({ city, vpc }: AskerChoice, { vantages }: World): Vantage {
  const [fallback] = vantages;
  const own = vantages.find(({ name }) => name === `city:${city}`) ?? fallback;
  if (own === undefined) throw new Error(`The world has no city ${city}.`);
  if (vpc === undefined) return own;
  const spot = REGIONS[vpc.region] ?? own.spot;
  return { ...own, index: vantages.length, name: `vpc:${vpc.id}`, spot, vpcId: vpc.id };
}
