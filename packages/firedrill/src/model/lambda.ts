import type { HttpApiCors } from './api-gateway.ts';
import type { Place } from './finding.ts';

/** Where a function's code is. Directories and archives are paths that the reader has found to exist. */
export type FunctionCode =
  | {
      readonly kind: 'directory';
      readonly path: string;
      /** The module with the handler, where somebody has read it: pure code can then be run without a process. */
      readonly module?: CodeModule;
    }
  | { readonly kind: 'archive'; readonly path: string }
  /** Stored as file `index` (RS 4.32). */
  | { readonly kind: 'inline'; readonly text: string };

/** Text of JavaScript, and which of its two kinds of modules it is. */
export interface CodeModule {
  readonly text: string;
  readonly format: 'module' | 'script';
}

/** The module with a function's handler; undefined when nobody has read it. */
export function moduleOf({ code }: LambdaFunction): CodeModule | undefined {
  switch (code.kind) {
    case 'inline':
      return { text: code.text, format: isModuleText(code.text) ? 'module' : 'script' };
    case 'directory':
      return code.module;
    case 'archive':
      return undefined;
  }
}

/** Whether a text can only be an ES module; `import(` and `import.meta` are left aside (RS 4.34). */
export function isModuleText(text: string): boolean {
  return MODULE_LINE.test(text);
}

const MODULE_LINE =
  /^\s*(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|from\b))|export\s*(?:[{*]|(?:default|const|let|var|async|function|class)\b))/m;

/** A Lambda function in one Region, or a version of it, whose ARN ends with its number and which stays as it was published. Defaults: RS 4.20. */
export interface LambdaFunction {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Environments that may run at a time; 0 throttles every invocation (RS 4.24, 4.29). */
  readonly reservedConcurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: FunctionCode;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}

/** The ARN of the function itself, without the version or alias that an ARN may name. */
export function unqualifiedFunctionArn(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** The number of a version, when an ARN names one. */
export function versionIn(arn: string): string | undefined {
  return /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+:(\d+)$/.exec(arn)?.[1];
}

/** An address of a function's own, as `https://<id>.lambda-url.eu-west-1.on.aws/` (RS 4.26). */
export interface FunctionUrl {
  readonly id: string;
  readonly region: string;
  /** Of the function, its alias or version resolved. */
  readonly functionArn: string;
  /** `AWS_IAM` refuses everybody: nobody here signs requests to it (RS 4.28). */
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly cors?: HttpApiCors;
  readonly stack: string;
  readonly place?: Place;
}

/** Host name of a function URL. */
export function functionUrlHost({ id, region }: Pick<FunctionUrl, 'id' | 'region'>): string {
  return `${id}.lambda-url.${region}.on.aws`;
}
