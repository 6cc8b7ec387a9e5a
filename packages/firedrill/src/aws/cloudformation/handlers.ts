import type { Handlers } from '../handlers.ts';

export type CloudFormationHandlers = Handlers<typeof import('@aws-sdk/client-cloudformation')>;
