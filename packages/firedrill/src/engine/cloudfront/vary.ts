import type { Header, Headers } from '../conversation.ts';
import type { SiteBehavior } from './site.ts';
import { selectsHeader } from './site.ts';

/**
 * What viewers are told of Vary: names of headers that the origin can have seen, and no others (CF 3.29). It splits no entry of
 * the cache; that the cache policy does.
 */
export function variesBy(headers: Headers, { behavior }: SiteBehavior): readonly Header[] {
  const { cachePolicy, originRequestPolicy } = behavior;
  return headers.flatMap(([field, value]): Header[] => {
    if (field.toLowerCase() !== 'vary') return [];
    const names = value.split(',').flatMap((name) => name.trim() || []);
    const told = names.filter(
      (name) =>
        ALWAYS_TOLD.has(name.toLowerCase()) ||
        selectsHeader(cachePolicy.headers, name) ||
        (originRequestPolicy !== undefined && selectsHeader(originRequestPolicy.headers, name)),
    );
    return told.length === 0 ? [] : [[field, told.join(', ')]];
  });
}

const ALWAYS_TOLD: ReadonlySet<string> = new Set(['accept-encoding', 'cookie', '*']);
