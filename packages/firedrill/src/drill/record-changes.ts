import * as z from 'zod';
import type { ChangeRecordSets, RecordChange, RoutingPolicy } from '../model/index.ts';

type Text = z.ZodType<string, string>;

/** What a drill file says of `ChangeResourceRecordSets`: records as in a template, with the commonest policies. */
export function changeRecordSetsField(text: Text) {
  const alias = z.strictObject({
    dnsName: text.describe('Name of the target.'),
    hostedZoneId: text.describe('Zone of the target; of an AWS service its fixed id.'),
    evaluateTargetHealth: z.boolean(),
  });
  const change = z.strictObject({
    action: z.enum(['CREATE', 'UPSERT', 'DELETE']),
    name: text.describe('Name of the record.'),
    type: text.describe('A, AAAA, CNAME and so on.'),
    ttl: z.int().optional().describe('In seconds; not with an alias.'),
    values: z.array(text).default([]),
    alias: alias.optional(),
    healthCheck: text.optional().describe('Health check: its id, its logical id in a template, or ${Output}.'),
    setIdentifier: text.optional(),
    weight: z.int().optional().describe('0 to 255.'),
    failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    latencyRegion: text.optional().describe('Region of a latency record.'),
    multiValueAnswer: z.literal(true).optional(),
  });
  return z
    .strictObject({
      hostedZone: text.describe('Hosted zone: its id, its logical id in a template, or ${Output}.'),
      changes: z.array(change).min(1).describe('All are made or none. A record is given whole, as AWS wants it.'),
    })
    .optional()
    .describe('ChangeResourceRecordSets of Route 53.');
}

type ChangeText = NonNullable<z.output<ReturnType<typeof changeRecordSetsField>>>;

/** The action that was written. */
export function readRecordChanges({ hostedZone, changes }: ChangeText): ChangeRecordSets {
  return { kind: 'change-record-sets', hostedZoneId: hostedZone, changes: changes.map(changeOf) };
}

function changeOf(text: ChangeText['changes'][number]): RecordChange {
  const { action, name, type, ttl, values, alias, healthCheck } = text;
  return {
    action,
    recordSet: {
      name,
      type,
      policy: policyOf(text),
      values,
      ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
      ...(alias === undefined ? {} : { alias }),
      ...(healthCheck === undefined ? {} : { healthCheckId: healthCheck }),
    },
  };
}

function policyOf(text: ChangeText['changes'][number]): RoutingPolicy {
  const { setIdentifier = '', weight, failover, latencyRegion, multiValueAnswer } = text;
  if (weight !== undefined) return { kind: 'weighted', weight, setIdentifier };
  if (failover !== undefined) return { kind: 'failover', role: failover, setIdentifier };
  if (latencyRegion !== undefined) return { kind: 'latency', region: latencyRegion, setIdentifier };
  if (multiValueAnswer !== undefined) return { kind: 'multivalue', setIdentifier };
  return { kind: 'simple' };
}
