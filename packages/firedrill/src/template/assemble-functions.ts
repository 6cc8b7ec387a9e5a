import type { Architecture } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Teller } from './teller.ts';

/** CloudFront Functions and their stores, held against the behaviours that name them. */
export function assembleFunctions(
  draft: Draft,
  tell: Teller,
): Pick<Architecture, 'cloudFrontFunctions' | 'keyValueStores'> {
  const { cloudFrontFunctions, keyValueStores, cloudFrontFunctionsLeftOut: leftOut } = draft;
  const functions = new Map(cloudFrontFunctions.map((fn) => [fn.arn, fn]));
  for (const { behaviors } of draft.distributions) {
    for (const { functionArn: arn, place } of behaviors.flatMap(
      ({ functionAssociations }) => functionAssociations ?? [],
    )) {
      if (place === undefined || leftOut.has(arn)) continue;
      const fn = functions.get(arn);
      if (fn === undefined) {
        const says = `A behaviour has the CloudFront Function ${arn}, which is in no template read.`;
        tell.error('template/property', place, says, { remedy: 'Give the template that makes it too.' });
      } else if (draft.unpublishedFunctions.has(arn)) {
        const says = `A behaviour has the CloudFront Function ${fn.name}, which is not published; CloudFront takes none that is not.`;
        tell.error('template/property', place, says, { remedy: 'Set AutoPublish: true on the function.' });
      }
    }
  }
  const stores = new Set(keyValueStores.map(({ arn }) => arn));
  for (const { name, keyValueStoreArn: store, place } of cloudFrontFunctions) {
    if (store === undefined || stores.has(store) || place === undefined) continue;
    const says = `The CloudFront Function ${name} reads the key value store ${store}, which is in no template read.`;
    tell.error('template/property', place, says, { remedy: 'Give the template that makes it too.' });
  }
  return { cloudFrontFunctions, keyValueStores };
}
