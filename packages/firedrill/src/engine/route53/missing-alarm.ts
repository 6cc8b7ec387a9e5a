/** An alarm by what names it. */
interface NamedAlarm {
  readonly name: string;
  readonly region: string;
}

/**
 * Why a health check cannot be made that is to follow an alarm: it is not there, and Route 53 reads an alarm's settings when the
 * check is made (R53 HC-49, inferred; so are the words).
 * @param alarms all alarms of the account.
 */
export function missingAlarm(followed: NamedAlarm, alarms: readonly NamedAlarm[]): string | undefined {
  const isThere = alarms.some(({ name, region }) => name === followed.name && region === followed.region);
  return isThere ? undefined : `Invalid parameter : The alarm ${followed.name} does not exist in ${followed.region}.`;
}
