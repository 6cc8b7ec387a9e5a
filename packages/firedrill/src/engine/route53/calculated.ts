import type { DerivedHealthCheck } from '../../model/index.ts';

/**
 * The health of a calculated check by that of its children, whoever looks at them (R53 HC-26, HC-27). Undefined: the check is not
 * a calculated one, or none of its children is of interest.
 */
export function calculatedHealth(
  check: DerivedHealthCheck | undefined,
  isOfInterest: (child: string) => boolean,
  isHealthy: (child: string) => boolean,
): boolean | undefined {
  if (check?.type !== 'CALCULATED' || !check.childHealthChecks.some(isOfInterest)) return undefined;
  const enough = check.childHealthChecks.filter(isHealthy).length >= check.healthThreshold;
  return (check.disabled || enough) !== check.inverted;
}
