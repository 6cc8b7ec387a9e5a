import * as z from 'zod';
import { DURATION_PATTERN, parseDuration, parseRate, RATE_PATTERN } from './amounts.ts';
import { CLIENT_FACTS, RESOLVER_PRESETS } from '../engine/index.ts';
import { CLIENT_PROFILES, CLIENTS_MAX } from './client-profiles.ts';
import { mistake } from './drill-findings.ts';
import { changeRecordSetsField, recordQuestionFields } from './record-changes.ts';
import { objectActionFields, objectsField } from './object-schema.ts';
import { recoveryActionFields } from './recovery-action-schema.ts';

/*
 * The shape of a drill file, once: it validates, it types, and the published JSON Schema is made from it.
 * What depends on more than one key at a time is checked in drill-checks.ts, where positions are known.
 */

const DURATION_MISTAKE = {
  says: 'must be a length of time with its unit',
  remedy: 'Write for example 90s, 3m, 1h or 500ms.',
};
const RATE_MISTAKE = { says: 'must be a rate', remedy: 'Write 1 for one request a second, or 5/s, or 30/m.' };

/** A length of time; read as milliseconds. */
const duration = z
  .string({ error: mistake(DURATION_MISTAKE) })
  .meta({ pattern: DURATION_PATTERN })
  .transform((text, context) => parseDuration(text) ?? refuse(context, DURATION_MISTAKE));

/** A rate; read as requests a second, above 0. */
const rate = z
  .union([z.number().positive({ error: mistake(RATE_MISTAKE) }), z.string().meta({ pattern: RATE_PATTERN })], {
    error: mistake(RATE_MISTAKE),
  })
  .transform((value, context) => {
    const perSecond = typeof value === 'number' ? value : parseRate(value);
    return perSecond === undefined || perSecond <= 0 ? refuse(context, RATE_MISTAKE) : perSecond;
  });

function refuse(context: z.RefinementCtx, what: { readonly says: string; readonly remedy: string }): never {
  context.addIssue({ code: 'custom', message: mistake(what)() });
  return z.NEVER;
}

const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: mistake({ says: 'must be text, a number, true or false', remedy: 'Write a single value.' }),
});
const scalarText = scalar.transform(String);
const text = z
  .string()
  .min(1, { error: mistake({ says: 'must not be empty', remedy: 'Write a name or remove the key.' }) });
const share = z.number().min(0).max(1);

const templateSource = z.strictObject({
  file: text.describe('The template, JSON or YAML, relative to this file.'),
  stack: text.optional().describe('Name of the stack; the file name without its ending unless given.'),
  region: text.optional().describe('Region that it is deployed to, as eu-west-1.'),
  parameters: z.record(z.string(), scalarText).default({}).describe('Values of the template’s parameters.'),
});

const world = z.strictObject({
  app: text.optional().describe('Directory of a CDK app, relative to this file.'),
  assembly: text.optional().describe('Directory of a synthesised CDK assembly (cdk.out), relative to this file.'),
  templates: z
    .array(templateSource)
    .min(1)
    .optional()
    .describe('CloudFormation templates, each with its stack and Region.'),
  context: z.record(z.string(), scalarText).default({}).describe('Context values for the CDK app.'),
  zones: z
    .record(z.string(), scalarText)
    .default({})
    .describe('Hosted zones that no template creates: id by domain name.'),
});

const RESOLVERS_MISTAKE = {
  says: 'must be the name of a kind of resolver, or shares by such names',
  remedy: 'Write internet, or vpc, or { plain: 0.9, public-floor: 0.1 }.',
};

/** A body is sent as it is written; more than this is no probe. */
const BODY_CHARACTERS_MAX = 100_000;

/** Whoever sends a request says these itself, or they stand in another key. */
const NOT_HEADERS =
  'connection|content-length|cookie|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade';

const headerFields = z.record(
  z.string().regex(new RegExp(`^(?!(?:${caseless(NOT_HEADERS)})$)[!#$%&'*+.^_\`|~0-9A-Za-z-]+$`), {
    error: mistake({
      says: 'must be the name of a header that a probe may choose',
      remedy: 'Host, length and connection follow from the request; cookies have a key of their own, cookies.',
    }),
  }),
  scalar.transform(String).pipe(
    z.string().regex(/^[\x20-\x7e]{0,8192}$/, {
      error: mistake({ says: 'must be a line of printable characters', remedy: 'Encode what is none.' }),
    }),
  ),
);

const COOKIE_MISTAKE = {
  says: 'must be what a cookie may hold',
  remedy: 'Leave out spaces, commas, semicolons, quotes and what is not ASCII, or encode it.',
};
const cookieName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: mistake(COOKIE_MISTAKE) });
const cookieValue = scalar
  .transform(String)
  .pipe(z.string().regex(/^[!#-+\--:<-[\]-~]{0,4096}$/, { error: mistake(COOKIE_MISTAKE) }));

/** As a schema has no flags, either case of each letter. */
function caseless(pattern: string): string {
  return pattern.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const probe = z.strictObject({
  name: text.describe('How expectations and reports call it.'),
  url: text.describe(
    'With scheme: https or http, wss or ws for WebSockets. ${Output} or ${Stack.Output} stands for the output of a stack.',
  ),
  rate: rate.prefault(1).describe('Requests for each method and place: 1 (a second), 5/s, 30/m.'),
  methods: z
    .array(
      z.string().regex(/^[A-Z]+$/, {
        error: mistake({ says: 'must be an HTTP method in capitals', remedy: 'Write for example GET or POST.' }),
      }),
    )
    .min(1)
    .default(['GET'])
    .describe('Each method is a stream of requests of its own.'),
  places: z.array(text).min(1).default(['Dublin']).describe('Cities where the clients are, as Dublin or Tokyo.'),
  timeout: duration.prefault('60s').describe('The client’s own patience; a later answer is a failure.'),
  client: z
    .enum(CLIENT_PROFILES)
    .default('plain')
    .describe(
      'plain: no retry, keeps to TTLs. browser: keeps addresses 60 s. sdk: up to three attempts with back-off. jvm: keeps addresses 30 s; jvm-forever, nginx: for good. nginx-resolver: keeps to TTLs.',
    ),
  clients: z
    .int()
    .min(1)
    .max(CLIENTS_MAX)
    .optional()
    .describe(
      'Users at each place, who send the requests in turn, each behind a resolver of its own; one unless given.',
    ),
  resolvers: z
    .union([text, z.record(z.string(), z.number().positive().max(1))], { error: mistake(RESOLVERS_MISTAKE) })
    .optional()
    .describe(
      `What the resolvers of the users do: one of ${Object.keys(RESOLVER_PRESETS).join(', ')}, the mix internet, or shares of them that add up to 1.`,
    ),
  headers: headerFields
    .optional()
    .describe('Sent with each request, besides User-Agent and Accept or in their place; values by name.'),
  cookies: z.record(cookieName, cookieValue).optional().describe('Sent as one Cookie header; values by name.'),
  body: z
    .string()
    .max(BODY_CHARACTERS_MAX)
    .optional()
    .describe('What POST, PUT and PATCH send; a small JSON document unless given.'),
  keepAlive: z
    .strictObject({
      idle: duration.prefault('60s').describe('It is closed when no request has been on it for so long.'),
      lifetime: duration
        .prefault(`${CLIENT_FACTS.CONNECTION_LIFETIME_SECONDS.value / 3600}h`)
        .describe('It is used for so long at most.'),
    })
    .optional()
    .describe('Users keep their connections, wherever DNS leads by then; each request has its own unless given.'),
  successStatuses: z
    .array(z.int().min(100).max(599))
    .min(1)
    .optional()
    .describe('Statuses that count as success; all below 500 unless given.'),
  webSocket: z
    .strictObject({
      every: duration.optional().describe('Each client says something so often; it only listens unless given.'),
      answered: z.boolean().default(true).describe('Each message is to be answered by one, within the timeout.'),
      reconnect: duration
        .prefault('1s')
        .describe('After a handshake that failed, or a WebSocket that was lost, it begins another one so much later.'),
      lifetime: duration.optional().describe('It closes its WebSocket itself after so long, and begins another one.'),
    })
    .optional()
    .describe('What clients do on WebSockets; for a url that begins with wss:// or ws://.'),
});

const fault = z.strictObject({
  name: text.describe('What the report calls it.'),
  region: text.optional().describe('Target: everything in a Region, or the service in it that is named beside.'),
  service: z
    .enum(['api-gateway', 'lambda', 'elastic-load-balancing', 'recovery-cluster', 's3', 'dynamodb'])
    .optional()
    .describe('Narrows a Region to one service.'),
  host: text.optional().describe('Target: whatever answers to this host name.'),
  edge: text.optional().describe('Target: one edge location by its airport code, as DUB.'),
  keyValueStore: text
    .optional()
    .describe('Target: a key value store of CloudFront Functions, by its name or logical id; suffers unreadable.'),
  controlPlane: z
    .enum(['route53', 'cloudfront', 'global-accelerator', 'recovery-control'])
    .optional()
    .describe('Target: where a service takes changes of its configuration; what serves users goes on.'),
  dnsName: text.optional().describe('Target: DNS answers for this name and the names below it.'),
  dnsLocation: text
    .optional()
    .describe('Target: the name servers at one edge location by its airport code, as DUB; suffers unheard.'),
  effect: z
    .enum(['refuse', 'blackhole', 'hang', 'reset', 'tls', 'function-error', 'throttle', 'unreadable'])
    .optional()
    .describe(
      'Effect: connections refused, packets lost, no answer, reset, TLS broken; or functions failing, throttled; or a key value store that functions cannot read.',
    ),
  status: z.int().min(100).max(599).optional().describe('Effect: answers carry this status instead of their own.'),
  slow: duration.optional().describe('Effect: answers come later by so much.'),
  dns: z
    .enum(['SERVFAIL', 'NXDOMAIN', 'timeout'])
    .optional()
    .describe('Effect: what name servers answer; for dnsName.'),
  unheard: z
    .array(text)
    .min(1)
    .optional()
    .describe('Effect: the health checkers of these Regions are not heard there; for dnsLocation.'),
  from: duration.describe('When it begins, after the start of the drill.'),
  until: duration.optional().describe('When it is healed; never unless given.'),
  share: share.default(1).describe('Share of connections or answers that it befalls, 0 to 1.'),
  path: text.optional().describe('Only requests whose path begins so.'),
  exceptPath: text.optional().describe('All requests but those whose path begins so.'),
});

const updateHealthCheck = z.strictObject({
  healthCheck: text.describe('Id of the health check, or its logical id in a template, or ${Output}.'),
  disabled: z.boolean().optional().describe('Whether it stops probing and counts as healthy.'),
  inverted: z.boolean().optional().describe('Whether healthy counts as unhealthy and the reverse.'),
  failureThreshold: z.int().optional(),
  resourcePath: text.optional(),
  searchString: text.optional(),
  healthThreshold: z.int().optional(),
  childHealthChecks: z.array(text).optional().describe('Ids or logical ids.'),
  insufficientDataHealthStatus: z.enum(['Healthy', 'Unhealthy', 'LastKnownStatus']).optional(),
  healthCheckVersion: z.int().optional().describe('Refused unless it is the present one.'),
});

const metricDatum = {
  metric: text.describe('Name of the metric.'),
  dimensions: z.record(z.string(), scalarText).optional().describe('Its dimensions: value by name.'),
  value: z.number().optional().describe('A value; or values, or statistics.'),
  values: z.array(z.number()).optional().describe('Several values.'),
  counts: z.array(z.number()).optional().describe('How often each of the values came.'),
  statistics: z
    .strictObject({ sampleCount: z.number(), sum: z.number(), minimum: z.number(), maximum: z.number() })
    .optional()
    .describe('Statistics instead of values.'),
  unit: text.optional().describe('As Count or Milliseconds.'),
  storageResolution: z.int().optional().describe('1 for high resolution, else 60.'),
  age: duration.optional().describe('How long before the call its timestamp lies.'),
};

const putMetricData = z.strictObject({
  region: text.describe('Region whose CloudWatch is called.'),
  namespace: text.describe('Namespace of the metric.'),
  ...metricDatum,
});

const setAlarmState = z.strictObject({
  region: text.describe('Region of the alarm.'),
  alarm: text.describe('Name of the alarm, or its logical id in a template, or ${Output}.'),
  state: text.describe('OK, ALARM or INSUFFICIENT_DATA.'),
  reason: z.string().default('').describe('Why, in your own words.'),
});

const putMetricAlarm = z.strictObject({
  region: text.describe('Region of the alarm.'),
  alarm: text.describe('Name of the alarm, or its logical id in a template, or ${Output}.'),
  threshold: z.number().optional(),
  comparisonOperator: z
    .enum([
      ...(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold'] as const),
      ...(['LessThanThreshold', 'LessThanOrEqualToThreshold'] as const),
    ])
    .optional(),
  evaluationPeriods: z.int().min(1).optional(),
  datapointsToAlarm: z.int().min(1).optional(),
  period: duration.optional(),
  treatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).optional(),
  statistic: z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']).optional(),
});

const ENDPOINT_GROUP =
  'ARN of the endpoint group, its logical id in a template, ${Output}, or its Region when there is one there.';

const setTrafficDial = z.strictObject({
  endpointGroup: text.describe(ENDPOINT_GROUP),
  percentage: z.int().min(0).max(100).describe('Share of the traffic headed for the group that it gets.'),
});

const setEndpointWeight = z.strictObject({
  endpointGroup: text.describe(ENDPOINT_GROUP),
  endpoint: text
    .optional()
    .describe('ARN or id of the endpoint, or its logical id; the only one of the group unless given.'),
  weight: z.int().min(0).max(255).describe('0 takes it out of traffic.'),
});

const createInvalidation = z.strictObject({
  distribution: text.describe('Id of the distribution, its logical id in a template, or ${Output}.'),
  paths: z.array(text).min(1).describe('As /index.html; with * at the end all that begin so.'),
});

const action = z.strictObject({
  name: text.describe('What the report calls it.'),
  at: duration.describe('When it is done, after the start of the drill.'),
  every: duration.optional().describe('Done again after each such length of time.'),
  until: duration.optional().describe('With every: the moment from which on it is not done any more.'),
  putMetricData: putMetricData.optional().describe('PutMetricData of CloudWatch.'),
  setAlarmState: setAlarmState.optional().describe('SetAlarmState of CloudWatch.'),
  putMetricAlarm: putMetricAlarm
    .optional()
    .describe('PutMetricAlarm of CloudWatch: what is given changes, the rest is sent as it was.'),
  ...recoveryActionFields(text, duration),
  ...objectActionFields(text),
  changeRecordSets: changeRecordSetsField(text),
  createInvalidation: createInvalidation.optional().describe('CreateInvalidation of CloudFront.'),
  ...recordQuestionFields(text),
  updateHealthCheck: updateHealthCheck.optional().describe('UpdateHealthCheck of Route 53.'),
  updateKeys: z
    .strictObject({
      store: text.describe('ARN or name of the key value store, its logical id in a template, or ${Output}.'),
      puts: z.record(text, z.string()).optional().describe('Values by key.'),
      deletes: z.array(text).optional().describe('Keys that go.'),
    })
    .optional()
    .describe('UpdateKeys of CloudFront KeyValueStore.'),
  setTrafficDial: setTrafficDial.optional().describe('UpdateEndpointGroup of Global Accelerator: the traffic dial.'),
  setEndpointWeight: setEndpointWeight
    .optional()
    .describe('UpdateEndpointGroup of Global Accelerator: the weight of an endpoint.'),
});

const bounds = <Value extends z.ZodType<number>>(value: Value) =>
  z.strictObject({ min: value.optional(), max: value.optional() });

const expectation = z.strictObject({
  probe: text.describe('Name of the probe.'),
  method: text.optional().describe('One method; each method by itself unless given.'),
  place: text.optional().describe('One place; all places together unless given.'),
  failed: z
    .union([z.int().min(0), bounds(z.int().min(0))])
    .optional()
    .describe('Failed requests: a number, or min and max.'),
  outage: bounds(duration).optional().describe('From the first to the last failed request; 0 s when none failed.'),
  availability: bounds(share).optional().describe('Succeeded ÷ sent, 0 to 1.'),
  recovery: bounds(duration)
    .optional()
    .describe('From the start of a fault to the first success after which none fails.'),
  ttfb: z
    .strictObject({ p50: duration.optional(), p99: duration.optional(), max: duration.optional() })
    .optional()
    .describe('Longest time to first byte of answered requests, by percentile.'),
  answeredBy: z
    .union([text, z.array(text).min(1)])
    .optional()
    .describe('Exactly these answered what succeeded: Regions, edge, or origin ids.'),
});

const functionModel = z.strictObject({
  latency: duration.prefault('20ms').describe('How long an invocation takes.'),
  status: z.int().min(100).max(599).default(200).describe('The status it answers.'),
  bodyBytes: z.int().min(0).default(100).describe('Size of the body it answers.'),
  body: z.string().optional().describe('What the body says, for health checks that look into it.'),
});

const originModel = z.strictObject({
  url: text.optional().describe('A server on this machine, as http://localhost:3000; local passes requests on to it.'),
  region: text.optional().describe('Region it is in, as eu-west-1: faults of the Region befall it.'),
  place: text.optional().describe('City it is in, when it is in no Region.'),
  latency: duration.prefault('20ms').describe('How long the model takes that stands in for it.'),
  status: z.int().min(200).max(599).default(200).describe('The status that the model answers.'),
  bodyBytes: z.int().min(0).max(1_048_576).default(100).describe('Size of the body that the model answers.'),
  webSocket: z
    .union([
      z.boolean(),
      z.strictObject({
        answers: z.boolean().default(true).describe('It answers each message with one.'),
        every: duration.optional().describe('It says something by itself so often; never unless given.'),
      }),
    ])
    .optional()
    .describe('The model takes WebSockets: true, or what it says over them.'),
});

const origin = z.union([text, originModel], {
  error: mistake({
    says: 'must be the URL of a server on this machine, or a model',
    remedy: 'Write http://localhost:3000, or { region: eu-west-1, latency: 20ms, status: 200 }.',
  }),
});

/** The shape of a drill file. */
export const drillSchema = z
  .strictObject({
    name: text.describe('Name of the drill.'),
    description: z.string().optional().describe('What it is for, in your own words.'),
    world: world.describe('Where the architecture comes from: exactly one of app, assembly, templates.'),
    seed: scalarText.default('1').describe('Any text; the same seed gives the same run.'),
    duration: duration.describe('How long the drill runs, in world time.'),
    probes: z.array(probe).min(1).describe('Streams of requests whose success is measured.'),
    faults: z
      .array(fault)
      .default([])
      .describe('What breaks, when, and until when. Each has one target and one effect.'),
    do: z.array(action).default([]).describe('What operators do meanwhile: calls of AWS APIs, each with its moment.'),
    expect: z.array(expectation).default([]).describe('What must hold in the end; decides the exit code.'),
    switches: z.record(z.string(), scalar).default({}).describe('Behaviours that AWS does not document, by name.'),
    functions: z
      .record(z.string(), functionModel)
      .prefault({ '*': {} })
      .describe('Models that stand in for functions in sim: by function name, * for all others.'),
    objects: objectsField(text),
    keyValues: z
      .record(text, z.record(text, z.string()))
      .default({})
      .describe(
        'What key value stores of CloudFront Functions hold beside what the templates say: values by name of the store, then by key.',
      ),
    networks: z
      .record(z.string(), text)
      .default({})
      .describe('Public networks and the city that each is in, as 203.0.113.0/24: Tokyo; for IP-based records.'),
    origins: z
      .record(z.string(), origin)
      .default({})
      .describe(
        'Servers that Firedrill does not run, by host name, address, instance id, logical id or target group: your own on this machine, or a model. * for all others.',
      ),
  })
  .meta({ title: 'Firedrill drill file' });

export type DrillText = z.output<typeof drillSchema>;
export type FaultText = z.output<typeof fault>;
export type ActionText = z.output<typeof action>;
export type OriginText = z.output<typeof origin>;
export type ExpectationText = z.output<typeof expectation>;

/** The JSON Schema of a drill file, as published in schema/drill.schema.json. */
export function drillJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(drillSchema, { io: 'input' });
}
