import type { LocalWorld } from '../live/index.ts';
import type { Aws, AskedInVain, StackSummary } from '../aws/index.ts';
import type { Vantage, World } from '../engine/index.ts';
import type { Finding } from '../model/index.ts';

/** The world as `firedrill status` shows it. */
export interface WorldStatus {
  readonly stacks: readonly StackSummary[];
  readonly healthChecks: readonly {
    readonly id: string;
    readonly healthy: boolean;
    /** Of its checkers, how many find it healthy; 0 of 0 for one without checkers. */
    readonly checkersHealthy: number;
    readonly checkers: number;
  }[];
  readonly alarms: readonly { readonly name: string; readonly region: string; readonly state: string }[];
  readonly faults: readonly string[];
  /** Operations of AWS's APIs that programs have called and the world does not have. */
  readonly askedInVain: readonly AskedInVain[];
  /** What of the deployed templates the world does not act on, and what else is to be known about them; the first ones. */
  readonly warnings: readonly Finding[];
  readonly distributions: readonly {
    readonly id: string;
    readonly domainName: string;
    readonly aliases: readonly string[];
  }[];
  /** What name servers say now to a client of the first place. */
  readonly names: readonly {
    readonly name: string;
    readonly answers: readonly string[];
    /** What has those addresses, as far as it is known. */
    readonly endpoints: readonly string[];
  }[];
  readonly endpoints: readonly {
    readonly kind: string;
    readonly label: string;
    readonly address: string;
    readonly httpsPort: number;
    readonly httpPort: number;
  }[];
}

/** Warnings that are told; who has more has read enough. */
const WARNINGS_MAX = 1000;

/** Looks at a world that is up; changes nothing in it. */
export function statusOf(local: LocalWorld, apis: Aws): WorldStatus {
  const { world } = local;
  const { control } = world;
  return {
    stacks: apis.stacks(),
    healthChecks: control.healthChecks().map(({ check, healthy, observations }) => ({
      id: check.id,
      healthy,
      checkersHealthy: observations.filter(({ status }) => status.startsWith('Success')).length,
      checkers: observations.length,
    })),
    alarms: control.alarms().map(({ alarm: { name, region }, state }) => ({ name, region, state })),
    faults: control.faults(local.clock.now()).map(({ name }) => name),
    askedInVain: apis.askedInVain(),
    warnings: apis.warnings().slice(0, WARNINGS_MAX),
    distributions: world.architecture.distributions.map(({ id, domainName, aliases }) => ({ id, domainName, aliases })),
    names: namesOf(local, world),
    endpoints: local.endpoints.map(({ endpoint: { kind, label }, address, httpsPort, httpPort }) => ({
      kind,
      label,
      address,
      httpsPort,
      httpPort,
    })),
  };
}

/** Types of records that lead to an address. */
const LEADING = new Set(['A', 'AAAA', 'CNAME']);

function namesOf({ clock, outside }: LocalWorld, world: World): WorldStatus['names'] {
  const [place] = outside.places();
  const asker = world.vantages.find(({ address }) => address === place?.address);
  if (asker === undefined) return [];
  const leading = world.architecture.recordSets.filter(({ type }) => LEADING.has(type));
  return [...new Set(leading.map(({ name }) => name))].toSorted().map((name) => {
    const { rcode, answers } = world.answer({ name, type: 'A' }, asker, clock.now());
    const found = answers.filter(({ type }) => LEADING.has(type)).map(({ data }) => data);
    return {
      name,
      answers: found.length > 0 ? found : [rcode === 'NOERROR' ? 'NODATA' : rcode],
      endpoints: [...new Set(found.flatMap((at) => labelsOf(world, at, asker)))],
    };
  });
}

/** Of the endpoint at an address, or of those behind a name that AWS answers for. */
function labelsOf(world: World, at: string, asker: Vantage): readonly string[] {
  const endpoint = world.endpointAt(at);
  const endpoints = endpoint === undefined ? (world.endpointsBehind(at, asker) ?? []) : [endpoint];
  return endpoints.map(({ label }) => label);
}
