import type { CidrLocation } from '../model/index.ts';
import { parseIpBlock } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { idFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Decoder } from './shape.ts';
import { listOf, optional, required, shape, text } from './shape.ts';

/** Prefix lengths that a block may have, by the width of its addresses (R53 RP-15). */
const PREFIX_MOST = { 32: 24, 128: 48 } as const;
const BLOCKS_MOST = 1000;

const block: Decoder<string> = (node, tell) => {
  const written = text()(node, tell);
  if (written === undefined) return undefined;
  const parsed = written.includes('/') ? parseIpBlock(written) : undefined;
  if (parsed !== undefined && parsed.prefixLength >= 1 && parsed.prefixLength <= PREFIX_MOST[parsed.width])
    return written;
  const says = `${written.slice(0, 60)} is not a block of a CIDR collection: those are IPv4 from /1 to /24 and IPv6 from /1 to /48.`;
  tell.error('template/property', node.at, says, { facts: ['R53 RP-15'] });
  return undefined;
};

const CIDR_COLLECTION = shape('AWS::Route53::CidrCollection', {
  Name: required(text({ most: 64 })),
  Locations: optional(
    listOf(shape('Location', { LocationName: required(text({ most: 16 })), CidrList: required(listOf(block)) })),
  ),
});

/** Named sets of networks, for IP-based records (R53 RP-15). */
export function readCidrCollection(input: ResourceInput, draft: Draft): Identity {
  const digits = idFrom(`cidr-collection ${input.seed}`, 32, '0123456789abcdef');
  const id = [8, 12, 16, 20, 32].map((end, i) => digits.slice([0, 8, 12, 16, 20][i], end)).join('-');
  const properties = CIDR_COLLECTION(input.properties, input.tell);
  if (properties === undefined) draft.cidrCollectionsLeftOut.add(id);
  else {
    const locations = (properties.Locations ?? []).map((location): CidrLocation => ({
      name: location.LocationName,
      blocks: location.CidrList,
    }));
    const count = locations.reduce((sum, { blocks }) => sum + blocks.length, 0);
    if (count > BLOCKS_MOST) {
      const says = `The collection ${properties.Name} has ${count} blocks; it may have ${BLOCKS_MOST}.`;
      input.tell.error('template/property', input.at, says, { facts: ['R53 RP-15'] });
    }
    draft.cidrCollections.push({ id, name: properties.Name, locations, stack: input.context.name, place: input.at });
  }
  return identity(id, { Id: id, Arn: `arn:${input.context.partition}:route53:::cidrcollection/${id}` });
}
