import type { Origin, Place } from '../model/index.ts';
import type { S3Draft } from './s3-draft.ts';
import type { Placed } from './shape.ts';
import type { Teller } from './teller.ts';

/** What of an origin says who it is asked as. */
interface OriginAccess {
  readonly at: Place;
  readonly DomainName: Placed<string>;
  readonly S3OriginConfig: { readonly OriginAccessIdentity: Placed<string> | undefined } | undefined;
  readonly OriginAccessControlId: Placed<string> | undefined;
}

/** The access control or identity that an origin is asked with (CF 6.5). */
export function originAccessOf(
  { S3OriginConfig: s3, OriginAccessControlId: control, DomainName: domainName }: OriginAccess,
  { accessControls, accessIdentities }: S3Draft,
  tell: Teller,
): Pick<Origin, 'accessControl' | 'accessIdentity'> {
  const access: { accessControl?: NonNullable<Origin['accessControl']>; accessIdentity?: string } = {};
  if (control !== undefined && control.value !== '') {
    const accessControl = accessControls.find(({ id }) => id === control.value);
    if (accessControl !== undefined) access.accessControl = accessControl;
    else tellUnknown(control, tell);
  }
  const identity = s3?.OriginAccessIdentity;
  if (identity !== undefined && identity.value !== '') {
    const id = identity.value.replace('origin-access-identity/cloudfront/', '');
    if (!accessIdentities.some((each) => each.id === id)) tellUnknown(identity, tell);
    else if (access.accessControl === undefined) access.accessIdentity = id;
    else {
      const says = `The origin ${domainName.value} has an origin access control and an origin access identity; it can have one.`;
      tell.error('template/property', identity.at, says, { facts: ['CF 6.5'] });
    }
  }
  return access;
}

function tellUnknown({ value, at }: Placed<string>, tell: Teller): void {
  const says = `${value} is in no template read; the origin is asked without a signature.`;
  tell.warning('template/not-acted-on', at, says, { remedy: 'Give its template too.', facts: ['CF 6.5'] });
}

/** A website endpoint is a custom origin, and nothing but S3 an S3 origin (CF 6.1). */
export function checkS3Name({ DomainName: name, S3OriginConfig: s3 }: OriginAccess, tell: Teller): boolean {
  if (s3 === undefined || /(^|\.)s3[.-]([a-z0-9-]+\.)*amazonaws\.com(\.cn)?$/.test(name.value)) {
    if (s3 === undefined || !/(^|\.)s3-website[.-]/.test(name.value)) return true;
    const says = `${name.value} is a website endpoint: it is no S3 origin, takes HTTP only and no access control.`;
    const remedy = 'Write CustomOriginConfig with OriginProtocolPolicy http-only, or name the bucket itself.';
    tell.error('template/property', name.at, says, { remedy, facts: ['CF 6.1'] });
    return false;
  }
  const says = `${name.value} is no name of an S3 bucket; an origin with S3OriginConfig needs one.`;
  tell.error('template/property', name.at, says, {
    remedy: 'Write CustomOriginConfig for any other origin.',
    facts: ['CF 6.1'],
  });
  return false;
}
