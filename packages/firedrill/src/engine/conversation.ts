import type { AttemptFailure, Instant, LambdaFunction, Spot, TunnelEnd, WebSocketModel } from '../model/index.ts';
import type { Caller } from './s3/access.ts';
import type { Signal } from './signal.ts';

/*
 * Everything that takes time is a conversation: a generator that yields what it needs and is resumed with
 * what came of it. What passes through (a request) and what lives on (a health checker) look alike, so a
 * driver has one thing to do: satisfy needs. `sim` does it in virtual time, `live` with sockets and processes.
 */

/** The clock of one conversation. The driver sets `now` before the first and before every further resumption. */
export interface Moment {
  now: Instant;
  /**
   * The driver runs the conversation before its time, as long as nothing depends on what others do until then. Whoever may
   * be run so yields {@link inTurn} before it looks at what can change and before it writes to the timeline.
   */
  readonly isAhead?: boolean;
}

/** Waits until it is the conversation's turn; with a driver that is not ahead, not at all. */
export function inTurn(moment: Moment): Pause {
  return { kind: 'pause', until: moment.now };
}

/**
 * A course of events that reads top-down. Yields a {@link Need}; is resumed with the {@link Resumption}
 * that belongs to it: query → DnsReply, exchange, forward and api-call → Outcome, invoke → Invocation, talk → Talked, all others → undefined.
 */
export type Conversation<Result> = Generator<Need, Result, Resumption>;

export type Need = Query | Exchange | Invoke | Forward | ApiCall | Talk | HangUp | Pause | Spawn | Wait | Hop;
export type Resumption = DnsReply | Outcome | Invocation | Talked | undefined;

/** Somewhere a packet can come from or go to. `index` is dense from 0, for tables of distances. */
export interface Vantage {
  readonly index: number;
  /** As `edge:DUB`, `city:Tokyo`, `region:eu-west-1`, `checker:us-east-1`. */
  readonly name: string;
  readonly spot: Spot;
  /** Loopback address that traffic from here carries as its source in `live`. */
  readonly address: string;
  /** The VPC that it is in, whose private zones answer it (R53 WS-13); undefined: none. */
  readonly vpcId?: string;
}

/** Waits until a moment. One that has passed resumes at once. */
export interface Pause {
  readonly kind: 'pause';
  readonly until: Instant;
}

/** Goes from one place of CloudFront's own network to another: half a round trip, without anything that could fail. */
export interface Hop {
  readonly kind: 'hop';
  readonly from: Vantage;
  readonly to: Vantage;
}

/** Waits for something that another conversation does. It is never run ahead of its time. */
export interface Wait {
  readonly kind: 'wait';
  readonly for: Signal;
  /** Resumes then at the latest. */
  readonly until: Instant;
}

/**
 * Starts another conversation beside this one, and never hears of it again. A reply that it ends with is nobody's: its body is
 * read, to be kept if the reply says so.
 */
export interface Spawn {
  readonly kind: 'spawn';
  /** It lasts, as what runs from the beginning: nobody waits for its end. */
  readonly lasting?: true;
  /** When whoever starts it goes on; at once unless given. */
  readonly until?: Instant;
  readonly start: (moment: Moment) => Conversation<void | Reply>;
}

export interface Question {
  /** Lower case, no trailing dot; bytes that are no plain characters as `\ooo`, octal (R53 WS-07). */
  readonly name: string;
  /** As `A`, `AAAA`, `CNAME`, `TXT`. */
  readonly type: string;
  /** Where the resolver's client is, when the resolver says so; location goes by it then (R53 RP-16). */
  readonly clientSubnet?: ClientSubnet;
}

/** The network of a resolver's client, as the resolver tells it (RFC 7871). */
export interface ClientSubnet {
  /** IPv4 or IPv6, all bits after the prefix zero. */
  readonly address: string;
  /** 0: the resolver was asked not to tell. */
  readonly prefixLength: number;
}

/** Asks the authoritative name servers, over the network, without any cache. */
export interface Query {
  readonly kind: 'query';
  readonly from: Vantage;
  readonly question: Question;
  readonly timeoutMs: number;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  /** Addresses and names as text, all else in presentation form; a TXT that does not begin with a quote is one bare text. */
  readonly data: string;
}

export interface DnsReply {
  readonly kind: 'dns';
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'timeout';
  readonly answers: readonly DnsRecord[];
  /** SOA for negative answers, NS records of the zone for positive ones (R53 WS-03). */
  readonly authority: readonly DnsRecord[];
  /** Addresses of what the answers lead to, where the zone has them (R53 WS-03). */
  readonly additional?: readonly DnsRecord[];
  /** For how long a negative answer may be kept (R53 WS-02); 0 for positive ones. */
  readonly negativeTtlSeconds: number;
  /** How many leading bits of the question's client subnet made this the answer; undefined: it is the same for all. */
  readonly subnetScope?: number;
  /** No answer, but where to ask: `authority` has the name servers that the name is delegated to. */
  readonly isReferral?: boolean;
  /** Of the hosted zone that answered, for the query log (R53 WS-14); undefined: none did. */
  readonly hostedZoneId?: string;
  /** `seq` of the timeline event that made this the answer. */
  readonly cause: number;
}

export type Header = readonly [name: string, value: string];
export type Headers = readonly Header[];

/** A body as the engine sees it: bytes stay with the driver (a stream or buffer in `live`, a count in `sim`). */
export interface Body {
  /** Undefined when nobody knows before it has all come. */
  readonly bytes: number | undefined;
}

/** The body of an answer that the engine itself makes, as an error page. */
export interface TextBody extends Body {
  readonly bytes: number;
  readonly text: string;
  /** Whether `text` is Base64 of the bytes, as a function may answer (RS 6.12). */
  readonly isBase64Encoded?: boolean;
}

/** From a byte to a byte, both included; the first byte of a body is 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A body made of ranges of another one, in ascending order, and of text between them; without pieces it is empty. */
export interface CutBody extends Body {
  readonly bytes: number;
  readonly of: Body;
  readonly pieces: readonly (string | ByteRange)[];
}

/** Another body, compressed. Its bytes are known when it has been made. */
export interface CodedBody extends Body {
  readonly bytes: undefined;
  readonly of: Body;
  readonly coding: 'gzip' | 'br';
}

/** A request without its bytes. `headers` may be computed when first read: `sim` rarely looks. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** The Host header, without a port that belongs to the local world only. */
  readonly host: string;
  /** All others but Host. */
  readonly headers: Headers;
  readonly body: Body | undefined;
  /**
   * It begins a WebSocket (RFC 6455, 4): a 101 makes of the connection a {@link Tunnel}. Those who know no such answer as ever. The
   * driver writes `Upgrade` and `Connection`.
   */
  readonly upgrade?: 'websocket' | undefined;
}

/** How TLS is to be done; the driver does the handshake and the verification. */
export interface Tls {
  /** Server name in client_hello; none when undefined. */
  readonly serverName: string | undefined;
  /** The certificate must cover one of these; undefined: it is not looked at (R53 HC-11). */
  readonly verifyNames: readonly string[] | undefined;
}

/**
 * A connection that whoever opens it keeps for further requests (R53 RV-16): the same object is the same connection. Whoever
 * asks sends one request at a time on it.
 */
export interface Connection {
  /** Set by the driver when it has come about, and when it is known to be over. */
  isOpen: boolean;
  /** Set by a driver that streams bodies, while one is under way on it. */
  isBusy?: boolean;
  /** The driver may close it when no request has been on it for so long. */
  readonly idleMs: number;
}

/**
 * Connects anew, or takes a connection that was kept, sends a request, waits for the head of the answer. Resumes at the first byte of the answer
 * or when it is given up. Without a request it only connects (TCP health checks).
 */
export interface Exchange {
  readonly kind: 'exchange';
  readonly from: Vantage;
  /** IPv4 address of an endpoint of the world. */
  readonly to: string;
  /** The port AWS uses (443, 80); `live` maps it to the one it could bind. */
  readonly port: number;
  readonly tls: Tls | undefined;
  readonly request: HttpRequest | undefined;
  /** For TCP, and TLS where there is. */
  readonly connectTimeoutMs: number;
  /** Until the first byte, and between any two packets of the body. */
  readonly responseTimeoutMs: number;
  /** Whatever happens, over at this moment, body included; `NEVER` for none. */
  readonly until: Instant;
  /** True: resumes only when the body has come whole; one that breaks off is `reset`, a late one a timeout. */
  readonly wholeBody?: boolean;
  /** Kept after the answer; the request goes over it when it is open already. Undefined: a connection for this request alone. */
  readonly connection?: Connection | undefined;
  /** Resumes only when so much of the body has come, or all of it; the answer's body is then its text, a {@link TextBody}. */
  readonly bodyStart?: BodyStart;
}

/** The beginning of a body, for somebody who looks into it. */
export interface BodyStart {
  readonly bytes: number;
  /** After the head; later than that is `response-timeout`. */
  readonly timeoutMs: number;
  /** Content encodings that are undone first. */
  readonly decoded: readonly ('gzip' | 'deflate')[];
}

export type Outcome = Answered | Unanswered;

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** When the first byte came; earlier than the resumption when the whole body was waited for. */
  readonly firstByteAt: Instant;
  /** Who served it and how; undefined when the other side kept no account. */
  readonly account: Account | undefined;
}

export interface Unanswered {
  readonly kind: 'unanswered';
  readonly why: Exclude<AttemptFailure, 'status' | 'dns'>;
}

/**
 * What becomes of a connection once a 101 has been answered: bytes go both ways, and nobody looks at them. The body of the answer is
 * the handle of the connection behind; the driver joins it to the one in front.
 */
export interface Tunnel {
  /** Without a byte from behind for so long, it is closed. */
  readonly idleTimeoutMs: number;
  /** Whether bytes from in front count as well. */
  readonly isKeptByEither?: boolean;
  /** The driver calls it once, when bytes can go. */
  opened(now: Instant): void;
  /** Once, at the end. */
  closed(why: TunnelEnd, now: Instant): void;
}

/** The body of a 101 with which a model takes a WebSocket: the other end of it, which the driver plays. */
export interface ModelledSocket extends Body {
  readonly bytes: undefined;
  readonly webSocket: WebSocketModel;
  /** From a message to its answer. */
  readonly latencyMs: number;
}

/** Who served a request: travels beside the answer inside the world, never in its bytes. */
export interface Account {
  /** Edge location code, empty when no edge was involved. */
  readonly edge: string;
  /** Origin id that gave the answer; empty when the edge made it. */
  readonly origin: string;
  /** Region of the endpoint, or `edge`. */
  readonly endpoint: string;
  readonly attempts: number;
  /** `Hit`, `Miss`, `Error`, …; empty without an edge. */
  readonly result: string;
  /** `seq` of the event that explains the answer; 0 for none. */
  readonly cause: number;
}

/**
 * Runs a function. The driver collects `body` (up to `bodyBytesMax`), makes the payload with it and enforces
 * `timeoutMs`; a larger body resumes with `too-large`, a late answer with `failed` and errorType
 * `Sandbox.Timedout`.
 */
export interface Invoke {
  readonly kind: 'invoke';
  readonly function: LambdaFunction;
  readonly body: Body | undefined;
  readonly bodyBytesMax: number;
  /** How the event carries the body; unless given, as text where that is possible. */
  readonly bodyEncoding?: BodyEncoding;
  readonly payload: (body: CollectedBody | null) => unknown;
  readonly timeoutMs: number;
  /**
   * The body goes on afterwards: it is only looked into, as Base64 whatever it is, and one that is larger than `bodyBytesMax` is
   * cut off for the event instead of `too-large`.
   */
  readonly peeks?: true;
  /** A copy elsewhere runs, of a numbered version; the function in its own Region unless given. */
  readonly replica?: ReplicaPlace;
  /** What a function returns that is not run but modelled; an answer of HTTP unless given. */
  standIn?(): unknown;
}

/** As text, with U+FFFD for what is no UTF-8, or as Base64. */
export type BodyEncoding = 'text' | 'base64';

/** Which copy of a function: where it runs, and the version that it is of. */
export interface ReplicaPlace {
  readonly region: string;
  readonly versionArn: string;
}

/**
 * Hands a request to a server that is not part of the world: the user's own, on this machine. Only `live` has such; resumes
 * as an exchange does.
 */
export interface Forward {
  readonly kind: 'forward';
  /** As `http://localhost:3000`. */
  readonly url: string;
  readonly request: HttpRequest;
}

/**
 * Hands a request at an endpoint of S3 to S3's API, which has the bytes of bodies. Only `live` has one, and not always: resumes as
 * an exchange does, unanswered without it.
 */
export interface ApiCall {
  readonly kind: 'api-call';
  readonly request: HttpRequest;
  readonly isSecure: boolean;
  /** Of the endpoint. */
  readonly region: string;
  /** That the host names; undefined when the path does. */
  readonly bucket: string | undefined;
  /** Who asks; undefined: the request's own signature tells. */
  readonly caller: Caller | undefined;
}

/**
 * Stays on a WebSocket that an {@link Exchange} has brought about. Resumes when what is waited for has come, when the WebSocket
 * is over, or at `until`.
 */
export interface Talk {
  readonly kind: 'talk';
  /** The body of the answer of 101. */
  readonly over: Body;
  /** A text that is sent first, as one message. */
  readonly says?: string;
  /** The next message that comes is waited for; otherwise those that come are passed over. */
  readonly hears: boolean;
  readonly until: Instant;
}

export interface Talked {
  readonly kind: 'talked';
  /** `closed`: the other side has ended it; `reset`: it has broken off. */
  readonly came: 'message' | 'nothing' | 'closed' | 'reset';
}

/** Ends a WebSocket from this side; resumes at once. */
export interface HangUp {
  readonly kind: 'hang-up';
  readonly over: Body;
  /** Without a word, as a client does that believes nobody there any more; otherwise the other side is asked to close it (RFC 6455, 7.1.1). */
  readonly isAbrupt: boolean;
}

/** The only need of its conversation: told what came of it, it gives the reply straight away. */
export interface LastInvoke extends Invoke {
  answer(invocation: Invocation): Reply;
}

/** A request's body as an event carries it: text or Base64. */
export interface CollectedBody {
  readonly text: string;
  readonly isBase64Encoded: boolean;
  /** There is more of it than was collected. */
  readonly isTruncated?: boolean;
}

export type Invocation =
  /** `text`: the result as the function wrote it, where one did; JSON, unless it is none. */
  | { readonly kind: 'returned'; readonly payload: unknown; readonly text?: string }
  /** The function's own error, as the runtime reports it (RS 4.14, 4.18, 4.19); `report`: the whole of it, as JSON. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string; readonly report?: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'too-large' };

/** What an endpoint answers. `unanswered`: the connection ends without an answer. */
export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers: Headers;
  /** From an outcome (pass it on), from the cache, text made by the engine, or made of one of them. */
  readonly body: Body | TextBody | CutBody | CodedBody;
  readonly account: Account;
  /**
   * Set when the edge wants to keep the answer. The driver calls it once: with the complete body, of a {@link CutBody} the one
   * it is cut of; or with undefined when the body broke off or the client left before (CF 2.40, 3.36).
   */
  readonly store: ((body: Body | undefined, now: Instant) => void) | undefined;
  /** Of a 101, and of nothing else. */
  readonly tunnel?: Tunnel | undefined;
}

/** A request as it arrives at an endpoint. */
export interface Arrival {
  /** Address it was sent to. */
  readonly to: string;
  readonly tls: boolean;
  /** From client_hello. */
  readonly serverName: string | undefined;
  readonly request: HttpRequest;
  /** Where it came from; an asker unknown to the world is given a default vantage by the driver. */
  readonly from: Vantage;
  /** The port as AWS has it; that of the scheme when it is left out. */
  readonly port?: number;
  /** The event that led it here and to nowhere else, as an accelerator's failover; 0 for none. */
  readonly cause?: number;
  /** As in `HTTP/1.1`, which it is when left out. */
  readonly httpVersion?: HttpVersion;
}

export type HttpVersion = '1.0' | '1.1' | '2.0';
