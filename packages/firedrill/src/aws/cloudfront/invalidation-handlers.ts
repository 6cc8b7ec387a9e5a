import type { Invalidation } from '@aws-sdk/client-cloudfront';
import { settingsOf } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { CloudFrontHandlers } from './distribution-handlers.ts';

type Names = 'CreateInvalidation' | 'GetInvalidation' | 'ListInvalidations';

/** Invalidations of one distribution that are remembered; AWS tells of old ones for a while, too. */
const KEPT_MAX = 100;

interface Kept {
  readonly id: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
  readonly createdMs: number;
}

/** Invalidations (CF 3.46). */
export function invalidationHandlers(cloud: Cloud): Pick<CloudFrontHandlers, Names> {
  const kept = new Map<string, readonly Kept[]>();
  const viewOf = (each: Kept): Required<Invalidation> => ({
    Id: each.id,
    Status: isOver(cloud, each) ? 'Completed' : 'InProgress',
    CreateTime: new Date(each.createdMs),
    InvalidationBatch: {
      Paths: { Quantity: each.paths.length, Items: [...each.paths] },
      CallerReference: each.callerReference,
    },
  });
  return {
    CreateInvalidation({ DistributionId: distribution = '', InvalidationBatch: batch }, { requestId }) {
      const paths = batch?.Paths?.Items ?? [];
      const callerReference = batch?.CallerReference ?? '';
      const before = kept.get(distribution) ?? [];
      const same = before.find((each) => each.callerReference === callerReference);
      // The same once more is the same invalidation.
      if (same !== undefined && same.paths.join('\n') === paths.join('\n'))
        return { Invalidation: viewOf(same), Location: locationOf(distribution, same.id) };
      if (same !== undefined) {
        const message = 'Your request includes a caller reference that was used with other paths.';
        throw new AwsError('InvalidArgument', message);
      }
      const result = cloud.perform({ kind: 'create-invalidation', distribution, paths });
      if (result.kind === 'refused')
        throw new AwsError(result.code, result.message, result.code === 'NoSuchDistribution' ? 404 : 400);
      const id = `I${requestId
        .replaceAll(/[^A-Za-z0-9]/g, '')
        .slice(0, 25)
        .toUpperCase()}`;
      const made = { id, callerReference, paths, createdMs: cloud.epochMs() };
      kept.set(distribution, [made, ...before].slice(0, KEPT_MAX));
      return { Invalidation: viewOf(made), Location: locationOf(distribution, id) };
    },
    GetInvalidation({ DistributionId: distribution = '', Id: id }) {
      const found = kept.get(distribution)?.find((each) => each.id === id);
      if (found === undefined)
        throw new AwsError('NoSuchInvalidation', 'The specified invalidation does not exist.', 404);
      return { Invalidation: viewOf(found) };
    },
    ListInvalidations({ DistributionId: distribution = '' }) {
      const items = (kept.get(distribution) ?? []).map((each) => {
        const { Id, Status, CreateTime } = viewOf(each);
        return { Id, Status, CreateTime };
      });
      const list = { Marker: '', MaxItems: KEPT_MAX, IsTruncated: false, Quantity: items.length, Items: items };
      return { InvalidationList: list };
    },
  };
}

function isOver(cloud: Cloud, { createdMs }: Kept): boolean {
  const seconds = settingsOf(cloud.world().plan).number('cloudfront.invalidation-seconds');
  return cloud.epochMs() - createdMs >= seconds * 1000;
}

function locationOf(distribution: string, id: string): string {
  return `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution}/invalidation/${id}`;
}
