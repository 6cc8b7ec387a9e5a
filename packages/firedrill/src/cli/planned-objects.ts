import { dirname, resolve } from 'node:path';
import type { Architecture, Finding, Plan, Read } from '../model/index.ts';
import type { Drill } from '../drill/index.ts';
import { directoriesOf } from '../drill/index.ts';
import { kindOfPath, locateCode } from './files.ts';
import { ObjectFiles } from './object-files.ts';

/**
 * The plan with what is in buckets: the files that a CDK app deploys, then those of directories that the drill file names, then
 * what it spells out itself.
 */
export function withObjectFiles(plan: Plan, drill: Drill, architecture: Architecture): Read<Plan> {
  const findings: Finding[] = [];
  const files = new ObjectFiles();
  for (const deployment of architecture.bucketDeployments) files.deploy(deployment);
  for (const { bucket, path } of directoriesOf(drill, architecture)) {
    const found = kindOfPath(resolve(dirname(drill.file), path)) === 'directory';
    const location = found ? locateCode(resolve(dirname(drill.file), path)) : undefined;
    if (location === undefined) {
      findings.push({
        code: 'drill/no-file',
        weight: 'error',
        place: { file: drill.file, line: 1, column: 1 },
        says: `The objects of the bucket ${bucket} should be in ${path}, which is no directory.`,
        remedy: 'Name a directory relative to the drill file.',
      });
      continue;
    }
    files.deploy({ bucket, prefix: '', path: location.path, files: location.files, markers: {}, cacheControl: '' });
  }
  for (const [bucket, objects] of Object.entries(plan.objects ?? {})) files.add(bucket, objects);
  return { value: { ...plan, ...(files.isEmpty ? {} : { objects: files.objects }) }, findings };
}
