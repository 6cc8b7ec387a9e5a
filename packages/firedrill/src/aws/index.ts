export { createAws } from './aws.ts';
export type { Aws, AwsOptions, RequestContext } from './aws.ts';
export { AwsError } from './aws-error.ts';
export type { AskedInVain } from './asked-in-vain.ts';
export type { Cloud } from './cloud.ts';
export type { Estate } from './estate.ts';
export type { Call, Handlers } from './handlers.ts';
export { SERVICES } from './services.ts';
