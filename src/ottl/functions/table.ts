import type { Converter } from './converter.ts';
import { idConverters } from './ids.ts';
import { textConverters } from './text.ts';
import { timeConverters } from './time.ts';
import { typeConverters } from './types.ts';

/** The converters that can be called, by name. */
export const converters: ReadonlyMap<string, Converter> = new Map(
  [...typeConverters, ...textConverters, ...timeConverters, ...idConverters].map((each) => [each.name, each]),
);

/** Converters of OTTL that are not here yet. */
export const missingConverters: ReadonlySet<string> = new Set([
  'Append',
  'Base64Decode',
  'CommunityID',
  'ConvertAttributesToElementsXML',
  'ConvertTextToElementsXML',
  'Decode',
  'DeleteIndex',
  'ExtractGrokPatterns',
  'ExtractPatterns',
  'Format',
  'FormatTime',
  'GetXML',
  'InsertXML',
  'IsValidLuhn',
  'Log',
  'Murmur3Hash',
  'Murmur3Hash128',
  'ParseCSV',
  'ParseInt',
  'ParseJSON',
  'ParseKeyValue',
  'ParseSeverity',
  'ParseSimplifiedXML',
  'ParseXML',
  'ProfileID',
  'RemoveXML',
  'SliceToMap',
  'Sort',
  'Time',
  'ToCamelCase',
  'ToKeyValueString',
  'ToSnakeCase',
  'TruncateTime',
  'URL',
  'UUID',
  'UUIDv7',
  'UserAgent',
  'XXH128',
  'XXH3',
]);

/** Editors of OTTL. None can be run yet. */
export const missingEditors: ReadonlySet<string> = new Set([
  'delete_key',
  'delete_matching_keys',
  'flatten',
  'keep_keys',
  'keep_matching_keys',
  'limit',
  'merge_maps',
  'replace_all_matches',
  'replace_all_patterns',
  'replace_match',
  'replace_pattern',
  'set',
  'truncate_all',
]);
