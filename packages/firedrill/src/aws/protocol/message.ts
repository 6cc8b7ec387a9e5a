import type { Readable } from 'node:stream';

/** The head of a request as it came, names of headers in lower case. */
export interface WireHead {
  readonly method: string;
  /** As it came, still encoded, without the query. */
  readonly path: string;
  /** Decoded, in the order of the request; a parameter without `=` has the value ''. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A request whose body has come, or whose operation takes its body as it comes. */
export interface WireRequest extends WireHead {
  readonly body: Buffer | Readable;
  /** Of a request to a bucket of S3 by host name. */
  readonly bucket?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

/** Why a request is refused, before it has a form. */
export interface Refusal {
  /** Name of the error's shape, or its code on the wire where that differs. */
  readonly code: string;
  readonly message: string;
  /** For a code that the model does not know. */
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The first value of a parameter. */
export function queryValue(head: WireHead, name: string): string | undefined {
  return head.query.find(([found]) => found === name)?.[1];
}
