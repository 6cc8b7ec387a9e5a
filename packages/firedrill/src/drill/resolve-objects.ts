import type { Architecture, BucketObjects, Finding } from '../model/index.ts';
import type { Drill } from './drill.ts';
import { physicalIdOf } from './resolve-action.ts';
import { remedyFor } from './suggestion.ts';

/** The objects that a drill file itself spells out, by the bucket's name; unknown buckets are told. */
export function resolveObjects(
  { objects, file }: Pick<Drill, 'objects' | 'file'>,
  architecture: Architecture,
  findings: Finding[],
): Readonly<Record<string, BucketObjects>> {
  const known = architecture.buckets.map(({ name }) => name);
  const resolved: Record<string, BucketObjects> = {};
  for (const [written, source] of Object.entries(objects)) {
    const name = physicalIdOf(written, known, architecture);
    if (name === undefined) {
      const proposals = architecture.buckets.map(({ logicalId }) => logicalId);
      findings.push({
        code: 'drill/unknown-target',
        weight: 'error',
        says: `objects: the architecture has no bucket ${written}.`,
        remedy: remedyFor(written, [...new Set([...proposals, ...known])], 'bucket'),
        place: { file, line: 1, column: 1 },
      });
    } else if (source.kind === 'objects') resolved[name] = { ...resolved[name], ...source.objects };
  }
  return resolved;
}

/** Directories that a drill file names, by the bucket's name. */
export function directoriesOf(
  { objects }: Pick<Drill, 'objects'>,
  architecture: Architecture,
): readonly { readonly bucket: string; readonly path: string }[] {
  const known = architecture.buckets.map(({ name }) => name);
  return Object.entries(objects).flatMap(([written, source]) => {
    const bucket = physicalIdOf(written, known, architecture);
    return source.kind === 'directory' && bucket !== undefined ? [{ bucket, path: source.path }] : [];
  });
}
