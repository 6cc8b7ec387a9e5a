import type { Readable } from 'node:stream';
import type { StreamingBlobPayloadOutputTypes } from '@smithy/types';
import type { S3Caller } from '../engine/index.ts';

/** Names of the operations of a service, from the commands that its client package exports. */
type OperationName<Client> = {
  [Name in keyof Client]: Name extends `${infer Operation}Command` ? Operation : never;
}[keyof Client];

/** What a command of a client package is as far as its types tell of the operation. */
type CommandOf<Client, Operation extends string> = `${Operation}Command` extends keyof Client
  ? Client[`${Operation}Command`] extends abstract new (...input: never[]) => infer Command
    ? Command
    : never
  : never;

/** The operation's input, as a client of the package gives it. */
type InputOf<Client, Operation extends string> =
  CommandOf<Client, Operation> extends { readonly input: infer Input } ? Input : never;

/** The operation's output without what the client itself adds. */
type OutputOf<Client, Operation extends string> =
  CommandOf<Client, Operation> extends {
    resolveMiddleware(...rest: never[]): (request: never) => Promise<{ readonly output: infer Output }>;
  }
    ? Served<Omit<Output, '$metadata'>>
    : never;

/** Bytes go out as they are at hand: what clients add to them is theirs. */
type Served<Output> = {
  [Member in keyof Output]: NonNullable<Output[Member]> extends Uint8Array
    ? Output[Member] | Uint8Array
    : ClientStream extends NonNullable<Output[Member]>
      ? Output[Member] | Readable | Uint8Array | string
      : Output[Member];
};

/** A body as clients get it. */
type ClientStream = StreamingBlobPayloadOutputTypes;

/** Where a request was sent to and by whom. */
export interface Call {
  /** Region of the signature's scope; of a global service the one that AWS has it in. */
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** As `Z3Q8…`; in the answer's headers too. */
  readonly requestId: string;
  /** Access key of the signature; undefined when the request is not signed. */
  readonly accessKeyId: string | undefined;
  /** Who asks S3 by one of its endpoints in the world, where that is no key's owner. */
  readonly caller?: S3Caller;
  /** False: by plain HTTP, as far as S3's endpoints in the world know. */
  readonly isSecure?: boolean;
  /** Host of the request, with its port. */
  readonly host: string;
  /** The request's headers by lower-case names: for what no model tells of. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the client has gone; who makes a client wait listens to it. */
  readonly signal: AbortSignal;
}

/**
 * What answers operations of a service: output, or a thrown {@link AwsError}. An operation that the service does not have does not
 * compile, nor does a field that its input does not have; of the output, what the model does not know is refused when
 * it is written.
 */
export type Handlers<Client> = {
  readonly [Operation in OperationName<Client>]?: (
    input: InputOf<Client, Operation>,
    call: Call,
  ) => OutputOf<Client, Operation> | Promise<OutputOf<Client, Operation>>;
};
