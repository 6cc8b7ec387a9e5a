export type { TemplatesInput } from './read-templates.ts';
export { DEFAULT_ACCOUNT, readTemplates, surveyTemplate } from './read-templates.ts';
export type { CodeLocation, TemplateSource } from './template-source.ts';
export type { StackSummary, Summary, TypeCount } from './summary.ts';
export { describe } from './summary.ts';
