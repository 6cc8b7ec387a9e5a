import type { HostedZone } from '../../model/index.ts';
import type { Question, Vantage } from '../conversation.ts';
import type { Asker } from './asker.ts';
import type { RecordGroup, ZoneData } from './zones.ts';

/** What Route 53 finds when it looks at something's health, and the event that made it so (0: none). */
export interface Health {
  readonly healthy: boolean;
  readonly seq: number;
}

/** What Route 53 must know of the rest of the world to answer. */
export interface Surroundings {
  /** The status of a health check as this asker's name server sees it now. */
  health(healthCheckId: string, asker: Vantage): Health;
  /** Addresses behind an AWS name that an alias targets, as the asker would get them. */
  addressesOf(dnsName: string, asker: Vantage): readonly string[];
  /** What EvaluateTargetHealth finds for an AWS name (R53 ET-01 to ET-05). */
  targetHealth(dnsName: string): Health;
  /** How long answers about an AWS name may be kept; an alias to it has that TTL (R53 AL-01 to AL-05). */
  ttlSecondsOf(dnsName: string): number;
  /** The same in random order, or so many of them, by the draws of whoever has this name (R53 RP-04, RP-14). */
  shuffle<Item>(values: readonly Item[], user: string, most?: number): readonly Item[];
  /** A number in [0, 1) for whoever has this name; each name has draws of its own. */
  draw(user: string): number;
  /** Where the asker is, or the client that it asks for (R53 RP-16). */
  locate(question: Question, asker: Vantage): Asker;
  /** The VPC that an asker is in; undefined: in none of the world's. */
  vpcOf(asker: Vantage): string | undefined;
  /** What ANY is answered with: all record sets of a name, or one (R53 OQ-06). */
  readonly any: 'all' | 'one';
}

/** A question on its way through the records of a zone. */
export interface Asking {
  readonly data: ZoneData;
  readonly zone: HostedZone;
  readonly question: Question;
  readonly asker: Vantage;
  readonly around: Surroundings;
  /** What has been found out about groups behind aliases; made when the first is looked at. */
  found: Map<RecordGroup, Health> | undefined;
  located: Asker | undefined;
}

/** Aliases within a zone that lead to each other end here. */
export const ALIAS_DEPTH_MAX = 16;

/** Where the asker stands: found out once, and only for policies that go by it. Private zones go by the asker alone (R53 RP-16). */
export function locateAsker(asking: Asking): Asker {
  const { zone, question, asker, around } = asking;
  const { name, type } = question;
  return (asking.located ??= around.locate(zone.private ? { name, type } : question, asker));
}
