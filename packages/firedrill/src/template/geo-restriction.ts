import type { Selection } from '../model/index.ts';
import { listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Placed } from './shape.ts';
import type { Teller } from './teller.ts';

/** Of a distribution (CF 2.28a). */
export const RESTRICTIONS = shape('Restrictions', {
  GeoRestriction: required(
    shape('GeoRestriction', {
      RestrictionType: required(placed(oneOf(['none', 'whitelist', 'blacklist'], ['CF 2.28a']))),
      Locations: optional(listOf(placed(text()))),
    }),
  ),
});

interface Restrictions {
  readonly GeoRestriction: {
    readonly RestrictionType: Placed<'none' | 'whitelist' | 'blacklist'>;
    readonly Locations: readonly Placed<string>[] | undefined;
  };
}

/** The countries that are served; undefined: all. What is no code of two letters is told. */
export function countriesOf(restrictions: Restrictions | undefined, tell: Teller): Selection | undefined {
  if (restrictions === undefined) return undefined;
  const { RestrictionType: type, Locations: locations = [] } = restrictions.GeoRestriction;
  for (const { value, at } of locations)
    if (!/^[A-Z]{2}$/.test(value)) tell.error('template/property', at, `${value} is no country; write it as DE.`);
  const isListed = locations.length > 0;
  if (isListed === (type.value === 'none'))
    tell.error(
      'template/property',
      type.at,
      `A restriction of type ${type.value} has ${isListed ? 'no Locations' : 'at least one of Locations'}.`,
    );
  if (type.value === 'none') return undefined;
  return { kind: type.value === 'whitelist' ? 'only' : 'except', names: locations.map(({ value }) => value) };
}
