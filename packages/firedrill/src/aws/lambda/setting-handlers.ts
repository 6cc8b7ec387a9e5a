import type { Cloud } from '../cloud.ts';
import { tagsOf } from './configuration.ts';
import type { LambdaHandlers } from './function-handlers.ts';
import { changeFunction, functionNamed } from './functions.ts';
import { concurrencyOf } from './invoke.ts';

/** Reserved concurrency, and tags. */
export function settingHandlers(cloud: Cloud): LambdaHandlers {
  return {
    PutFunctionConcurrency: async ({ FunctionName, ReservedConcurrentExecutions }, call) => {
      const known = functionNamed(cloud, call, FunctionName);
      const reserved = concurrencyOf(ReservedConcurrentExecutions, known);
      await changeFunction(cloud, known, { ReservedConcurrentExecutions: reserved });
      return { ReservedConcurrentExecutions: reserved };
    },
    GetFunctionConcurrency: ({ FunctionName }, call) => {
      const reserved = functionNamed(cloud, call, FunctionName).runnable?.reservedConcurrency;
      return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
    },
    DeleteFunctionConcurrency: async ({ FunctionName }, call) => {
      await changeFunction(cloud, functionNamed(cloud, call, FunctionName), {
        ReservedConcurrentExecutions: undefined,
      });
      return {};
    },
    ListTags: ({ Resource }, call) => ({ Tags: tagsOf(functionNamed(cloud, call, Resource)) }),
    TagResource: async ({ Resource, Tags = {} }, call) => {
      const known = functionNamed(cloud, call, Resource);
      const tags = Object.entries({ ...tagsOf(known), ...Tags });
      await changeFunction(cloud, known, { Tags: tags.map(([Key, Value]) => ({ Key, Value })) });
      return {};
    },
    UntagResource: async ({ Resource, TagKeys = [] }, call) => {
      const known = functionNamed(cloud, call, Resource);
      const tags = Object.entries(tagsOf(known)).filter(([key]) => !TagKeys.includes(key));
      await changeFunction(cloud, known, { Tags: tags.map(([Key, Value]) => ({ Key, Value })) });
      return {};
    },
  };
}
