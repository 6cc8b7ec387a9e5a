export type { TemplatesInput } from './read-templates.ts';
export { DEFAULT_ACCOUNT, readTemplates, surveyTemplate } from './read-templates.ts';
export { ReadingMemory } from './reading-memory.ts';
export type { OutlinedParameter, OutlinedResource, TemplateOutline } from './outline.ts';
export { outlineTemplate } from './outline.ts';
export type {
  Birth,
  CodeLocation,
  JsonValue,
  PublishedVersion,
  PublishedVersions,
  StackHistory,
  StoredValues,
  TemplateSource,
} from './template-source.ts';
export { nestedTemplate } from './nested-stack.ts';
export { processedTemplate } from './processed-template.ts';
export type { StackSummary, Summary, TypeCount } from './summary.ts';
export { describe } from './summary.ts';
