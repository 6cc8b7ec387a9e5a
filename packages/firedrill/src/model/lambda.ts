import type { Place } from './finding.ts';

/** Where a function's code is. Directories and archives are paths that the reader has found to exist. */
export type FunctionCode =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string }
  /** Stored as file `index` (RS 4.32). */
  | { readonly kind: 'inline'; readonly text: string };

/** A Lambda function in one Region. Defaults: RS 4.20. */
export interface LambdaFunction {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}
