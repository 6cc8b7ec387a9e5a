import type { GeoLocation, RecordChange, RoutingPolicy } from '../../model/index.ts';
import { CONTINENTS, continentOf } from '../../model/index.ts';
import { memberBound } from './member-bound.ts';

/** R53 CH-01. */
const SET_IDENTIFIER_MAX = 128;
/** R53 RP-07. */
const WEIGHT_MAX = 255;
/** R53 RP-13. */
const BIAS_MAX = 99;
/** Countries whose subdivisions Route 53 tells apart (R53 RP-11). */
const DIVIDED: readonly string[] = ['US', 'UA'];

/** What is wrong with how a written record competes; undefined: nothing. `which` names the change. */
export function policyProblem(recordSet: RecordChange['recordSet'], which: string): string | undefined {
  const { policy } = recordSet;
  if (policy.kind === 'simple') return undefined;
  const { setIdentifier } = policy;
  if (setIdentifier === '' || setIdentifier.length > SET_IDENTIFIER_MAX)
    return `Invalid request: SetIdentifier must have 1 to ${SET_IDENTIFIER_MAX} characters in ${which}`;
  return ofKind(policy, recordSet, which);
}

function ofKind(policy: RoutingPolicy, recordSet: RecordChange['recordSet'], which: string): string | undefined {
  switch (policy.kind) {
    case 'weighted':
      return outside('weight', policy.weight, 0, WEIGHT_MAX);
    case 'geoproximity':
      return outside('geoProximityLocation.bias', policy.bias, -BIAS_MAX, BIAS_MAX) ?? coordinatesProblem(policy);
    case 'geolocation':
      return isPlace(policy.location) ? undefined : `Invalid request: no such GeoLocation in ${which}`;
    case 'multivalue':
      return multivalueProblem(recordSet, which);
    default:
      return undefined;
  }
}

function outside(member: string, value: number, least: number, most: number): string | undefined {
  if (!(value >= least)) return memberBound(member, value, 'greater', least);
  return value > most ? memberBound(member, value, 'less', most) : undefined;
}

function coordinatesProblem({
  location,
}: Extract<RoutingPolicy, { readonly kind: 'geoproximity' }>): string | undefined {
  if (location.kind !== 'coordinates') return undefined;
  const member = 'geoProximityLocation.coordinates';
  return (
    outside(`${member}.latitude`, location.latitude, -90, 90) ??
    outside(`${member}.longitude`, location.longitude, -180, 180)
  );
}

/** R53 RP-11, RP-12. */
function isPlace(location: GeoLocation): boolean {
  switch (location.kind) {
    case 'default':
      return true;
    case 'continent':
      return CONTINENTS.some((continent) => continent === location.continent);
    case 'country':
      return continentOf(location.country) !== undefined;
    case 'subdivision':
      return DIVIDED.includes(location.country);
  }
}

/** R53 RP-14. */
function multivalueProblem({ type, alias, values }: RecordChange['recordSet'], which: string): string | undefined {
  if (alias !== undefined) return `Invalid request: an alias cannot be a multivalue answer in ${which}`;
  if (type === 'CNAME' || type === 'NS' || type === 'SOA')
    return `Invalid request: a record of type ${type} cannot be a multivalue answer in ${which}`;
  return values.length > 1 ? `Invalid request: a multivalue answer has one value in ${which}` : undefined;
}
