import type { Branch, Hop, Walk, WalkedGroup, World } from '../engine/index.ts';
import type { Explanation } from './explain-command.ts';

/** What an explanation is put into words with. */
export interface Wording {
  readonly world: World;
  readonly checkName: (healthCheckId: string) => string;
  /** Why a health check is as it is; undefined: it has been so from the beginning. */
  readonly reasonOf: (healthCheckId: string) => string | undefined;
}

/** An explanation on one screen: what comes of it, then the tree, top down, with a mark before each branch. */
export function renderExplanation({ from, hops }: Explanation, wording: Wording): string {
  const names: Names = { ...wording, labelOf: (address) => labelOf(wording.world, address) };
  const first = hops[0];
  const outcome =
    first === undefined ? '' : ` ${first.question.name} ${first.question.type} is ${outcomeOf(hops, names)}`;
  return `Asked from ${from}:${outcome}\n${hops.map((hop) => `\n${renderHop(hop, names)}`).join('')}`;
}

interface Names extends Omit<Wording, 'world'> {
  readonly labelOf: (address: string) => string;
}

function labelOf(world: World, address: string): string {
  const endpoint = world.endpointAt(address);
  return endpoint === undefined ? address : `${address} (${endpoint.kind} ${endpoint.label})`;
}

/** What the asker is answered in the end, with its odds where chance decides; of a CNAME what it leads to. */
function outcomeOf(hops: readonly Hop[], names: Names): string {
  const [first, ...rest] = hops;
  const leaves = leavesOf(first, rest).map(({ share, address }) => ({ share, says: names.labelOf(address) }));
  const bySays = new Map<string, number>();
  for (const { share, says } of leaves) bySays.set(says, Math.min(1, (bySays.get(says) ?? 0) + share));
  const parts = [...bySays].map(([says, share]) => (share < 1 ? `${percent(share)} ${says}` : says));
  return parts.length === 0 ? 'not answered' : parts.join(', ');
}

interface Leaf {
  readonly share: number;
  readonly address: string;
}

function leavesOf(hop: Hop | undefined, rest: readonly Hop[]): readonly Leaf[] {
  if (hop?.walk === undefined) return (hop?.endpoints ?? []).map(({ address }) => ({ share: 1, address }));
  if (hop.walk.isDelegated) return [];
  if (hop.walk.own.length > 0) return hop.walk.own.map(({ data }) => ({ share: 1, address: data }));
  return hop.walk.groups
    .flatMap((group) => leavesBelow(group, 1))
    .flatMap((leaf) => {
      const next = rest.find(({ question }) => question.name === leaf.address);
      return next === undefined
        ? [leaf]
        : leavesOf(
            next,
            rest.filter((each) => each !== next),
          ).map(({ share, address }) => ({ share: share * leaf.share, address }));
    });
}

function leavesBelow({ branches }: WalkedGroup, share: number): readonly Leaf[] {
  return branches
    .filter(({ standing }) => standing === 'taken')
    .flatMap((branch) =>
      branch.below === undefined
        ? branch.answers.map((address) => ({ share: share * branch.share, address }))
        : leavesBelow(branch.below, share * branch.share),
    );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function renderHop({ question, walk, endpoints }: Hop, names: Names): string {
  const { name, type } = question;
  if (walk !== undefined) return renderWalk(walk, names);
  if (endpoints === undefined) return `${name} ${type}: REFUSED, no zone of this world has the name\n`;
  const behind = endpoints.map(({ address }) => names.labelOf(address)).join(', ');
  return `${name} ${type}: AWS itself answers with ${behind === '' ? 'nothing' : behind}\n`;
}

function renderWalk(walk: Walk, names: Names): string {
  const { zone, question, owner, rcode, negativeTtlSeconds, groups, own, isDelegated } = walk;
  const kind = zone.private ? 'private zone' : 'zone';
  const lines = [`${question.name} ${question.type}, in the ${kind} ${zone.name} (${zone.id})`];
  if (isDelegated) lines.push(`handed to the name servers of ${owner}`);
  else if (owner !== undefined && owner !== question.name) lines.push(`covered by ${owner}`);
  if (own.length > 0)
    lines.push(`the zone's own: ${own.map(({ data }) => data).join(', ')}, for ${own[0]?.ttlSeconds} s`);
  else if (groups.length === 0) {
    const says =
      rcode === 'NXDOMAIN' ? 'NXDOMAIN: there is no such name' : 'no answer: the name has no record of this type';
    lines.push(`${says}; resolvers remember that for ${negativeTtlSeconds} s`);
  }
  for (const group of groups) lines.push(...renderGroup(group, names));
  return `${lines.join('\n')}\n`;
}

function renderGroup(group: WalkedGroup, names: Names): string[] {
  const { name, type, rule, policy, use } = group;
  const only = use === 'unused' ? 'not looked at, since EvaluateTargetHealth is off' : 'looked at for its health';
  const title = `${name} ${type} · ${rule ?? `${policy}, ${only}`}`;
  return [
    title,
    ...group.branches.flatMap((branch, i) => renderBranch(branch, i === group.branches.length - 1, names)),
  ];
}

function renderBranch(branch: Branch, isLast: boolean, names: Names): string[] {
  const { record, standing, share, below, why, health } = branch;
  const mark = standing === 'taken' ? '✓' : '✗';
  const odds = share > 0 && share < 1 ? ` ${percent(share)}` : '';
  const indent = isLast ? '   ' : '│  ';
  const lines = [`${isLast ? '└─' : '├─'} ${mark} ${titleOf(branch)}${odds}: ${why}`];
  const { check, target } = health;
  const more: string[] = [];
  if (check !== undefined) {
    const reason = names.reasonOf(check.id);
    const because = reason === undefined ? '' : ` (${reason})`;
    more.push(`health check ${names.checkName(check.id)}: ${inWords(check.healthy)}${because}`);
  }
  if (target !== undefined) more.push(`evaluated target: ${inWords(target.healthy)}`);
  if (check === undefined && target === undefined && record.policy.kind !== 'simple')
    more.push(`no check${record.alias === undefined ? '' : ', and EvaluateTargetHealth is off'}: always healthy`);
  if (record.place !== undefined) more.push(`${record.place.file}:${record.place.line}`);
  if (more.length > 0) lines.push(`${indent}   ${more.join(' · ')}`);
  if (below === undefined) lines.push(`${indent}   ${leafOf(branch, names)}`);
  else lines.push(...renderGroup(below, names).map((line) => `${indent}   ${line}`));
  return lines;
}

/** The role or SetIdentifier, and both where they differ. */
function titleOf({ label, record }: Branch): string {
  const { policy } = record;
  return policy.kind === 'failover' && policy.setIdentifier.toLowerCase() !== label
    ? `${label} ${policy.setIdentifier}`
    : label;
}

function leafOf({ record, answers, ttlSeconds }: Branch, names: Names): string {
  const values = answers.map((answer) => names.labelOf(answer)).join(', ');
  const target = record.alias === undefined ? '' : `alias to ${record.alias.dnsName}`;
  const ttl = ttlSeconds === undefined ? '' : `, for ${ttlSeconds} s`;
  if (target === '') return `${values}${ttl}`;
  return values === '' ? `${target}, which gives nothing` : `${target}: ${values}${ttl}`;
}

function inWords(healthy: boolean): string {
  return healthy ? 'healthy' : 'unhealthy';
}
