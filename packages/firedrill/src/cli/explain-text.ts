import type { Branch, Hop, Walk, WalkedGroup, World } from '../engine/index.ts';
import type { Explanation } from './explain-command.ts';

/** An explanation on one screen: the tree, top down, with a mark before each branch. */
export function renderExplanation(
  { from, hops }: Explanation,
  world: World,
  checkName: (healthCheckId: string) => string,
): string {
  const names = { labelOf: (address: string) => labelOf(world, address), checkName };
  return `Asked from ${from}:\n${hops.map((hop) => `\n${renderHop(hop, names)}`).join('')}`;
}

interface Names {
  readonly labelOf: (address: string) => string;
  readonly checkName: (healthCheckId: string) => string;
}

function labelOf(world: World, address: string): string {
  const endpoint = world.endpointAt(address);
  return endpoint === undefined ? address : `${address} (${endpoint.kind} ${endpoint.label})`;
}

function renderHop({ question, walk, endpoints }: Hop, names: Names): string {
  const { name, type } = question;
  if (walk !== undefined) return renderWalk(walk, names);
  if (endpoints === undefined) return `${name} ${type}: REFUSED, no zone of this world has the name\n`;
  const behind = endpoints.map(({ address }) => names.labelOf(address)).join(', ');
  return `${name} ${type}: AWS itself answers with ${behind === '' ? 'nothing' : behind}\n`;
}

function renderWalk(walk: Walk, names: Names): string {
  const { zone, question, owner, rcode, negativeTtlSeconds, groups, isDelegated } = walk;
  const kind = zone.private ? 'private zone' : 'zone';
  const lines = [`${question.name} ${question.type}, in the ${kind} ${zone.name} (${zone.id})`];
  if (isDelegated) lines.push(`handed to the name servers of ${owner}`);
  else if (owner !== undefined && owner !== question.name) lines.push(`covered by ${owner}`);
  if (groups.length === 0) {
    const says =
      rcode === 'NXDOMAIN' ? 'NXDOMAIN: there is no such name' : 'no answer: the name has no record of this type';
    lines.push(`${says}; resolvers remember that for ${negativeTtlSeconds} s`);
  }
  for (const group of groups) lines.push(...renderGroup(group, names));
  return `${lines.join('\n')}\n`;
}

function renderGroup(group: WalkedGroup, names: Names): string[] {
  const { name, type, rule, policy } = group;
  const title = `${name} ${type} · ${rule ?? `${policy}, looked at for its health`}`;
  return [
    title,
    ...group.branches.flatMap((branch, i) => renderBranch(branch, i === group.branches.length - 1, names)),
  ];
}

function renderBranch(branch: Branch, isLast: boolean, names: Names): string[] {
  const { record, standing, share, below, why, health } = branch;
  const mark = standing === 'taken' ? '✓' : '✗';
  const odds = share > 0 && share < 1 ? ` ${Number((share * 100).toFixed(1))} %` : '';
  const indent = isLast ? '   ' : '│  ';
  const lines = [`${isLast ? '└─' : '├─'} ${mark} ${titleOf(branch)}${odds}: ${why}`];
  const { check, target } = health;
  const more: string[] = [];
  if (check !== undefined) more.push(`health check ${names.checkName(check.id)}: ${inWords(check.healthy)}`);
  if (target !== undefined) more.push(`evaluated target: ${inWords(target.healthy)}`);
  if (check === undefined && target === undefined && record.policy.kind !== 'simple')
    more.push('no check: always healthy');
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
