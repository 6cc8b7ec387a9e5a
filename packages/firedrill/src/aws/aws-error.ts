/**
 * What AWS answers when it refuses: thrown by handlers, written in the form of the request's protocol. A code that the
 * service's model knows gets the model's own status and wire name, whatever `status` says.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** As `NoSuchHealthCheck`. */
  readonly code: string;
  /** HTTP status of the answer for a code that the model does not know. */
  readonly status: number;
  /** Further members of the error's shape, by their names in the model. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
