/** How many log records Sluice says that its exporters have delivered, by its page of metrics. */
export async function sentRecords(port: number): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = page.matchAll(/^otelcol_exporter_sent_log_records(?:_total|__records__total)?\{[^}]*\} (\S+)/gm);
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
