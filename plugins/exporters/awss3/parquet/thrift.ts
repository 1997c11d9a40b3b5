import type { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** The structures of parquet.thrift, as hyparquet-writer spells them. */
export type FileMetaData = Parameters<typeof writeMetadata>[1];
export type SchemaElement = FileMetaData['schema'][number];
export type RowGroup = FileMetaData['row_groups'][number];
export type ColumnChunk = RowGroup['columns'][number];
export type ColumnMetaData = NonNullable<ColumnChunk['meta_data']>;
export type Statistics = NonNullable<ColumnMetaData['statistics']>;
export type PageHeader = Parameters<typeof writePageHeader>[1];
export type Encoding = ColumnMetaData['encodings'][number];
