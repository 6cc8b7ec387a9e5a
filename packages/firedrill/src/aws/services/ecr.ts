import type { Repository } from '@aws-sdk/client-ecr';
import type { DeployedResource } from '../../model/index.ts';
import { BEGINNING } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { dateOf } from '../performed.ts';
import { resourceOf, resourcesOf, tagsOf } from '../resources.ts';

const REPOSITORY = 'AWS::ECR::Repository';

/** Repositories without images: nothing in this world runs one. */
export function ecr(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-ecr')> {
  const found = (region: string, name: string | undefined): DeployedResource => {
    const repository = resourceOf(cloud, REPOSITORY, name ?? '', region);
    if (repository !== undefined) return repository;
    const message = `The repository with name '${name ?? ''}' does not exist in the registry with id '${cloud.account}'`;
    throw new AwsError('RepositoryNotFoundException', message);
  };
  return {
    CreateRepository: async ({ repositoryName = '', tags = [] }, { region }) => {
      if (resourceOf(cloud, REPOSITORY, repositoryName, region) !== undefined) {
        const message = `The repository with name '${repositoryName}' already exists in the registry with id '${cloud.account}'`;
        throw new AwsError('RepositoryAlreadyExistsException', message);
      }
      const properties = { RepositoryName: repositoryName, ...(tags.length === 0 ? {} : { Tags: tags }) };
      await cloud.estate.putResource({ region, type: REPOSITORY, properties });
      return { repository: write(cloud, found(region, repositoryName)) };
    },
    DescribeRepositories: ({ repositoryNames }, { region }) => ({
      repositories: (repositoryNames?.map((name) => found(region, name)) ?? resourcesOf(cloud, REPOSITORY, region)).map(
        (repository) => write(cloud, repository),
      ),
    }),
    DeleteRepository: async ({ repositoryName }, { region }) => {
      const repository = found(region, repositoryName);
      const written = write(cloud, repository);
      await cloud.estate.removeResource(repository.physicalId, { type: REPOSITORY, region });
      return { repository: written };
    },
    ListImages: ({ repositoryName }, { region }) => {
      found(region, repositoryName);
      return { imageIds: [] };
    },
    DescribeImages: ({ repositoryName, imageIds }, { region }) => {
      found(region, repositoryName);
      if (imageIds === undefined || imageIds.length === 0) return { imageDetails: [] };
      throw new AwsError('ImageNotFoundException', 'The image with the given id does not exist within the repository.');
    },
    ListTagsForResource: ({ resourceArn = '' }, { region }) => ({
      tags: [...tagsOf(found(region, resourceArn.slice(resourceArn.indexOf('/') + 1)))],
    }),
  };
}

function write(cloud: Cloud, { physicalId, region }: DeployedResource): Repository {
  return {
    repositoryName: physicalId,
    repositoryArn: `arn:aws:ecr:${region}:${cloud.account}:repository/${physicalId}`,
    repositoryUri: `${cloud.account}.dkr.ecr.${region}.amazonaws.com/${physicalId}`,
    registryId: cloud.account,
    createdAt: dateOf(cloud, BEGINNING),
  };
}
