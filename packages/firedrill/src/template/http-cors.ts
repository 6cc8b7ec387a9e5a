import type { HttpApiCors } from '../model/index.ts';
import type { Node } from './node.ts';
import { boolean, integer, listOf, optional, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

const SECONDS = optional(integer({ least: -1, most: 86_400, facts: [] }));
const TEXTS = optional(listOf(text()));

const CORS = shape('CorsConfiguration', {
  AllowCredentials: optional(boolean),
  AllowHeaders: TEXTS,
  AllowMethods: TEXTS,
  AllowOrigins: TEXTS,
  ExposeHeaders: TEXTS,
  MaxAge: SECONDS,
});

/** What an API, or a function URL, says of browsers that ask across origins. */
export function readCors(node: Node, tell: Teller): HttpApiCors | undefined {
  const read = CORS(node, tell);
  if (read === undefined) return undefined;
  return {
    allowOrigins: read.AllowOrigins ?? [],
    allowMethods: read.AllowMethods ?? [],
    allowHeaders: read.AllowHeaders ?? [],
    exposeHeaders: read.ExposeHeaders ?? [],
    maxAgeSeconds: read.MaxAge,
    allowCredentials: read.AllowCredentials ?? false,
  };
}

/** The same in an OpenAPI document, whose names begin with small letters. */
export function corsOf(node: Node | undefined, tell: Teller): HttpApiCors | undefined {
  if (node?.kind !== 'map') return undefined;
  const entries = [...node.entries].map(([key, entry]) => [key.charAt(0).toUpperCase() + key.slice(1), entry] as const);
  return readCors({ ...node, entries: new Map(entries) }, tell);
}
