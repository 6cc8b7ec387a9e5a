export type { TemplatesInput } from './read-templates.ts';
export { DEFAULT_ACCOUNT, localCodePaths, readTemplates } from './read-templates.ts';
export type { CodeLocation, TemplateSource } from './template-source.ts';
