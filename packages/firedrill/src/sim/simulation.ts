import type { Architecture, Instant } from '../model/index.ts';
import { assert, BEGINNING, NEVER } from '../model/index.ts';
import type {
  Arrival,
  Background,
  Connection,
  Exchange,
  Need,
  Outcome,
  Passage,
  Query,
  Reply,
  Resumption,
  Spawn,
  Unanswered,
  Wait,
  World,
} from '../engine/index.ts';
import { SWITCHING_PROTOCOLS } from '../engine/index.ts';
import { ModelledFunctions } from './functions.ts';
import { connected, NO_REPLY, SimAnswer, tooLate } from './answer.ts';
import { codeInWords } from './code-in-words.ts';
import type { Network } from './network.ts';
import { networkOf } from './network.ts';
import type { Place } from './place.ts';
import { Places } from './places.ts';
import { DueQueue } from './queue.ts';
import { Talks } from './talks.ts';
import { Later, resumed, Task } from './task.ts';

/** Satisfies the needs of all conversations of a world in virtual time. */
export class Simulation {
  private readonly world: World;
  private network: Network;
  private functions: ModelledFunctions;
  private readonly queue = new DueQueue<Task | Later>();
  private places: Places;
  /** Where connections that are kept were passed on to, for as long as they live (RS 2.19). */
  private readonly passages = new WeakMap<Connection, { readonly passage: Passage; usedAt: number }>();
  private readonly talks: Talks;
  private now: Instant = BEGINNING;
  private awaited = 0;
  /** No fault acts before; what happens until then can be foreseen. */
  private calmUntil: Instant = BEGINNING;
  /** Nothing can be foreseen from there on. */
  private horizon: Instant = NEVER;

  constructor(world: World) {
    this.world = world;
    this.talks = new Talks({ world, at: (moment, act) => this.queue.push(moment, new Later(act)) });
    [this.network, this.functions, this.places] = this.lookAround();
  }

  /** Learns which places and which functions there are. */
  private lookAround(): [Network, ModelledFunctions, Places] {
    const { world } = this;
    return [networkOf(world), new ModelledFunctions(world.plan, world.pureHandlers), new Places(world)];
  }

  /** World time reached. */
  get at(): Instant {
    return this.now;
  }

  /** Starts everything that runs from the beginning. */
  start(): void {
    for (const says of codeInWords(this.world)) this.world.note(this.now, says);
    this.go(this.world.background);
  }

  /**
   * Goes on for at most so many dues.
   * @returns whether there is more: the plan's time is not over, or a request has not ended.
   */
  step(duesMax: number): boolean {
    const { end } = this.world.plan;
    const { queue } = this;
    for (let dues = 0; dues < duesMax; dues++) {
      if (this.awaited === 0 && queue.firstAt >= end) return false;
      const due = queue.pop();
      if (due === undefined) return false;
      this.now = queue.takenAt as Instant;
      if (due instanceof Task) {
        due.now = this.now;
        due.exchange = undefined;
        this.advance(due);
      } else due.act(this.now);
    }
    return true;
  }

  /**
   * Goes on until a moment: what is due before has happened then, what is due at the moment itself has not. Somebody is about to do
   * something that nobody could foresee.
   */
  runTo(at: Instant): void {
    this.horizon = at;
    this.calmUntil = at < this.calmUntil ? at : this.calmUntil;
    while (this.queue.firstAt < at && this.step(1));
    this.now = at;
    this.horizon = NEVER;
    this.calmUntil = BEGINNING;
  }

  /** Puts another estate in the place of the present one, now. */
  replace(architecture: Architecture): void {
    const begun = this.world.prepare(architecture).commit({ now: this.now });
    [this.network, this.functions, this.places] = this.lookAround();
    this.go(begun);
  }

  /** Starts what runs from now on. */
  go(begun: readonly Background[]): void {
    for (const { start } of begun) this.begin(start, false);
  }

  /** Puts the end on the timeline. */
  end(reason: 'finished' | 'interrupted'): void {
    const { end } = this.world.plan;
    if (reason === 'finished' && this.now < end) this.now = end;
    this.world.end(this.now, reason);
  }

  private begin(start: Spawn['start'], isAwaited: boolean): void {
    if (isAwaited) this.awaited += 1;
    const task = new Task(this.now, undefined, isAwaited);
    task.conversation = start(task);
    this.advance(task);
  }

  /** Resumes a conversation again and again until it has to wait, or ends. */
  private advance(task: Task): void {
    const { conversation } = task;
    assert(conversation !== undefined, 'a task is given its conversation before it runs');
    for (;;) {
      const { resumption } = task;
      task.resumption = undefined;
      const step = resumed.call(conversation, resumption);
      if (step.done === true) {
        this.finish(task, step.value);
        return;
      }
      if (this.satisfy(task, step.value)) return;
    }
  }

  /** True when the conversation has to wait; false when it can go on at once. */
  private satisfy(task: Task, need: Need): boolean {
    switch (need.kind) {
      // The usual one first.
      case 'exchange':
        this.exchange(task, need);
        return !task.isAhead;
      case 'pause':
        if (need.until <= task.now && !task.isAhead) return false;
        task.isAhead = false;
        this.resume(task, need.until, undefined);
        return true;
      case 'spawn':
        this.begin(need.start, need.lasting !== true);
        if (need.until === undefined || need.until <= task.now) return false;
        this.resume(task, need.until, undefined);
        return true;
      case 'query':
        this.query(task, need);
        return true;
      case 'invoke': {
        task.isAhead = false;
        const { invocation, latencyUs } = this.functions.invoke(need);
        this.resume(task, task.now + latencyUs, invocation);
        return true;
      }
      case 'wait':
        return this.wait(task, need);
      case 'talk':
        this.talks.talk(need, task.now, (talked, at) => this.resume(task, at, talked));
        return true;
      case 'hang-up':
        this.talks.hangUp(need, task.now);
        return false;
      case 'hop':
        this.resume(task, task.now + (this.network.roundTripUs(need.from, need.to, task.now) >> 1), undefined);
        return !task.isAhead;
      case 'forward':
      case 'api-call':
        assert(false, 'only live has servers that are not part of the world, and APIs');
    }
  }

  /** Until the signal is given, or until patience ends. */
  private wait(task: Task, need: Wait): boolean {
    assert(!task.isAhead, 'who waits for others has had its turn');
    if (need.for.isGiven || need.until <= task.now) return false;
    let isOver = false;
    const goOn = (now: Instant): void => {
      if (isOver) return;
      isOver = true;
      this.resume(task, now, undefined);
    };
    need.for.whenGiven(goOn);
    if (need.until < NEVER) this.queue.push(need.until, new Later(goOn));
    const { client } = task;
    if (client !== undefined) this.giveUpInTime(client, task.clientTurn);
    return true;
  }

  /** Resumes a task later, and sees to it that its client gives up in time if that is too late for it. */
  private resume(task: Task, at: number, resumption: Resumption): void {
    task.resumption = resumption;
    if (task.isAhead) {
      if (at < this.calmUntil) {
        task.now = at as Instant;
        task.exchange = undefined;
        return;
      }
      task.isAhead = false;
    }
    this.queue.push(at, task);
    const { client } = task;
    if (client !== undefined && at + client.returnUs > client.giveUpAt) this.giveUpInTime(client, task.clientTurn);
  }

  private giveUpInTime(task: Task, turn: number): void {
    task.isAhead = false;
    if (task.turn !== turn || task.exchange === undefined || task.giveUpIsDue) return;
    task.giveUpIsDue = true;
    const giveUp = (now: Instant): void => {
      if (task.turn !== turn || task.exchange === undefined) return;
      task.resumption = tooLate(task.exchange, task.giveUpAt);
      task.exchange = undefined;
      task.now = now;
      this.advance(task);
    };
    this.queue.push(task.giveUpAt, new Later(giveUp));
    // Whoever waits for this task may have to give up before it does.
    const { client } = task;
    if (client !== undefined && task.giveUpAt + client.returnUs > client.giveUpAt)
      this.giveUpInTime(client, task.clientTurn);
  }

  /** The question travels, is answered by what is true on its arrival, and the answer travels back. */
  private query(task: Task, { from, question, timeoutMs }: Query): void {
    const nameServer = this.world.endpoints.find(({ kind }) => kind === 'name-server');
    assert(nameServer !== undefined, 'a world has a name server');
    const { vantage } = nameServer;
    const pathUs = this.network.roundTripUs(from, vantage, task.now);
    const rttUs = pathUs + this.network.lossUs('request', { from, to: vantage, rttUs: pathUs }, task.now);
    const askedAt = task.now;
    const timeoutUs = Math.round(timeoutMs * 1000);
    const outUs = Math.min(Math.floor(rttUs / 2), timeoutUs);
    const answer = (now: Instant): void => {
      const reply = this.world.answer(question, from, now);
      const isLate = reply.rcode === 'timeout' || rttUs > timeoutUs;
      if (isLate) this.resume(task, askedAt + timeoutUs, { ...NO_REPLY, cause: reply.cause });
      else this.resume(task, askedAt + rttUs, reply);
    };
    this.queue.push(askedAt + outUs, new Later(answer));
    const { client } = task;
    if (client !== undefined && askedAt + rttUs + client.returnUs > client.giveUpAt)
      this.giveUpInTime(client, task.clientTurn);
  }

  private exchange(task: Task, need: Exchange): void {
    task.exchange = need;
    task.turn += 1;
    task.giveUpIsDue = false;
    const { now } = task;
    // Rounded, for what is left of somebody's patience is no whole number of milliseconds.
    const connectTimeoutUs = Math.round(need.connectTimeoutMs * 1000);
    const place = this.places.askedFrom(need.from, need.to);
    if (need.connection?.isOpen === true) return this.exchangeOnKept(task, need, need.connection);
    if (place?.endpoint.passesThrough === true)
      return task.isAhead ? this.askInTurn(task) : this.passThrough(task, need, place);
    const hindrance =
      place === undefined ? BLACKHOLE : now < this.calmUntil ? undefined : this.world.hindrance(need, now);
    if (place === undefined || hindrance?.kind === 'blackhole')
      return this.fail(task, need, now + connectTimeoutUs, 'connect-timeout');
    const { network } = this;
    const { from, tls } = need;
    const { vantage } = place.endpoint;
    const rttUs = network.roundTripUs(from, vantage, now);
    const link = { from, to: vantage, rttUs };
    const connectUs = rttUs + network.lossUs('syn', link, now);
    const isRefused = hindrance?.kind === 'refuse' || !place.listensOn(need.port);
    if (isRefused && connectUs <= connectTimeoutUs) return this.fail(task, need, now + connectUs, 'refused');
    const readyUs = tls === undefined ? connectUs : connectUs + rttUs + network.lossUs('handshake', link, now);
    if (readyUs > connectTimeoutUs) return this.fail(task, need, now + connectTimeoutUs, 'connect-timeout');
    const readyAt = now + readyUs;
    if (tls !== undefined && (hindrance?.kind === 'tls' || !place.handshakeHolds(tls)))
      return this.fail(task, need, readyAt, 'tls');
    if (hindrance?.kind === 'reset') return this.fail(task, need, readyAt + rttUs, 'reset');
    const outUs = (rttUs >> 1) + network.lossUs('request', link, now);
    task.wayUs = rttUs - (rttUs >> 1);
    task.passageIdleMs = 0;
    task.returnUs = task.wayUs + (hindrance?.kind === 'slow' ? Math.round(hindrance.delayMs * 1000) : 0);
    task.giveUpAt = Math.min(readyAt + Math.round(need.responseTimeoutMs * 1000), need.until);
    if (need.connection !== undefined) need.connection.isOpen = true;
    const { request } = need;
    if (request === undefined) return this.settle(task, readyAt, connected(readyAt as Instant));
    if (hindrance?.kind === 'hang') return this.giveUpInTime(task, task.turn);
    const { to, port } = need;
    const arrival: Arrival = { to, tls: tls !== undefined, serverName: tls?.serverName, request, from, port };
    this.deliver(task, arrival, place, (readyAt + outUs) as Instant);
  }

  /**
   * A connection that is accepted by one endpoint and passed on to another, TLS and all (RS 2.20): the client is connected as
   * soon as the first has accepted it, whatever becomes of the rest.
   */
  private passThrough(task: Task, need: Exchange, front: Place): void {
    const { now } = task;
    const { network, world } = this;
    const connectTimeoutUs = Math.round(need.connectTimeoutMs * 1000);
    const before = world.hindrance(need, now);
    const passage = before?.kind === 'blackhole' ? undefined : world.passage(need, now);
    const [ingress] = passage?.hops ?? [];
    if (passage === undefined || ingress === undefined)
      return this.fail(task, need, now + connectTimeoutUs, 'connect-timeout');
    const nearUs = network.roundTripUs(need.from, ingress, now);
    const acceptedUs = nearUs + network.lossUs('syn', { from: need.from, to: ingress, rttUs: nearUs }, now);
    if (acceptedUs > connectTimeoutUs) return this.fail(task, need, now + connectTimeoutUs, 'connect-timeout');
    if (before?.kind === 'refuse' || !front.listensOn(need.port))
      return this.fail(task, need, now + acceptedUs, 'refused');
    if (need.request === undefined)
      return this.settle(task, now + acceptedUs, connected((now + acceptedUs) as Instant));
    const place = this.places.at(passage.to ?? '');
    if (place === undefined) return this.fail(task, need, now + acceptedUs, 'reset');
    const { endpoint } = place;
    const inner: Exchange = { ...need, to: endpoint.address, port: passage.port };
    task.exchange = inner;
    const hindrance = before ?? world.hindrance(inner, now);
    const farUs = network.alongUs([...passage.hops, endpoint.vantage], now);
    const wholeUs = nearUs + farUs;
    const { tls } = need;
    const isLost = hindrance?.kind === 'blackhole';
    if (hindrance?.kind === 'refuse' || !place.listensOn(passage.port))
      return this.fail(task, need, now + acceptedUs + farUs, 'reset');
    // The way on is opened first; a handshake then takes the whole way and back.
    const readyUs = acceptedUs + farUs + (tls === undefined ? 0 : wholeUs);
    if (tls !== undefined && (isLost || readyUs > connectTimeoutUs))
      return this.fail(task, need, now + connectTimeoutUs, 'connect-timeout');
    const readyAt = now + readyUs;
    if (tls !== undefined && (hindrance?.kind === 'tls' || !place.handshakeHolds(tls)))
      return this.fail(task, need, readyAt, 'tls');
    if (hindrance?.kind === 'reset') return this.fail(task, need, readyAt + wholeUs, 'reset');
    task.wayUs = wholeUs - (wholeUs >> 1);
    task.passageIdleMs = passage.idleTimeoutMs;
    task.returnUs = task.wayUs + (hindrance?.kind === 'slow' ? Math.round(hindrance.delayMs * 1000) : 0);
    task.giveUpAt = Math.min(readyAt + Math.round(need.responseTimeoutMs * 1000), need.until);
    if (need.connection !== undefined) {
      need.connection.isOpen = true;
      this.passages.set(need.connection, { passage, usedAt: readyAt });
    }
    if (isLost || hindrance?.kind === 'hang') return this.giveUpInTime(task, task.turn);
    const { port, from, cause } = passage;
    const { request } = need;
    const arrival: Arrival = {
      to: endpoint.address,
      tls: tls !== undefined,
      serverName: tls?.serverName,
      request,
      from,
      port,
      cause,
    };
    this.deliver(task, arrival, place, (readyAt + (wholeUs >> 1)) as Instant);
  }

  /** A further request on a connection that is open: it goes where the connection goes, whatever DNS says by now (R53 RV-16). */
  private exchangeOnKept(task: Task, need: Exchange, connection: Connection): void {
    const { now } = task;
    const { network, world } = this;
    const passed = this.passages.get(connection);
    const front = this.places.at(need.to);
    const end = passed === undefined ? front : this.places.at(passed.passage.to ?? '');
    const { request } = need;
    assert(
      front !== undefined && end !== undefined && request !== undefined,
      'a connection that is open leads somewhere',
    );
    const inner = passed === undefined ? need : { ...need, to: end.endpoint.address, port: passed.passage.port };
    task.exchange = inner;
    const hindrance = world.hindrance(need, now) ?? (passed === undefined ? undefined : world.hindrance(inner, now));
    const { from } = need;
    const [ingress = end.endpoint.vantage, ...hops] = passed?.passage.hops ?? [];
    const nearUs = network.roundTripUs(from, ingress, now);
    const rttUs =
      passed === undefined ? nearUs : nearUs + network.alongUs([ingress, ...hops, end.endpoint.vantage], now);
    const isForgotten = passed !== undefined && now >= passed.usedAt + passed.passage.idleTimeoutMs * 1000;
    // Where nobody listens any more, nobody knows the connection either.
    if (isForgotten || hindrance?.kind === 'refuse' || hindrance?.kind === 'reset')
      return this.fail(task, need, now + rttUs, 'reset');
    const outUs = (rttUs >> 1) + network.lossUs('request', { from, to: ingress, rttUs: nearUs }, now);
    task.returnUs = rttUs - (rttUs >> 1) + (hindrance?.kind === 'slow' ? Math.round(hindrance.delayMs * 1000) : 0);
    task.giveUpAt = Math.min(now + Math.round(need.responseTimeoutMs * 1000), need.until);
    if (hindrance?.kind === 'blackhole' || hindrance?.kind === 'hang') return this.giveUpInTime(task, task.turn);
    if (passed !== undefined) passed.usedAt = now;
    const arrival: Arrival = {
      to: inner.to,
      tls: need.tls !== undefined,
      serverName: need.tls?.serverName,
      request,
      from: passed?.passage.from ?? from,
      port: inner.port,
      ...(passed === undefined ? {} : { cause: passed.passage.cause }),
    };
    this.deliver(task, arrival, end, (now + outUs) as Instant);
  }

  /**
   * What has no state that others may change meanwhile, as a gateway, is run ahead of its time. So is an edge as far as it goes
   * without such state: it waits its turn before it looks at any.
   */
  private deliver(task: Task, arrival: Arrival, { gateway, endpoint }: Place, at: Instant): void {
    if (gateway === undefined) {
      // Who waits for an edge in turn may have to give up before it answers.
      if (task.client !== undefined) this.giveUpInTime(task.client, task.clientTurn);
      const server = new Task(at, task, false);
      server.conversation = this.world.serve(arrival, server);
      task.isAhead = false;
      if (endpoint.kind === 'edge' && this.isCalmAt(at)) {
        server.isAhead = true;
        this.advance(server);
      } else this.resume(server, at, undefined);
      return;
    }
    if (task.isAhead && at >= this.calmUntil) return this.askInTurn(task);
    const moment = { now: at };
    const call = gateway(arrival, moment);
    if (call.kind === 'reply') return this.answer(task, call, at);
    const { invocation, latencyUs } = this.functions.invoke(call);
    moment.now = (at + latencyUs) as Instant;
    this.answer(task, call.answer(invocation), moment.now);
  }

  /** What is about to befall the request depends on whose turn it is; so it is sent when it is its own. */
  private askInTurn(task: Task): void {
    const { exchange } = task;
    assert(exchange !== undefined, 'who waits for an answer has asked');
    task.isAhead = false;
    this.queue.push(task.now, new Later(() => this.exchange(task, exchange)));
  }

  /** Whether nothing disturbs the world from now until a moment, that moment included. */
  private isCalmAt(at: Instant): boolean {
    if (at < this.calmUntil) return true;
    const calm = this.world.calmUntil(this.now);
    this.calmUntil = calm < this.horizon ? calm : this.horizon;
    return at < this.calmUntil;
  }

  private finish(task: Task, result: unknown): void {
    if (task.isAwaited) this.awaited -= 1;
    const { client } = task;
    if (client === undefined) {
      // Nobody waits for it, so nobody can leave.
      const own = result as Reply | undefined;
      own?.store?.(own.body, task.now);
      return;
    }
    const reply = result as Reply;
    // What comes of it is told on the timeline.
    if (reply.tunnel !== undefined && task.isAhead) {
      task.isAhead = false;
      return this.queue.push(task.now, new Later(() => this.finish(task, result)));
    }
    // The client may have given up, or even asked again.
    const isWaiting = client.turn === task.clientTurn && client.exchange !== undefined;
    reply.store?.(isWaiting ? reply.body : undefined, task.now);
    if (isWaiting) this.answer(client, reply, task.now);
  }

  /** A reply leaves the other side at a moment; it arrives in time, too late, or not at all. */
  private answer(client: Task, reply: Reply, leftAt: Instant): void {
    const { exchange } = client;
    assert(exchange !== undefined, 'an answer goes to somebody who waits');
    const hindrance = leftAt < this.calmUntil ? undefined : this.world.returnHindrance(exchange, leftAt);
    const at = leftAt + client.returnUs;
    const isLost = hindrance?.kind === 'blackhole' || hindrance?.kind === 'hang';
    const isUpgrade = reply.status === SWITCHING_PROTOCOLS;
    if (isLost || at >= client.giveUpAt || hindrance?.kind === 'reset') {
      if (isUpgrade) this.talks.drop(reply, leftAt);
      if (isLost || at >= client.giveUpAt) return this.giveUpInTime(client, client.turn);
      return this.fail(client, exchange, at, 'reset');
    }
    const answer = new SimAnswer(reply, at as Instant);
    this.settle(client, at, isUpgrade ? this.talks.begin(client, reply, answer, leftAt) : answer);
  }

  private fail(task: Task, exchange: Exchange, at: number, why: Unanswered['why']): void {
    if (at >= exchange.until) this.settle(task, exchange.until, { kind: 'unanswered', why: 'completion-timeout' });
    else this.settle(task, at, { kind: 'unanswered', why });
  }

  private settle(task: Task, at: number, outcome: Outcome): void {
    this.resume(task, at, outcome);
  }
}

const BLACKHOLE = { kind: 'blackhole' } as const;
