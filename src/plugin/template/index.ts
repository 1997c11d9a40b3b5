export { parseTemplate, type Template, type TemplateOptions, type TemplatePlace } from './template.ts';
export { isTimezone, timezoneOffset } from './timezone.ts';
