import type { Instant } from '../model/index.ts';
import { msBetween, NEVER } from '../model/index.ts';
import type {
  Answered,
  Arrival,
  Endpoint,
  Exchange,
  Hindrance,
  HttpRequest,
  Outcome,
  Reply,
  Tls,
  Unanswered,
  World,
} from '../engine/index.ts';
import { covers, HTTP_PORTS, isModelledSocket, tunnelFault } from '../engine/index.ts';
import { StreamedBody } from './bodies.ts';
import type { Alarm, WorldClock } from './clock.ts';
import type { Failed } from './course.ts';
import type { Member } from './crowd.ts';
import { Abandoned } from './live-error.ts';
import { playSocket } from './modelled-socket.ts';
import { TunnelBody } from './tunnel.ts';

export interface NearSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly serve: (arrival: Arrival, answered: (reply: Reply) => void, failed: Failed) => void;
  /** The server need not answer this request any more. */
  readonly abandon: (request: HttpRequest) => void;
}

type Why = Unanswered['why'];

/** Whether an exchange is with a server that Firedrill only stands in for, and whose answer is all that is wanted. */
export function isNear(need: Exchange, endpoint: Endpoint): boolean {
  return (
    endpoint.kind === 'server' && need.request !== undefined && need.bodyStart === undefined && need.wholeBody !== true
  );
}

/**
 * An exchange with a server that is not part of the world: the user's own, or a model of one. At the other end of a connection to
 * its address there would be nobody but this process, which passes the request on to the real one; so there is no such connection, and
 * what would befall it is played here. The one to the real server is real ({@link OriginClient}).
 */
export class NearExchange implements Member {
  place = -1;
  private readonly need: Exchange;
  private readonly endpoint: Endpoint;
  private readonly around: NearSurroundings;
  private readonly settled: (outcome: Outcome) => void;
  private readonly over: () => void;
  private isSettled = false;
  private isOver = false;
  private patience: Alarm | undefined;
  private deadline: Alarm | undefined;
  private body: StreamedBody | undefined;

  constructor(
    need: Exchange,
    endpoint: Endpoint,
    around: NearSurroundings,
    ends: { readonly settled: (outcome: Outcome) => void; readonly over: () => void },
  ) {
    this.need = need;
    this.endpoint = endpoint;
    this.around = around;
    this.settled = ends.settled;
    this.over = ends.over;
  }

  /** @param broken is told of our own mistakes. */
  start(broken: Failed): void {
    const { need, around, endpoint } = this;
    const { world, clock } = around;
    const now = clock.now();
    if (need.until < NEVER)
      this.deadline = clock.after(msBetween(now, need.until), () => this.giveUp('completion-timeout'));
    const isKept = need.connection?.isOpen === true;
    const hindrance = onConnection(world.hindrance(need, now), isKept);
    if (hindrance?.kind === 'blackhole') return this.wait(need.connectTimeoutMs, 'connect-timeout');
    const listens = (endpoint.ports ?? HTTP_PORTS).has(need.port);
    if (hindrance?.kind === 'refuse' || (!listens && !isKept)) return this.giveUp('refused');
    if (need.tls !== undefined && !isKept && (hindrance?.kind === 'tls' || !handshakeHolds(world, endpoint, need.tls)))
      return this.giveUp('tls');
    if (hindrance?.kind === 'reset') return this.giveUp('reset');
    this.wait(need.responseTimeoutMs, 'response-timeout');
    // Connected, but nobody will ever read the request: it is not sent, so that nothing happens because of it.
    if (hindrance?.kind === 'hang') return;
    this.ask(hindrance, broken);
  }

  /** Ends at once, and tells nobody. */
  end(): void {
    this.isSettled = true;
    this.tearDown();
  }

  private ask(hindrance: Hindrance | undefined, broken: Failed): void {
    const { need, around, endpoint } = this;
    const { request, tls } = need;
    if (request === undefined) return;
    around.serve(
      {
        to: endpoint.address,
        tls: tls !== undefined,
        serverName: tls?.serverName,
        request,
        from: need.from,
        port: need.port,
      },
      (reply) => {
        const { body } = reply;
        const played = isModelledSocket(body) ? { ...reply, body: playSocket(body, around.clock) } : reply;
        this.answered(played, hindrance);
      },
      (error) => {
        if (error instanceof Abandoned) this.giveUp('reset');
        else broken(error);
      },
    );
  }

  private answered(reply: Reply, hindrance: Hindrance | undefined): void {
    const { need, around } = this;
    const back = around.world.returnHindrance(need, around.clock.now());
    if (this.isSettled || back?.kind === 'blackhole' || back?.kind === 'hang') return discard(reply);
    if (back?.kind === 'reset' || (reply.status < 200 && !(reply.body instanceof TunnelBody))) {
      discard(reply);
      return this.giveUp('reset');
    }
    if (hindrance?.kind === 'slow') {
      around.clock.after(hindrance.delayMs, () => {
        if (this.isSettled) discard(reply);
        else this.accept(reply);
      });
    } else this.accept(reply);
  }

  private accept({ status, headers, body, account }: Reply): void {
    const { need, around } = this;
    if (need.connection !== undefined) need.connection.isOpen = true;
    const firstByteAt: Instant = around.clock.now();
    const answer: Answered = { kind: 'answered', status, headers, body, firstByteAt, account };
    if (body instanceof TunnelBody)
      body.fault = () => tunnelFault(around.world.returnHindrance(need, around.clock.now()));
    if (body instanceof StreamedBody && !body.isWhole && !(body instanceof TunnelBody)) {
      this.body = body;
      this.watch(body);
      this.settle(answer);
    } else {
      this.tearDown();
      this.settle(answer);
    }
  }

  /** Between two packets of the body no more may pass than before the first, unless the reader holds it up. */
  private watch(body: StreamedBody): void {
    const { need, around } = this;
    const overdue = (): void => {
      if (body.isHeldUp) this.patience = around.clock.after(need.responseTimeoutMs, overdue);
      else this.giveUp('response-timeout');
    };
    this.patience?.cancel();
    this.patience = around.clock.after(need.responseTimeoutMs, overdue);
    body.watch({
      packet: () => this.patience?.postpone(need.responseTimeoutMs),
      over: () => this.tearDown(),
    });
  }

  private wait(ms: number, why: Why): void {
    this.patience = this.around.clock.after(ms, () => this.giveUp(why));
  }

  /** Without an answer; or, when its head has been given out, by breaking its body off. */
  private giveUp(why: Why): void {
    const { need, around, isSettled } = this;
    if (need.connection !== undefined) need.connection.isOpen = false;
    this.tearDown();
    // From here on, what is still to come of the request is nobody's; whoever asked may ask again before this returns.
    this.isSettled = true;
    if (!isSettled && need.request !== undefined) around.abandon(need.request);
    this.body?.breakOff();
    if (!isSettled) this.settled({ kind: 'unanswered', why });
  }

  private settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.settled(outcome);
  }

  private tearDown(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.patience?.cancel();
    this.deadline?.cancel();
    this.over();
  }
}

/** What befalls a connection that is open already: it cannot fail to come about any more. */
function onConnection(hindrance: Hindrance | undefined, isKept: boolean): Hindrance | undefined {
  if (!isKept) return hindrance;
  if (hindrance?.kind === 'blackhole') return { kind: 'hang' };
  if (hindrance?.kind === 'refuse') return { kind: 'reset' };
  return hindrance?.kind === 'tls' ? undefined : hindrance;
}

function handshakeHolds(world: World, { address }: Endpoint, { serverName, verifyNames }: Tls): boolean {
  const names = world.certificateNames(address, serverName);
  return names.length > 0 && (verifyNames === undefined || covers(names, verifyNames));
}

function discard({ body }: Reply): void {
  if (body instanceof StreamedBody) body.discard();
}
