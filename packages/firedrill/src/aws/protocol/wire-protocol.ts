import type { WireAnswer, WireHead, WireRequest, Refusal } from './message.ts';
import type { Operation } from './service-model.ts';

/** What a request asks for. */
export interface Asked {
  /** Undefined: the service has no such operation. */
  readonly operation: Operation | undefined;
  /** What the request calls it; undefined when it says nothing that could be a name. */
  readonly name: string | undefined;
  /** Parts of the path by the names of their members. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The server's side of a wire protocol, for one service. */
export interface WireProtocol {
  /** Finds the operation by the head alone, or by a body that has come. */
  readonly asked: (request: WireHead & { readonly body?: WireRequest['body'] }) => Asked;
  /**
   * Reads the operation's input.
   * @throws AwsError when the request is not of the operation's shape.
   */
  readonly read: (asked: Asked & { readonly operation: Operation }, request: WireRequest) => Promise<unknown>;
  readonly write: (operation: Operation, output: Readonly<Record<string, unknown>>, requestId: string) => WireAnswer;
  readonly refuse: (refusal: Refusal, requestId: string, request: WireHead) => WireAnswer;
  /** As AWS refuses an operation that the service does not have. */
  readonly unknownOperation: (asked: Asked) => Refusal;
}

/** Codes of this protocol, or of this service, for requests that are not of the operation's shape. */
export interface Complaints {
  /** Bytes that cannot be read, or a value of a wrong kind. */
  readonly malformed: string;
  /** A member that must be there and is not. */
  readonly missing: string;
}
