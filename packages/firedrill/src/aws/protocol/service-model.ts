import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { NormalizedSchema } from '@smithy/core/schema';
import type { ClientModule } from '../services.ts';

/** An operation of a service's model. */
export interface Operation {
  /** As `GetParameter`. */
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Undefined in services whose requests all go to one path. */
  readonly http: HttpTrait | undefined;
}

interface HttpTrait {
  readonly method: string;
  /** As `/2013-04-01/healthcheck/{HealthCheckId}`, with the query that an operation is known by. */
  readonly uri: string;
  readonly status: number;
}

/** How an error looks on the wire. */
export interface ErrorShape {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly status: number;
  /** Its code where the protocol is Query, or compatible with it. */
  readonly queryCode: string;
  /** Its status in Query, where that differs. */
  readonly queryStatus: number;
  readonly fault: 'client' | 'server';
}

/** What a client package says about its service. */
export interface ServiceModel {
  /** Namespace of its shapes, as `com.amazonaws.ssm`. */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** By name of the shape and by code of Query. */
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

const OPERATION = 9;
const ERROR = -3;
/** Namespace of what the packages make up for themselves, as the class of all errors of a service. */
const SYNTHETIC = 'smithy.ts.sdk.synthetic';

/** Reads the schemas that a client package exports. */
export function readServiceModel(client: ClientModule): ServiceModel {
  const schemas = Object.entries(client).flatMap(([name, value]) => (name.endsWith('$') ? [value] : []));
  const operations = schemas.filter(isOperation).map(operationOf);
  const shapes = schemas.filter(isError).map(errorOf);
  return {
    namespace: schemas.find(isOperation)?.[1] ?? '',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: new Map([
      ...shapes.map((shape) => [shape.queryCode, shape] as const),
      ...shapes.map((shape) => [shape.name, shape] as const),
    ]),
  };
}

function isOperation(schema: unknown): schema is StaticOperationSchema {
  return Array.isArray(schema) && schema[0] === OPERATION;
}

function isError(schema: unknown): schema is StaticErrorSchema {
  return Array.isArray(schema) && schema[0] === ERROR && !String(schema[1]).startsWith(SYNTHETIC);
}

function operationOf([, , name, traits, input, output]: StaticOperationSchema): Operation {
  const http = typeof traits === 'number' ? undefined : traits.http;
  return {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    http: http === undefined ? undefined : { method: http[0], uri: http[1], status: http[2] },
  };
}

interface ErrorTraits {
  readonly error?: unknown;
  readonly httpError?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

function errorOf(schema: StaticErrorSchema): ErrorShape {
  const [, , name, traits] = schema;
  const { error, httpError, awsQueryError }: ErrorTraits = typeof traits === 'number' ? {} : traits;
  const fault = error === 'server' ? 'server' : 'client';
  const status = httpError ?? (fault === 'server' ? 500 : 400);
  return {
    name,
    schema: NormalizedSchema.of(schema),
    status,
    queryCode: awsQueryError?.[0] ?? name,
    queryStatus: awsQueryError?.[1] ?? status,
    fault,
  };
}
