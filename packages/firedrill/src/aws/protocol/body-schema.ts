import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';

/**
 * A structure of those members that are bound to nothing but the body, by the structure's name; undefined when there are none. Some
 * outputs have members with bindings of requests, which say nothing there.
 */
export function bodySchema(schema: NormalizedSchema, direction: 'request' | 'response'): NormalizedSchema | undefined {
  const members = [...schema.structIterator()].filter(([, member]) => !isBound(member, direction));
  if (members.length === 0) return undefined;
  const [, namespace, name] = schema.getSchema() as StaticStructureSchema;
  const body: StaticStructureSchema = [
    3,
    namespace,
    name,
    schema.getMergedTraits(),
    members.map(([member]) => member),
    members.map(([, member]) => member),
  ];
  return NormalizedSchema.of(body);
}

function isBound(member: NormalizedSchema, direction: 'request' | 'response'): boolean {
  const traits = member.getMergedTraits();
  const isInHead = (traits.httpHeader ?? traits.httpPrefixHeaders) !== undefined;
  if (isInHead || Boolean(traits.httpPayload)) return true;
  return direction === 'response'
    ? Boolean(traits.httpResponseCode)
    : Boolean(traits.httpLabel ?? traits.httpQueryParams) || traits.httpQuery !== undefined;
}
