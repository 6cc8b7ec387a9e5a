import { balancerIn, targetGroupIn } from '../../../test/accelerated-architecture.ts';
import type { ListenerAction, LoadBalancer, LoadBalancerListener, TargetGroup } from '../../model/index.ts';
import { assert, BEGINNING } from '../../model/index.ts';
import type {
  Exchange,
  Headers,
  HttpRequest,
  Invocation,
  Invoke,
  Outcome,
  Reply,
  TextBody,
  Vantage,
} from '../conversation.ts';
import type { BalancerSurroundings } from './serve.ts';
import { serveAtLoadBalancer } from './serve.ts';
import { TargetGroupHealth } from './target-health.ts';

export const REGION = 'eu-west-1';
const CLIENT: Vantage = { index: 0, name: 'city:Dublin', spot: { latitude: 53, longitude: -6 }, address: '127.84.0.1' };
const NODE: Vantage = {
  index: 1,
  name: `region:${REGION}`,
  spot: { latitude: 53, longitude: -6 },
  address: '127.82.0.1',
};

/** A load balancer whose targets answer by a script. */
export interface ScriptedBalancer {
  readonly balancer?: Partial<LoadBalancer>;
  readonly action?: ListenerAction;
  readonly rules?: LoadBalancerListener['rules'];
  readonly group?: Partial<TargetGroup>;
  /** Positions of targets that are unhealthy. */
  readonly unhealthy?: readonly number[];
  /** Zone of the address asked; of any when undefined. */
  readonly zone?: string;
  readonly functionSeconds?: number;
  readonly invocation?: Invocation;
  readonly outcome?: Outcome;
  readonly statusFault?: number;
  readonly functionFault?: boolean;
  /** Taken one after the other, again and again. */
  readonly draws?: readonly number[];
}

export interface AskedBalancer extends Partial<HttpRequest> {
  readonly tls?: boolean;
}

export interface BalancerAnswer {
  readonly reply: Reply;
  readonly text: string;
  readonly invoke: Invoke | undefined;
  readonly event: Readonly<Record<string, unknown>>;
  readonly exchange: Exchange | undefined;
}

export function askBalancer(asked: AskedBalancer = {}, script: ScriptedBalancer = {}): BalancerAnswer {
  const whole = balancerIn(REGION);
  const group: TargetGroup = { ...targetGroupIn(REGION), ...script.group };
  const health = new TargetGroupHealth(group);
  for (const target of script.unhealthy ?? []) health.observe(target, false, 7);
  const listeners = whole.listeners.map((listener) => ({
    ...listener,
    defaultAction: script.action ?? listener.defaultAction,
    rules: script.rules ?? [],
  }));
  const node = { balancer: { ...whole, listeners, ...script.balancer }, targetZone: script.zone, vantage: NODE };
  const { tls = false, ...differs } = asked;
  const request: HttpRequest = {
    method: 'GET',
    target: '/',
    host: 'www.example.com',
    headers: [],
    body: undefined,
    ...differs,
  };
  const arrival = { to: '127.86.0.1', tls, serverName: undefined, request, from: CLIENT, port: tls ? 443 : 80 };
  const conversation = serveAtLoadBalancer(surroundings(script, health), node, arrival, { now: BEGINNING });
  const first = conversation.next();
  if (first.done === true) return answer(first.value, undefined, undefined);
  const need = first.value;
  assert(need.kind === 'invoke' || need.kind === 'exchange', 'a load balancer runs functions and asks servers');
  const last = conversation.next(need.kind === 'invoke' ? invocationOf(script) : outcomeOf(script));
  assert(last.done === true, 'a load balancer asks one target for a request');
  return need.kind === 'invoke' ? answer(last.value, need, undefined) : answer(last.value, undefined, need);
}

function surroundings(script: ScriptedBalancer, health: TargetGroupHealth): BalancerSurroundings {
  let drawn = 0;
  const draws = script.draws ?? [0];
  return {
    groupOf: (arn) => (arn === health.group.arn ? health : undefined),
    functionOf: (arn) => ({
      arn,
      name: 'app',
      region: REGION,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      timeoutSeconds: script.functionSeconds ?? 3,
      memoryMb: 128,
      environment: {},
      code: { kind: 'inline', text: '' },
      stack: 's',
      logicalId: 'Handler',
    }),
    addressOf: ({ id }) => (id === 'nowhere' ? undefined : `address of ${id}`),
    fault: () => (script.statusFault === undefined ? undefined : { status: script.statusFault, cause: 5 }),
    functionFault: () => (script.functionFault === true ? { cause: 6 } : undefined),
    draws: { next: () => draws[drawn++ % draws.length] ?? 0 },
  };
}

function invocationOf({ invocation }: ScriptedBalancer): Invocation {
  return invocation ?? { kind: 'returned', payload: { statusCode: 200 } };
}

function outcomeOf({ outcome }: ScriptedBalancer): Outcome {
  return outcome ?? answered(200);
}

export function answered(status: number, headers: Headers = []): Outcome {
  return { kind: 'answered', status, headers, body: { bytes: 0 }, firstByteAt: BEGINNING, account: undefined };
}

function answer(reply: Reply, invoke: Invoke | undefined, exchange: Exchange | undefined): BalancerAnswer {
  const event = (invoke?.payload(null) ?? {}) as Readonly<Record<string, unknown>>;
  return { reply, text: (reply.body as TextBody).text ?? '', invoke, event, exchange };
}
