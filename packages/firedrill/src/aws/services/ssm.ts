import { createHash } from 'node:crypto';
import type { Parameter as WrittenByAws, ParameterHistory, ParameterMetadata } from '@aws-sdk/client-ssm';
import type { Parameter, ParameterRefusal, ParameterStore, ParameterVersion } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { resourcesOf, tagsOf } from '../resources.ts';
import { TagBook } from '../tag-book.ts';

type SsmHandlers = Handlers<typeof import('@aws-sdk/client-ssm')>;

/** What AWS takes at once. */
const NAMES_MAX = 10;
const PAGE_MAX = 50;
const PATH_PAGE_MAX = 10;
const TYPE = 'AWS::SSM::Parameter';

/** Parameters: those that templates declare, and what is written by hand. */
export function ssm(cloud: Cloud): SsmHandlers {
  const storeOf = (region: string): ParameterStore => cloud.parameters.in(region);
  return { ...readingHandlers(cloud, storeOf), ...writingHandlers(cloud, storeOf), ...tagHandlers(cloud, storeOf) };
}

type StoreOf = (region: string) => ParameterStore;

type Reading =
  | ('GetParameter' | 'GetParameters' | 'GetParametersByPath' | 'GetParameterHistory')
  | 'DescribeParameters';

function readingHandlers(cloud: Cloud, storeOf: StoreOf): Pick<SsmHandlers, Reading> {
  const write = (region: string, parameter: Parameter, isDecrypted: boolean | undefined): WrittenByAws => ({
    ...writeParameter(cloud, region, parameter),
    Value: isDecrypted === true ? parameter.value : asKept(parameter),
  });
  return {
    GetParameter: ({ Name = '', WithDecryption }, { region }) => ({
      Parameter: write(region, accepted(storeOf(region).get(Name)), WithDecryption),
    }),
    GetParameters: ({ Names = [], WithDecryption }, { region }) => {
      if (Names.length > NAMES_MAX) {
        const says = `1 validation error detected: Value '[${Names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to ${NAMES_MAX}`;
        throw new AwsError('ValidationException', says);
      }
      const found = [...new Set(Names)].map((name) => ({ name, parameter: storeOf(region).get(name) }));
      return {
        Parameters: found.flatMap(({ parameter }) =>
          isRefused(parameter) ? [] : [write(region, parameter, WithDecryption)],
        ),
        InvalidParameters: found.flatMap(({ name, parameter }) => (isRefused(parameter) ? [name] : [])),
      };
    },
    GetParametersByPath: ({ Path = '/', Recursive, WithDecryption, NextToken, MaxResults }, { region }) => {
      const all = storeOf(region).byPath(Path, Recursive === true);
      const { page, next } = paged(all, NextToken, Math.min(MaxResults ?? PATH_PAGE_MAX, PATH_PAGE_MAX));
      return { Parameters: page.map((parameter) => write(region, parameter, WithDecryption)), ...next };
    },
    GetParameterHistory: ({ Name = '', WithDecryption, NextToken, MaxResults }, { region }) => {
      const history = storeOf(region).history(Name);
      if (history === undefined) throw new AwsError('ParameterNotFound', '');
      const { page, next } = paged(history, NextToken, Math.min(MaxResults ?? PAGE_MAX, PAGE_MAX));
      const parameters = page.map((version) => ({
        ...writeHistory(cloud, Name, version),
        Value: WithDecryption === true ? version.value : asKept(version),
      }));
      return { Parameters: parameters, ...next };
    },
    DescribeParameters: ({ ParameterFilters = [], NextToken, MaxResults }, { region }) => {
      const store = storeOf(region);
      const all = store.names().flatMap((name) => {
        const parameter = store.get(name);
        const fits = ParameterFilters.every(({ Key, Option, Values = [] }) => hasName(name, Key, Option, Values));
        return isRefused(parameter) || !fits ? [] : [writeMetadata(cloud, region, parameter)];
      });
      const { page, next } = paged(all, NextToken, Math.min(MaxResults ?? PAGE_MAX, PAGE_MAX));
      return { Parameters: [...page], ...next };
    },
  };
}

type Writing = 'PutParameter' | 'DeleteParameter' | 'DeleteParameters' | 'LabelParameterVersion';

function writingHandlers(cloud: Cloud, storeOf: StoreOf): Pick<SsmHandlers, Writing> {
  return {
    PutParameter: ({ Name = '', Value = '', ...rest }, { region }) => {
      const {
        Type: type,
        Description: description,
        AllowedPattern: allowedPattern,
        Tier: tier,
        DataType: dataType,
        Overwrite: overwrite,
      } = rest;
      const given = Object.entries({ type, description, allowedPattern, tier, dataType, overwrite });
      const options = Object.fromEntries(given.filter(([, value]) => value !== undefined));
      const { version } = accepted(storeOf(region).put({ name: Name, value: Value, ...options }, cloud.epochMs()));
      return { Version: version.version, Tier: version.tier };
    },
    DeleteParameter: ({ Name = '' }, { region }) => {
      if (!storeOf(region).delete(Name)) throw new AwsError('ParameterNotFound', '');
      return {};
    },
    DeleteParameters: ({ Names = [] }, { region }) => {
      const store = storeOf(region);
      const gone = new Set(Names.filter((name) => store.delete(name)));
      return { DeletedParameters: [...gone], InvalidParameters: Names.filter((name) => !gone.has(name)) };
    },
    LabelParameterVersion: ({ Name = '', ParameterVersion, Labels = [] }, { region }) => {
      const { version, invalid } = accepted(storeOf(region).label(Name, ParameterVersion, Labels));
      return { ParameterVersion: version, InvalidLabels: [...invalid] };
    },
  };
}

type Tagging = 'ListTagsForResource' | 'AddTagsToResource' | 'RemoveTagsFromResource';

function tagHandlers(cloud: Cloud, storeOf: StoreOf): Pick<SsmHandlers, Tagging> {
  const book = new TagBook();
  const ownOf = (region: string, name: string) => {
    if (isRefused(storeOf(region).get(name))) throw new AwsError('InvalidResourceId', '');
    const resource = resourcesOf(cloud, TYPE, region).find(({ physicalId }) => physicalId === name);
    return resource === undefined ? [] : tagsOf(resource);
  };
  return {
    ListTagsForResource: ({ ResourceId = '' }, { region }) => ({
      TagList: [...book.of(`${region} ${ResourceId}`, ownOf(region, ResourceId))],
    }),
    AddTagsToResource: ({ ResourceId = '', Tags = [] }, { region }) => {
      const add = Tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
      book.change(`${region} ${ResourceId}`, ownOf(region, ResourceId), add, []);
      return {};
    },
    RemoveTagsFromResource: ({ ResourceId = '', TagKeys = [] }, { region }) => {
      book.change(`${region} ${ResourceId}`, ownOf(region, ResourceId), [], TagKeys);
      return {};
    },
  };
}

function isRefused<Result extends object>(result: Result | ParameterRefusal): result is ParameterRefusal {
  return 'kind' in result && result.kind === 'refused';
}

function accepted<Result extends object>(result: Result | ParameterRefusal): Result {
  if (isRefused(result)) throw new AwsError(result.code, result.message);
  return result;
}

function arnOf(cloud: Cloud, region: string, name: string): string {
  return `arn:aws:ssm:${region}:${cloud.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

function writeParameter(cloud: Cloud, region: string, parameter: Parameter): WrittenByAws {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    ...(parameter.selector === undefined ? {} : { Selector: parameter.selector }),
    LastModifiedDate: new Date(parameter.modifiedAt),
    ARN: arnOf(cloud, region, parameter.name),
    DataType: parameter.dataType,
  };
}

/** The value for who does not ask to have it decrypted: of a `SecureString` only that it is one can be told from it. */
function asKept({ type, value }: Pick<Parameter, 'type' | 'value'>): string {
  return type === 'SecureString' ? createHash('sha512').update(value).digest('base64') : value;
}

function writeHistory(cloud: Cloud, name: string, version: ParameterVersion): ParameterHistory {
  return {
    Name: name,
    Type: version.type,
    Value: version.value,
    Version: version.version,
    LastModifiedDate: new Date(version.modifiedAt),
    LastModifiedUser: `arn:aws:iam::${cloud.account}:root`,
    ...(version.description === undefined ? {} : { Description: version.description }),
    ...(version.allowedPattern === undefined ? {} : { AllowedPattern: version.allowedPattern }),
    Labels: [...version.labels],
    Tier: version.tier,
    DataType: version.dataType,
  };
}

function writeMetadata(cloud: Cloud, region: string, parameter: Parameter): ParameterMetadata {
  return {
    Name: parameter.name,
    ARN: arnOf(cloud, region, parameter.name),
    Type: parameter.type,
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.modifiedAt),
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    Tier: parameter.tier,
    DataType: parameter.dataType,
  };
}

function hasName(
  name: string,
  key: string | undefined,
  option: string | undefined,
  values: readonly string[],
): boolean {
  if (key !== 'Name' && key !== 'Path') return true;
  if (option === 'BeginsWith') return values.some((value) => name.startsWith(value));
  if (option === 'Contains') return values.some((value) => name.includes(value));
  if (key === 'Path') return values.some((value) => name.startsWith(value.endsWith('/') ? value : `${value}/`));
  return values.includes(name);
}

/** A page, by a token that is where it begins. */
function paged<Item>(all: readonly Item[], token: string | undefined, size: number) {
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const end = start + size;
  return { page: all.slice(start, end), next: all.length > end ? { NextToken: String(end) } : {} };
}
