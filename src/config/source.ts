/** A configuration file, or one `--set a.b=c`. Later sources win. */
export type ConfigSource = { readonly name: string; readonly text: string } | { readonly set: string };
