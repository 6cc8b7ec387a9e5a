import type { Draft } from './draft.ts';
import { idFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';

const HEX = '0123456789abcdef';

/** Types of EC2 that decide who answers where; networks, routes and permissions are taken to let everything through. */
export const EC2_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::EC2::Subnet', { standing: 'inert', regional: true, read: readSubnet }],
  ['AWS::EC2::Instance', { standing: 'acted-on', regional: true, read: readInstance }],
  ['AWS::EC2::EIP', { standing: 'acted-on', regional: true, read: readElasticIp }],
  ['AWS::EC2::EIPAssociation', { standing: 'acted-on', regional: true, read: readAssociation }],
]);

function readSubnet(input: ResourceInput, draft: Draft): Identity {
  const id = `subnet-${idFrom(input.seed, 17, HEX)}`;
  const zone = textProperty(input, 'AvailabilityZone') ?? zoneOf(input, draft);
  draft.balancing.subnetZones.set(id, zone);
  const cidr = textProperty(input, 'CidrBlock') ?? '10.0.0.0/24';
  return { ...identity(id, { SubnetId: id, AvailabilityZone: zone, CidrBlock: cidr }), open: true };
}

/** Where a template leaves it to AWS: the zones of the Region in turn. */
function zoneOf({ context }: ResourceInput, { balancing }: Draft): string {
  const before = [...balancing.subnetZones.values()].filter((zone) => zone.startsWith(context.region)).length;
  return `${context.region}${'abc'.charAt(before % 3)}`;
}

function readInstance(input: ResourceInput, draft: Draft): Identity {
  const id = `i-${idFrom(input.seed, 17, HEX)}`;
  const privateIp = textProperty(input, 'PrivateIpAddress') ?? privateAddress(input.seed);
  const publicIp = publicAddress(input.seed);
  const zone =
    textProperty(input, 'AvailabilityZone') ?? draft.balancing.subnetZones.get(textProperty(input, 'SubnetId') ?? '');
  const { region, name: stack } = input.context;
  const otherNames = [input.logicalId, privateIp, publicIp];
  draft.balancing.servers.push({
    id,
    region,
    ...(zone === undefined ? {} : { zone }),
    otherNames,
    stack,
    place: input.at,
  });
  const attributes = {
    InstanceId: id,
    PrivateIp: privateIp,
    PublicIp: publicIp,
    AvailabilityZone: zone ?? `${region}a`,
    PrivateDnsName: `ip-${privateIp.replaceAll('.', '-')}.${region}.compute.internal`,
    PublicDnsName: `ec2-${publicIp.replaceAll('.', '-')}.${region}.compute.amazonaws.com`,
  };
  return { ...identity(id, attributes), open: true };
}

/** An address of its own; a server only when it is an instance's: then another name of the instance. */
function readElasticIp(input: ResourceInput, draft: Draft): Identity {
  const allocation = `eipalloc-${idFrom(input.seed, 17, HEX)}`;
  const address = publicAddress(input.seed);
  draft.balancing.addresses.push({ allocation, address, logicalId: input.logicalId, ...whereabouts(input) });
  const instance = textProperty(input, 'InstanceId');
  if (instance !== undefined) draft.balancing.associations.push({ allocation, instance });
  return identity(address, { AllocationId: allocation, PublicIp: address });
}

function readAssociation(input: ResourceInput, draft: Draft): Identity {
  const id = `eipassoc-${idFrom(input.seed, 17, HEX)}`;
  const [allocation, instance] = [textProperty(input, 'AllocationId'), textProperty(input, 'InstanceId')];
  if (allocation !== undefined && instance !== undefined) draft.balancing.associations.push({ allocation, instance });
  return identity(id, { Id: id });
}

function whereabouts({ context, at }: ResourceInput): { region: string; stack: string; at: ResourceInput['at'] } {
  return { region: context.region, stack: context.name, at };
}

function privateAddress(seed: string): string {
  return `10.${octets(`private ${seed}`, 3)}`;
}

/** Made up, in a range that Amazon has and the same on every machine; the world maps it to an address of its own. */
function publicAddress(seed: string): string {
  return `52.${octets(`public ${seed}`, 3)}`;
}

/** So many numbers from 1 to 254, with dots between. */
export function octets(seed: string, count: number): string {
  const digits = idFrom(seed, 4 * count, '0123456789');
  return Array.from({ length: count }, (_, i) => 1 + (Number(digits.slice(4 * i, 4 * i + 4)) % 254)).join('.');
}
