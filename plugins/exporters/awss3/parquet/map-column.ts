import type { Attributes } from 'sluice/plugin';
import type { Column } from './column.ts';
import { textOfValue } from './json.ts';
import type { Sheet } from './leaf.ts';
import { textElement, TextLeaf } from './text-leaf.ts';

/** MAP<text, text>: a repeated group of pairs, and an empty map where there are none. Of a key that occurs twice, the first counts. */
export class MapColumn implements Column {
  readonly elements: Column['elements'];
  readonly leaves: Column['leaves'];
  private readonly key: TextLeaf;
  private readonly value: TextLeaf;

  constructor(sheet: Sheet, name: string) {
    const place = { repeated: true, path: [name, 'key_value'] };
    this.key = new TextLeaf(
      sheet,
      { ...textElement('key'), repetition_type: 'REQUIRED' },
      { varied: false },
      { ...place, path: [...place.path, 'key'], maxDefinition: 1 },
    );
    this.value = new TextLeaf(
      sheet,
      { ...textElement('value'), repetition_type: 'OPTIONAL' },
      { varied: false },
      { ...place, path: [...place.path, 'value'], maxDefinition: 2 },
    );
    this.leaves = [this.key, this.value];
    this.elements = [
      { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      this.key.element,
      this.value.element,
    ];
  }

  add(attributes: Attributes): void {
    let repetition = 0;
    for (let i = 0; i < attributes.size; i++) {
      const key = attributes.keyAt(i);
      if (attributes.indexOf(key) < i) continue;
      this.key.put(key, repetition);
      const value = textOfValue(attributes.valueAt(i));
      if (value === undefined) this.value.absent(1, repetition);
      else this.value.put(value, repetition);
      repetition = 1;
    }
    if (repetition === 0) {
      this.key.absent();
      this.value.absent();
    }
    this.key.endRow();
    this.value.endRow();
  }
}
