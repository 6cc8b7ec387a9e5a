import type { Place } from './finding.ts';

/** A Lambda function makes the answer of the whole request. */
export interface LambdaProxyIntegration {
  readonly kind: 'lambda-proxy';
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** Another server makes the answer (RS 3.24). */
export interface HttpIntegration {
  readonly kind: 'http';
  /** Answers pass as they are; else {@link responses} choose what becomes of them. */
  readonly isProxy: boolean;
  /** `ANY`: the method of the request. */
  readonly httpMethod: string;
  /** Path parameters in braces and stage variables are filled in when a request comes. */
  readonly uri: string;
  /** Parameters of the path of {@link uri}, each with the one of the request that it takes. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly responses: readonly IntegrationResponse[];
}

/** API Gateway makes the answer itself (RS 3.23). */
export interface MockIntegration {
  readonly kind: 'mock';
  /** The status that each request template yields, by content type; undefined where it yields none. */
  readonly statusByType: Readonly<Record<string, number | undefined>>;
  readonly responses: readonly IntegrationResponse[];
}

/** What becomes of an answer with a status. */
export interface IntegrationResponse {
  /** A regular expression that the whole status must match; undefined: all that no other one takes. */
  readonly selectionPattern: string | undefined;
  readonly status: number;
  /** Those with a fixed value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers of the answer, by the names that they are passed on as. */
  readonly passedHeaders: Readonly<Record<string, string>>;
  /** Undefined: the body passes as it is. */
  readonly body: string | undefined;
}

export type RestIntegration = LambdaProxyIntegration | HttpIntegration | MockIntegration;

export interface RestMethod {
  /** `GET`, `POST`, …, or `ANY`. */
  readonly httpMethod: string;
  readonly integration: RestIntegration;
}

/** A resource of a REST API by its full path, as `/`, `/orders/{id}` or `/{proxy+}`. */
export interface RestResource {
  readonly id: string;
  readonly path: string;
  readonly methods: readonly RestMethod[];
}

export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A REST API (v1) in one Region. */
export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly resources: readonly RestResource[];
  readonly stages: readonly RestStage[];
  readonly disableExecuteApiEndpoint: boolean;
  readonly stack: string;
  readonly place?: Place;
}

/** What a route of an HTTP API leads to. */
export type HttpApiIntegration =
  | (LambdaProxyIntegration & { readonly payloadFormatVersion: '1.0' | '2.0' })
  | HttpIntegration;

/** A route of an HTTP API. */
export interface HttpApiRoute {
  /** As `GET /orders/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly integration: HttpApiIntegration;
}

/** What an HTTP API answers browsers that ask across origins (RS 3.36b). */
export interface HttpApiCors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
  readonly allowCredentials: boolean;
}

/** An HTTP API (v2) in one Region. */
export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly routes: readonly HttpApiRoute[];
  /** `$default` answers at the root of the host name (RS 3.29a). */
  readonly stages: readonly RestStage[];
  readonly cors?: HttpApiCors;
  readonly disableExecuteApiEndpoint: boolean;
  readonly stack: string;
  readonly place?: Place;
}

/** A base path or API mapping of a custom domain; `''` is the (none) mapping (RS 3.40). */
export interface ApiMapping {
  readonly path: string;
  readonly apiId: string;
  readonly stage: string;
}

/** A regional custom domain name of API Gateway, v1 or v2 (RS 3.37, 3.38). */
export interface ApiDomainName {
  readonly name: string;
  readonly region: string;
  /** As `d-abc123.execute-api.eu-west-1.amazonaws.com`. */
  readonly regionalDomainName: string;
  readonly regionalHostedZoneId: string;
  readonly certificateArn?: string;
  readonly mappings: readonly ApiMapping[];
  readonly stack: string;
  readonly place?: Place;
}
