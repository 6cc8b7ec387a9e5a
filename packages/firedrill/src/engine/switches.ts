import type { Plan } from '../model/index.ts';

/**
 * Behaviours that AWS does not document, or documents in two ways. Each has a default and can be set in a
 * drill file under `switches`. `line` is the facts line that leaves it open.
 */
export const SWITCHES = {
  'cloudfront.failover-criteria': {
    default: 'strict',
    choices: ['strict', 'legacy'],
    line: 'CF 1.7',
    why: 'strict: a failed connection fails over only when 503 is listed, a timeout only when 504 is; legacy: always, as documented until 2023.',
  },
  'cloudfront.failover-status': {
    default: 'origin',
    choices: ['origin', 'function'],
    line: 'CF 1.26',
    why: 'Whose status decides about failover where a function runs at origin-response. origin: what the origin answered; function: what the function has made of it. AWS does not say.',
  },
  'cloudfront.invalidation-seconds': {
    default: 60,
    choices: 'a number of seconds, 0 or more',
    line: 'CF 3.46',
    why: 'From an invalidation to the last edge location that has heard of it. AWS gives no figure any more; it once wrote of one to five minutes.',
  },
  'cloudfront.origin-connections': {
    default: 'new',
    choices: ['new', 'kept'],
    line: 'CF 4.18',
    why: 'Whether an edge location sends requests over connections that it has kept to an origin, which go on where they lead whatever DNS says. AWS documents for how long one is kept, not how many servers of an edge location share them: of the few requests of a drill hardly two meet on one. kept: all of an edge location share theirs, as under heavy traffic.',
  },
  'resolver.warm-start': {
    default: true,
    choices: [true, false],
    line: 'R53 TL-05',
    why: 'Whether resolvers already hold a name when the drill begins, at a random point of its TTL, as under steady traffic.',
  },
  'cloudwatch.evaluation-second': {
    default: 'drawn',
    choices: 'drawn, or a second of the minute from 0 to 59',
    word: 'drawn',
    most: 59,
    line: 'R53 TL-07',
    why: 'At which second of each minute an alarm is evaluated. AWS says only that it is once a minute; one alarm was seen to keep to second 22. drawn: each alarm has a second of its own by the seed.',
  },
  'cloudwatch.ingestion-seconds': {
    default: 2,
    choices: 'a number of seconds, 0 or more',
    line: 'RS 1.42',
    why: 'From PutMetricData to alarms that can read it. AWS publishes no figure for metrics that exist already.',
  },
  'cloudwatch.new-metric-seconds': {
    default: 2,
    choices: 'a number of seconds, 0 or more',
    most: 120,
    line: 'RS 1.42',
    why: 'The same for the first values of a metric that is new: AWS says up to 2 minutes.',
  },
  'cloudwatch.extra-periods': {
    default: 2,
    choices: 'a number of periods, 0 or more',
    line: 'RS 1.16',
    why: 'How many more periods than its evaluation periods an alarm fetches. The only published example has 2 more.',
  },
  'route53.metric-evaluation-second': {
    default: 'drawn',
    choices: 'drawn, or a second of the minute from 0 to 59',
    word: 'drawn',
    most: 59,
    line: 'R53 MT-02',
    why: 'At which second of each minute a health check of an alarm looks at the alarm’s metric. Not published.',
  },
  'route53.status-propagation-seconds': {
    default: 5,
    choices: 'a number of seconds, 0 or more',
    line: 'R53 HC-42',
    why: 'From the aggregated status of a health check to DNS answers. AWS publishes no figure.',
  },
  'route53.change-propagation-seconds': {
    default: 60,
    choices: 'a number of seconds, 0 or more',
    line: 'R53 CH-08',
    why: 'From a change of records to the last name server that has it: generally within 60 s. Each location has it at a moment of its own before, drawn by the seed; the spread is not published.',
  },
  'route53.settled-checkers': {
    default: 'probe',
    choices: ['probe', 'rest'],
    line: 'R53 HC-21',
    why: 'rest: in sim, once nothing has happened for five minutes, health checkers leave out the probes that would find what the ones before found, until something happens. For estates with very many health checks: a day takes seconds. Draws of the network differ from those of a run with all probes.',
  },
  'route53.change-processing-seconds': {
    default: 0,
    choices: 'a number of seconds, 0 or more',
    line: 'R53 CH-06',
    why: 'How long Route 53 works at a change of records; others of the zone are refused meanwhile (PriorRequestNotComplete). Not published: by default each is done before the next one comes.',
  },
  'route53.api-gateway-target-health': {
    default: 'always-healthy',
    choices: ['always-healthy', 'follows-region'],
    line: 'R53 ET-05',
    why: 'An API Gateway alias turns unhealthy only if the service as a whole fails in the Region; how soon is not published, so by default it never does. follows-region: at once, with every fault of the Region or of its API Gateway.',
  },
  'route53.load-balancer-without-targets': {
    default: 'healthy',
    choices: ['healthy', 'unhealthy'],
    line: 'R53 ET-03',
    why: 'What EvaluateTargetHealth finds for a load balancer that forwards to no target group. AWS does not say; somebody has seen healthy.',
  },
  'elastic-load-balancing.node-checks': {
    default: true,
    choices: [true, false],
    line: 'R53 ET-01',
    why: 'Whether the addresses of load balancers are watched from outside the Region, so that a Region that falls silent is noticed even where targets are not checked.',
  },
  'global-accelerator.failover-seconds': {
    default: 30,
    choices: 'a number of seconds, 0 or more',
    line: 'RS 2.18',
    why: 'From an endpoint found unhealthy to new connections that avoid it. AWS says within 30 s.',
  },
  'global-accelerator.recovery-seconds': {
    default: 30,
    choices: 'a number of seconds, 0 or more',
    line: 'RS 2.17',
    why: 'From an endpoint found healthy again to new connections that use it. AWS says about 30 s.',
  },
  'global-accelerator.change-seconds': {
    default: 30,
    choices: 'a number of seconds, 0 or more',
    line: 'RS 2.17',
    why: 'From a dial or weight that somebody turns to new connections that go by it. AWS publishes no figure; as long as after a recovery is assumed.',
  },
  'global-accelerator.spill': {
    default: 'dialled',
    choices: ['dialled', 'undialled'],
    line: 'RS 2.13',
    why: 'Whether connections that the dial of one Region sends on meet the dial of the next one too. The last Region with a dial above 0 takes what is left.',
  },
  'recovery-control.initial-state': {
    default: 'Off',
    choices: ['Off', 'On'],
    line: 'R53 OQ-08',
    why: 'State of a routing control that nobody has set yet. Off as far as is known; a drill that is about something else can begin with all of them On.',
  },
  'recovery-control.safety-rule-error': {
    default: 'ConflictException',
    choices: ['ConflictException', 'ValidationException'],
    line: 'R53 OQ-08',
    why: 'What an update is refused with that a safety rule stands against. AWS says that the message names the rule, not which exception it is.',
  },
  'route53.any-answer': {
    default: 'all',
    choices: ['all', 'one'],
    line: 'R53 OQ-06',
    why: 'What a question for ANY is answered with: all record sets of the name, or one of them, as RFC 8482 allows. AWS documents that it answers, not what.',
  },
  's3.replication-seconds': {
    default: 'drawn',
    choices: 'drawn, or a number of seconds',
    word: 'drawn',
    line: 'RS 5.28',
    why: 'How long a copy takes to another bucket. AWS says most within 15 minutes, sometimes hours; with Replication Time Control most in seconds, 99.99 % within 15 minutes. drawn: each by that and the seed.',
  },
  'dynamodb.replication-seconds': {
    default: 'drawn',
    choices: 'drawn, or a number of seconds',
    word: 'drawn',
    line: 'RS 7.2',
    why: 'How long a write takes to the other Regions of a global table. AWS says usually within about a second, and that half a second to two and a half are common within a geography. drawn: each between these, by the seed.',
  },
  's3.fresh-buckets': {
    default: false,
    choices: [true, false],
    line: 'RS 5.18',
    why: 'Whether buckets are so new, up to a day, that their names without a Region still lead to us-east-1, which answers 307.',
  },
  'cloudfront.function-steps': {
    default: 100_000,
    choices: 'a number of steps, 10000 or more are told apart',
    line: 'CF 5.25',
    why: 'How many calls and turns of loops a CloudFront Function may take before it fails. AWS measures compute utilization, a share of a time that is not published.',
  },
  'cloudfront.key-value-propagation-seconds': {
    default: 5,
    choices: 'a number of seconds, 0 or more',
    line: 'CF 5.34',
    why: 'From a change of a key value store to the last edge location that sees it, each at a moment of its own before. AWS says a few seconds.',
  },
  'network.loss-share': {
    default: 0,
    choices: 'a share from 0 to 1',
    most: 1,
    line: 'R53 TL-01',
    why: 'Share of packets lost between places in sim; a lost SYN costs a second.',
  },
} as const satisfies Readonly<Record<string, Switch>>;

export interface Switch {
  readonly default: string | number | boolean;
  readonly choices: readonly (string | number | boolean)[] | string;
  /** Of a number. */
  readonly most?: number;
  /** Taken as well as a number. */
  readonly word?: string;
  readonly line: string;
  readonly why: string;
}

export type SwitchName = keyof typeof SWITCHES;

/** The values in force: what the plan sets, else the defaults. */
export interface Settings {
  text(name: SwitchName): string;
  number(name: SwitchName): number;
  isOn(name: SwitchName): boolean;
}

export function settingsOf(plan: Plan): Settings {
  const valueOf = (name: SwitchName): string | number | boolean => plan.switches[name] ?? SWITCHES[name].default;
  return {
    text: (name) => String(valueOf(name)),
    number: (name) => Number(valueOf(name)),
    isOn: (name) => valueOf(name) === true,
  };
}

/** What is wrong with a switch that a user sets, in one sentence; undefined when nothing is. */
export function faultOfSwitch(name: string, value: string | number | boolean): string | undefined {
  if (!Object.hasOwn(SWITCHES, name)) {
    return `There is no switch ${name}; there are ${Object.keys(SWITCHES).join(', ')}.`;
  }
  const { choices, word, most = Number.MAX_SAFE_INTEGER } = SWITCHES[name as SwitchName] as Switch;
  if (typeof choices === 'string') {
    if (value === word) return undefined;
    return typeof value === 'number' && value >= 0 && value <= most ? undefined : `${name} takes ${choices}.`;
  }
  return choices.includes(value) ? undefined : `${name} takes one of ${choices.join(', ')}.`;
}
