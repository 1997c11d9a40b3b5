import type { ErrorCode, YAMLParseError } from 'yaml';
import type { Code } from './codes.ts';
import { isUnclosedBracket, isUnclosedQuote } from './yaml-positions.ts';

interface Rendering {
  readonly code: Code;
  readonly message?: string;
  readonly hint?: string;
}

const indentation = 'check the indentation here and above; a value that contains ": " needs quotes';

const renderings: Partial<Record<ErrorCode, Rendering>> = {
  TAB_AS_INDENT: { code: 'tab-indentation', message: 'a tab is used as indentation', hint: 'indent with spaces' },
  MULTIPLE_DOCS: {
    code: 'multiple-documents',
    message: 'the file holds more than one YAML document',
    hint: 'give each its own file; several files are merged',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'yaml-syntax',
    message: 'a map cannot start in the middle of a line',
    hint: indentation,
  },
  MULTILINE_IMPLICIT_KEY: { code: 'yaml-syntax', message: 'a key without a value', hint: 'put ":" after the key' },
  BAD_SCALAR_START: { code: 'yaml-syntax', hint: 'put the value in quotes' },
  BAD_INDENT: { code: 'yaml-syntax', hint: 'lines of the same map or list start at the same column' },
  TAG_RESOLVE_FAILED: { code: 'yaml-syntax', hint: 'text that starts with ! needs quotes' },
  BAD_DQ_ESCAPE: { code: 'yaml-syntax', hint: "in double quotes write a backslash twice, or use 'single quotes'" },
};

/** How a syntax error of the `yaml` library reads to a user. */
export function renderYamlError(error: YAMLParseError): { code: Code; message: string; hint?: string } {
  if (isUnclosedQuote(error)) return { code: 'yaml-syntax', message: 'the quote that opens here is not closed' };
  if (isUnclosedBracket(error)) {
    const hint = 'close it, at least one column to the right of the key that holds it';
    return { code: 'yaml-syntax', message: 'the bracket that opens here is not closed', hint };
  }
  const rendering = renderings[error.code] ?? { code: 'yaml-syntax' };
  const { code, hint } = rendering;
  const message = rendering.message ?? error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return hint === undefined ? { code, message } : { code, message, hint };
}
