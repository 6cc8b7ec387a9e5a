import type { Handlers } from '../handlers.ts';

export type Route53Handlers = Handlers<typeof import('@aws-sdk/client-route-53')>;
