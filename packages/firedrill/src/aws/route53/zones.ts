import { randomBytes } from 'node:crypto';
import type { HostedZone as WrittenZone } from '@aws-sdk/client-route-53';
import type { HostedZone } from '../../model/index.ts';
import { delegationSetOf } from '../../model/index.ts';
import { listRecordSets } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { performed } from '../performed.ts';
import { propertiesOf, resourceOf, textOf } from '../resources.ts';
import { nameOf, readRecordSet, writeRecordSet, writtenName } from './record-shapes.ts';
import type { Route53Handlers } from './route53-handlers.ts';

const ZONE_TYPE = 'AWS::Route53::HostedZone';
/** Where CloudFormation keeps what is in no Region. */
const HOME_REGION = 'us-east-1';
/** R53 CH-11, and what one page of zones holds. */
const PAGE_MAX = 100;

type Operations =
  | ('ListHostedZones' | 'ListHostedZonesByName' | 'GetHostedZone' | 'GetHostedZoneCount' | 'CreateHostedZone')
  | ('DeleteHostedZone' | 'ChangeResourceRecordSets' | 'ListResourceRecordSets' | 'GetChange');

/** Hosted zones and their records. */
export function zoneHandlers(cloud: Cloud): Pick<Route53Handlers, Operations> {
  /** What callers have named zones that they made, by their ids. */
  const references = new Map<string, string>();
  return {
    ListHostedZones: ({ Marker, MaxItems }) => {
      const zones = zonesOf(cloud).toSorted((a, b) => compareText(a.id, b.id));
      const { page, next, size } = pageOf(zones, MaxItems, ({ id }) => id >= idOf(Marker ?? ''));
      return {
        HostedZones: page.map((zone) => writeZone(cloud, zone, references)),
        IsTruncated: next !== undefined,
        MaxItems: size,
        Marker: Marker ?? '',
        ...(next === undefined ? {} : { NextMarker: next.id }),
      };
    },
    ListHostedZonesByName: ({ DNSName, HostedZoneId, MaxItems }) => {
      const from = DNSName === undefined ? '' : reversed(nameOf(DNSName));
      const zones = zonesOf(cloud).toSorted(
        (a, b) => compareText(reversed(a.name), reversed(b.name)) || compareText(a.id, b.id),
      );
      const isLater = ({ name, id }: HostedZone): boolean =>
        reversed(name) > from || (reversed(name) === from && id >= idOf(HostedZoneId ?? ''));
      const { page, next, size } = pageOf(zones, MaxItems, isLater);
      return {
        HostedZones: page.map((zone) => writeZone(cloud, zone, references)),
        ...(DNSName === undefined ? {} : { DNSName: writtenName(nameOf(DNSName)) }),
        ...(HostedZoneId === undefined ? {} : { HostedZoneId }),
        IsTruncated: next !== undefined,
        MaxItems: size,
        ...(next === undefined ? {} : { NextDNSName: writtenName(next.name), NextHostedZoneId: next.id }),
      };
    },
    GetHostedZone: ({ Id }) => {
      const zone = zoneOf(cloud, Id);
      return zone.private
        ? { HostedZone: writeZone(cloud, zone, references), VPCs: vpcsOf(zone) }
        : {
            HostedZone: writeZone(cloud, zone, references),
            DelegationSet: { NameServers: [...delegationSetOf(zone.id)] },
          };
    },
    GetHostedZoneCount: () => ({ HostedZoneCount: zonesOf(cloud).length }),
    ...makingHandlers(cloud, references),
    ...recordHandlers(cloud),
  };
}

/** Making zones, and deleting them. */
function makingHandlers(
  cloud: Cloud,
  references: Map<string, string>,
): Pick<Route53Handlers, 'CreateHostedZone' | 'DeleteHostedZone'> {
  const taken = new Set<string>();
  return {
    CreateHostedZone: async ({ Name = '', CallerReference = '', HostedZoneConfig, VPC }) => {
      if (taken.has(CallerReference)) {
        throw new AwsError(
          'HostedZoneAlreadyExists',
          `A hosted zone has already been created with the specified caller reference.`,
          409,
        );
      }
      const properties = {
        Name: nameOf(Name),
        ...(HostedZoneConfig?.Comment === undefined ? {} : { HostedZoneConfig: { Comment: HostedZoneConfig.Comment } }),
        ...(VPC === undefined ? {} : { VPCs: [{ VPCId: VPC.VPCId, VPCRegion: VPC.VPCRegion }] }),
      };
      const id = await cloud.estate.putResource({ region: HOME_REGION, type: ZONE_TYPE, properties });
      taken.add(CallerReference);
      references.set(id, CallerReference);
      const zone = zoneOf(cloud, id);
      return {
        HostedZone: writeZone(cloud, zone, references),
        ChangeInfo: changeInfo(cloud, newChangeId(), 'INSYNC'),
        DelegationSet: { NameServers: [...delegationSetOf(zone.id)] },
        ...(VPC === undefined ? {} : { VPC }),
        Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`,
      };
    },
    DeleteHostedZone: async ({ Id }) => {
      const zone = zoneOf(cloud, Id);
      const isEmpty = cloud
        .world()
        .control.recordSets(zone.id)
        .every(({ name, type }) => name === zone.name && (type === 'NS' || type === 'SOA'));
      if (!isEmpty) {
        throw new AwsError(
          'HostedZoneNotEmpty',
          'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
        );
      }
      if (resourceOf(cloud, ZONE_TYPE, zone.id) === undefined) {
        throw new AwsError('AccessDenied', 'This hosted zone was there before the world; it cannot be deleted.', 403);
      }
      await cloud.estate.removeResource(zone.id);
      references.delete(zone.id);
      return { ChangeInfo: changeInfo(cloud, newChangeId(), 'INSYNC') };
    },
  };
}

function recordHandlers(
  cloud: Cloud,
): Pick<Route53Handlers, 'ChangeResourceRecordSets' | 'ListResourceRecordSets' | 'GetChange'> {
  const comments = new Map<string, string>();
  return {
    ChangeResourceRecordSets: ({ HostedZoneId, ChangeBatch }) => {
      const changeId = newChangeId();
      const changes = (ChangeBatch?.Changes ?? []).map(
        ({ Action = 'CREATE', ResourceRecordSet = { Name: '', Type: 'A' } }) => ({
          action: Action,
          recordSet: readRecordSet(Action, ResourceRecordSet),
        }),
      );
      performed(cloud, { kind: 'change-record-sets', hostedZoneId: idOf(HostedZoneId ?? ''), changes, changeId });
      if (ChangeBatch?.Comment !== undefined) comments.set(changeId, ChangeBatch.Comment);
      return { ChangeInfo: changeInfo(cloud, changeId, 'PENDING', ChangeBatch?.Comment) };
    },
    GetChange: ({ Id }) => {
      const change = idOf(Id ?? '');
      performed(cloud, { kind: 'get-change', change });
      const status = cloud.world().control.changeStatus(change, cloud.now()) ?? 'INSYNC';
      return { ChangeInfo: changeInfo(cloud, change, status, comments.get(change)) };
    },
    ListResourceRecordSets: ({ HostedZoneId, StartRecordName, StartRecordType, StartRecordIdentifier, MaxItems }) => {
      const hostedZoneId = idOf(HostedZoneId ?? '');
      const start = {
        ...(StartRecordName === undefined ? {} : { startName: nameOf(StartRecordName) }),
        ...(StartRecordType === undefined ? {} : { startType: StartRecordType }),
        ...(StartRecordIdentifier === undefined ? {} : { startIdentifier: StartRecordIdentifier }),
        ...(MaxItems === undefined ? {} : { maxItems: MaxItems }),
      };
      performed(cloud, { kind: 'list-record-sets', hostedZoneId, ...start });
      const page = listRecordSets(zoneOf(cloud, hostedZoneId), cloud.world().control.recordSets(hostedZoneId), start);
      if (typeof page === 'string') throw new AwsError('InvalidInput', page);
      const { records, next } = page;
      return {
        ResourceRecordSets: records.map(writeRecordSet),
        IsTruncated: next !== undefined,
        MaxItems: MaxItems ?? RECORDS_MAX,
        ...(next === undefined
          ? {}
          : {
              NextRecordName: writtenName(next.name),
              NextRecordType: next.type as 'A',
              ...(next.policy.kind === 'simple' ? {} : { NextRecordIdentifier: next.policy.setIdentifier }),
            }),
      };
    },
  };
}

/** R53 CH-11. */
const RECORDS_MAX = 300;

function zonesOf(cloud: Cloud): readonly HostedZone[] {
  return cloud.world().architecture.hostedZones;
}

/** @throws AwsError NoSuchHostedZone (R53 CH-07). */
export function zoneOf(cloud: Cloud, id: string | undefined): HostedZone {
  const zone = zonesOf(cloud).find((known) => known.id === idOf(id ?? ''));
  if (zone === undefined)
    throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${idOf(id ?? '')}`, 404);
  return zone;
}

/** Ids come with and without what kind of thing they are. */
export function idOf(written: string): string {
  return written.replace(/^\/?(?:hostedzone|change|healthcheck)\//, '');
}

function writeZone(cloud: Cloud, zone: HostedZone, references: ReadonlyMap<string, string>): WrittenZone {
  const { id, name } = zone;
  const resource = resourceOf(cloud, ZONE_TYPE, id);
  const config = resource === undefined ? undefined : propertiesOf(resource)['HostedZoneConfig'];
  const comment = typeof config === 'object' && config !== null && 'Comment' in config ? config['Comment'] : undefined;
  const records = listRecordSets(zone, cloud.world().control.recordSets(id), { maxItems: 1 });
  const apex = typeof records === 'string' ? 0 : APEX_RECORDS;
  const held = cloud.world().control.recordSets(id);
  const replaced = held.filter((record) => record.name === name && (record.type === 'NS' || record.type === 'SOA'));
  return {
    Id: `/hostedzone/${id}`,
    Name: writtenName(name),
    CallerReference: references.get(id) ?? (resource === undefined ? id : `${textOf(resource, 'Name') ?? name}-${id}`),
    Config: { PrivateZone: zone.private, ...(typeof comment === 'string' ? { Comment: comment } : {}) },
    ResourceRecordSetCount: held.length + apex - replaced.length,
  };
}

/** The NS records and the SOA that every zone has (R53 WS-01). */
const APEX_RECORDS = 2;

function vpcsOf({ vpcs = [] }: HostedZone): { VPCId: string; VPCRegion: 'us-east-1' }[] {
  return vpcs.map(({ id, region }) => ({ VPCId: id, VPCRegion: region as 'us-east-1' }));
}

function changeInfo(cloud: Cloud, id: string, status: 'PENDING' | 'INSYNC', comment?: string) {
  const about = comment === undefined ? {} : { Comment: comment };
  return { Id: `/change/${id}`, Status: status, SubmittedAt: new Date(cloud.epochMs()), ...about };
}

const CHANGE_ID_BYTES = 10;

function newChangeId(): string {
  return `C${randomBytes(CHANGE_ID_BYTES).toString('hex').toUpperCase()}`;
}

function reversed(name: string): string {
  return name.split('.').toReversed().join(' ');
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

interface Page<Item> {
  readonly page: readonly Item[];
  /** What the next page begins with. */
  readonly next: Item | undefined;
  readonly size: number;
}

/** A page of sorted things from the first one on that is late enough. */
export function pageOf<Item>(
  items: readonly Item[],
  maxItems: number | undefined,
  isLater: (item: Item) => boolean,
): Page<Item> {
  const size = Math.min(maxItems ?? PAGE_MAX, PAGE_MAX);
  if (!(size >= 1)) throw new AwsError('InvalidInput', 'The input is not valid: maxItems is less than 1.');
  const from = items.filter(isLater);
  return { page: from.slice(0, size), next: from[size], size };
}
