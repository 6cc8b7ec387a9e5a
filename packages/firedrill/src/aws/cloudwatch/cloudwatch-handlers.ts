import type { Handlers } from '../handlers.ts';

export type CloudWatchHandlers = Handlers<typeof import('@aws-sdk/client-cloudwatch')>;
