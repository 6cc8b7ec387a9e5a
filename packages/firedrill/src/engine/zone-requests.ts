import type { ChangeRecordSets, GetChange, HostedZone, Instant, ListRecordSets, RecordSet } from '../model/index.ts';
import { after } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import type { Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import { changeRecordSets } from './route53/changes.ts';
import { listRecordSets } from './route53/record-list.ts';
import type { RequestRate } from './route53/request-rate.ts';
import type { Background } from './world.ts';
import type { ZoneVersions } from './zone-versions.ts';

type Kinds = 'change-record-sets' | 'get-change' | 'list-record-sets';

/** Changes that can be asked after; of more the oldest are forgotten. */
const CHANGES_MAX = 10_000;

/** Records that the answer to a listing names; of the others it gives the number. */
const NAMED_MAX = 5;

/** What operators ask of Route 53's API about records. All of an account's requests share one `rate` (R53 CH-06). */
export class ZoneRequests {
  readonly performers: Pick<Performers, Kinds>;
  private readonly parts: Parts;
  private readonly versions: ZoneVersions;
  /** When name servers all have a change, by what `GetChange` calls it. */
  private readonly inSyncAt = new Map<string, Instant>();
  /** Until when a zone's last change is being processed. */
  private readonly busyUntil = new Map<string, Instant>();

  constructor(parts: Parts, versions: ZoneVersions, rate: RequestRate) {
    this.parts = parts;
    this.versions = versions;
    this.performers = {
      'change-record-sets': (action, moment) => throttled(rate, moment) ?? this.change(action, moment),
      'get-change': (action, moment) => throttled(rate, moment) ?? this.statusOf(action, moment),
      'list-record-sets': (action, moment) => throttled(rate, moment) ?? this.list(action),
    };
  }

  private change({ hostedZoneId, changes, changeId }: ChangeRecordSets, { now }: Moment): Judgement {
    const { healthChecks, derivedHealthChecks, cidrCollections } = this.parts.input.architecture;
    if (now < (this.busyUntil.get(hostedZoneId) ?? now)) {
      const message = 'The request was rejected because Route 53 was still processing a prior request.';
      return { kind: 'refused', code: 'PriorRequestNotComplete', message };
    }
    const scene = {
      zone: this.zone(hostedZoneId),
      records: this.versions.recordsOf(hostedZoneId),
      knowsHealthCheck: (id: string) => [...healthChecks, ...derivedHealthChecks].some((check) => check.id === id),
      cidrCollections,
    };
    const outcome = changeRecordSets(scene, changes);
    if (outcome.kind === 'refused') return outcome;
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        const inSyncAt = this.versions.publish(hostedZoneId, outcome.records, now, cause);
        const seconds = this.parts.settings.number('route53.change-processing-seconds');
        this.busyUntil.set(hostedZoneId, after(now, seconds * 1000));
        if (changeId !== undefined) this.remember(changeId, inSyncAt);
        return [this.announcement({ hostedZoneId, inSyncAt, cause })];
      },
    };
  }

  private remember(changeId: string, inSyncAt: Instant): void {
    this.inSyncAt.set(changeId, inSyncAt);
    if (this.inSyncAt.size <= CHANGES_MAX) return;
    const [oldest] = this.inSyncAt.keys();
    if (oldest !== undefined) this.inSyncAt.delete(oldest);
  }

  private announcement(made: { hostedZoneId: string; inSyncAt: Instant; cause: number }): Background {
    const { hostedZoneId: hostedZone, inSyncAt, cause } = made;
    const { timeline } = this.parts;
    return {
      name: `route53/change/${hostedZone}`,
      *start(moment) {
        yield { kind: 'pause', until: inSyncAt };
        timeline.record(moment.now, cause, 'record-change.in-sync', { hostedZone });
      },
    };
  }

  /** Of a change by what `GetChange` calls it; undefined: there was none (R53 CH-08). */
  changeStatus(changeId: string, now: Instant): 'PENDING' | 'INSYNC' | undefined {
    const inSyncAt = this.inSyncAt.get(changeId);
    if (inSyncAt === undefined) return undefined;
    return now < inSyncAt ? 'PENDING' : 'INSYNC';
  }

  private statusOf({ change }: GetChange, { now }: Moment): Judgement {
    const status = this.changeStatus(change, now);
    if (status === undefined) {
      const message = `Could not find resource with ID: ${change}`;
      return { kind: 'refused', code: 'NoSuchChange', message };
    }
    return answered(status);
  }

  private list({ hostedZoneId, ...start }: ListRecordSets): Judgement {
    const zone = this.zone(hostedZoneId);
    if (zone === undefined) {
      const message = `No hosted zone found with ID: ${hostedZoneId}`;
      return { kind: 'refused', code: 'NoSuchHostedZone', message };
    }
    const page = listRecordSets(zone, this.versions.recordsOf(hostedZoneId), start);
    if (typeof page === 'string') return { kind: 'refused', code: 'InvalidInput', message: page };
    const { records, next } = page;
    const named = records.slice(0, NAMED_MAX).map(inWords).join(', ');
    const more = records.length > NAMED_MAX ? ` and ${records.length - NAMED_MAX} more` : '';
    const rest = next === undefined ? '' : `; truncated, the next is ${inWords(next)}`;
    return answered(`${named}${more}${rest}`);
  }

  private zone(hostedZoneId: string): HostedZone | undefined {
    return this.parts.input.architecture.hostedZones.find(({ id }) => id === hostedZoneId);
  }
}

/** The refusal of a request that comes too fast. */
export function throttled(rate: RequestRate, { now }: Moment): Judgement | undefined {
  return rate.takes(now) ? undefined : { kind: 'refused', code: 'Throttling', message: 'Rate exceeded' };
}

function answered(answer: string): Judgement {
  return { kind: 'accepted', answer, carryOut: () => [] };
}

function inWords({ name, type, policy }: RecordSet): string {
  return policy.kind === 'simple' ? `${name} ${type}` : `${name} ${type} ${policy.setIdentifier}`;
}
