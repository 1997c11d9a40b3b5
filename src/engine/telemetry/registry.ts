import type { MetricCounter, MetricGauge, MetricLabels, Metrics } from '../../plugin/index.ts';

export interface Sample {
  readonly labels: MetricLabels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly description: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
}

/** One number. Counting is an addition; everything else waits until somebody asks. */
export interface Cell {
  value: number;
}

interface Entry {
  readonly type: 'counter' | 'gauge';
  readonly description: string;
  readonly unit: string;
  readonly cells: Map<string, { readonly labels: MetricLabels; readonly cell: Cell }>;
  readonly observers: (() => Iterable<Sample>)[];
}

interface Naming {
  readonly description: string;
  readonly unit?: string;
}

/** More label combinations than this in one family are summed under `overflow`, so that metrics cannot fill the memory. */
const maxCells = 2000;

/** The service's own metrics. Names are full: `otelcol_receiver_accepted_spans`. */
export class MetricRegistry {
  private readonly families = new Map<string, Entry>();

  /** The cell of a counter for one set of labels; the same one each time. */
  counter(name: string, naming: Naming, labels: MetricLabels = {}): Cell {
    return this.cell(name, 'counter', naming, labels);
  }

  gauge(name: string, naming: Naming, labels: MetricLabels = {}): Cell {
    return this.cell(name, 'gauge', naming, labels);
  }

  /** A metric whose samples are made when they are asked for. */
  observe(name: string, type: Entry['type'], naming: Naming, samples: () => Iterable<Sample>): void {
    this.entry(name, type, naming).observers.push(samples);
  }

  /** Metrics of a component: its names get the prefix, its samples the labels. */
  scoped(labels: MetricLabels): Metrics {
    return {
      counter: (name, naming): MetricCounter => ({
        add: (value, more) => {
          this.counter(`otelcol_${name}`, naming, more === undefined ? labels : { ...labels, ...more }).value += value;
        },
      }),
      gauge: (name, naming): MetricGauge => ({
        set: (value, more) => {
          this.gauge(`otelcol_${name}`, naming, more === undefined ? labels : { ...labels, ...more }).value = value;
        },
      }),
    };
  }

  snapshot(): Family[] {
    return [...this.families]
      .map(([name, { type, description, unit, cells, observers }]) => ({
        name,
        type,
        description,
        unit,
        samples: [
          ...[...cells.values()].map(({ labels, cell }) => ({ labels, value: cell.value })),
          ...observers.flatMap((samples) => [...samples()]),
        ],
      }))
      .filter((family) => family.samples.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private cell(name: string, type: Entry['type'], naming: Naming, labels: MetricLabels): Cell {
    const { cells } = this.entry(name, type, naming);
    let key = JSON.stringify(labels);
    let found = cells.get(key);
    if (found === undefined && cells.size >= maxCells) {
      labels = { overflow: true };
      key = JSON.stringify(labels);
      found = cells.get(key);
    }
    if (found === undefined) cells.set(key, (found = { labels, cell: { value: 0 } }));
    return found.cell;
  }

  private entry(name: string, type: Entry['type'], { description, unit = '' }: Naming): Entry {
    let entry = this.families.get(name);
    if (entry === undefined)
      this.families.set(name, (entry = { type, description, unit, cells: new Map(), observers: [] }));
    return entry;
  }
}
