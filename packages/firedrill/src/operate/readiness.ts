import type { CloudWatchClient, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { describeAlarm } from './alarm-state.ts';
import type { Check } from './check.ts';
import type { ResolverView, Resolvers } from './resolvers.ts';
import { askSide } from './side-answer.ts';
import { doubtsOfAlarm, doubtsOfTraffic } from './switch-doubts.ts';
import type { SwitchMetric } from './switch-metric.ts';
import { switchMetricOf } from './switch-metric.ts';
import type { Direction, TakeOver } from './take-over.ts';

/** How things stand before anything is done. */
export interface Readiness {
  readonly checks: readonly Check[];
  readonly alarm: MetricAlarm | undefined;
  /** Undefined when there is no alarm that could be followed. */
  readonly metric: SwitchMetric | undefined;
  readonly views: readonly ResolverView[];
}

/**
 * Whether the side that is to serve is there and able. For a failover nothing in the primary Region is asked; for a failback
 * the primary is, as a user would ask it, when it is known by name.
 */
export async function readiness(
  takeOver: TakeOver,
  way: Direction,
  { client, resolvers }: { readonly client: CloudWatchClient; readonly resolvers: Resolvers },
): Promise<Readiness> {
  const side = way === 'failover' ? takeOver.standby : takeOver.primary;
  const [found, views, answers] = await Promise.all([
    readAlarm(client, takeOver),
    resolvers.look(),
    side === undefined ? undefined : answersFor(side, takeOver, way),
  ]);
  const { alarm, metric, check } = found;
  const checks = [
    check,
    ...(alarm === undefined || metric === undefined ? [] : doubtsOfAlarm(alarm, way)),
    ...(answers === undefined ? [] : [answers]),
    knows(takeOver, views),
    ...doubtsOfTraffic(alarm, views, way),
  ];
  return { checks, alarm, metric, views };
}

interface FoundAlarm {
  readonly alarm: MetricAlarm | undefined;
  readonly metric: SwitchMetric | undefined;
  readonly check: Check;
}

async function readAlarm(client: CloudWatchClient, takeOver: TakeOver): Promise<FoundAlarm> {
  const { alarm: name, region } = takeOver;
  const nothing = { alarm: undefined, metric: undefined };
  let alarm: MetricAlarm | undefined;
  try {
    alarm = await describeAlarm(client, takeOver);
  } catch (error) {
    const says = `CloudWatch in ${region} does not tell of its alarms: ${wordsOf(error)}`;
    const remedy =
      'Look at the credentials and what they allow: firedrill failover --policy prints the least that is needed.';
    return { ...nothing, check: { isOk: false, says, remedy } };
  }
  if (alarm === undefined) {
    const says = `There is no alarm ${name} in ${region}: the standby is not deployed there.`;
    const remedy = 'Deploy the standby first, or say --alarm and --region as they are.';
    return { ...nothing, check: { isOk: false, says, remedy } };
  }
  const metric = switchMetricOf(alarm);
  if (typeof metric === 'string') {
    return {
      alarm,
      metric: undefined,
      check: { isOk: false, says: metric, remedy: 'Name the alarm that the primary’s health check follows.' },
    };
  }
  const { namespace, metricName } = metric.metric;
  return {
    alarm,
    metric,
    check: {
      isOk: true,
      says: `The alarm ${name} in ${region} is on ${namespace} ${metricName}; it is ${alarm.StateValue ?? 'without a state'}.`,
    },
  };
}

/** @returns what the error says, in a line. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = error.name === 'Error' || error.message.includes(error.name) ? '' : `${error.name}: `;
  return `${code}${error.message}`.split('\n', 1)[0] ?? '';
}

async function answersFor(side: string, takeOver: TakeOver, way: Direction): Promise<Check> {
  const answer = await askSide(side, takeOver);
  const who = `${way === 'failover' ? 'The standby' : 'The primary'}, ${side},`;
  const what = `https://${takeOver.name}${takeOver.path}`;
  const remedy = `Traffic that is moved there would fail. --force moves it all the same; --path names another path to ask for.`;
  if ('error' in answer) return { isOk: false, says: `${who} does not answer for ${what}: ${answer.error}.`, remedy };
  const says = `${who} answers ${what} with ${answer.status}.`;
  return answer.status < REFUSED_STATUS ? { isOk: true, says } : { isOk: false, says, remedy };
}

/**
 * From here on users do not get what they ask for: a name that is not mapped in the standby Region is 403, one that is throttled
 * 429 (RS 3.42).
 */
const REFUSED_STATUS = 400;

function knows({ name }: TakeOver, views: readonly ResolverView[]): Check {
  const able = views.filter(({ error }) => error === undefined);
  const says = `${able.length} of ${views.length} resolvers know ${name}.`;
  const remedy = 'Without one that answers nobody sees whether traffic moves. Name some: --resolver ADDRESS.';
  return able.length > 0 ? { isOk: true, says } : { isOk: false, says, remedy };
}
