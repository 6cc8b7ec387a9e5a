import type { Handlers } from '../handlers.ts';

export type S3Handlers = Handlers<typeof import('@aws-sdk/client-s3')>;

/** What answers one operation. */
export type S3Handler<Operation extends keyof S3Handlers> = NonNullable<S3Handlers[Operation]>;
