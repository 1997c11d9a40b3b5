import { SpanKind, type Attributes } from '@opentelemetry/api';
import { instrumentsOf, type Instruments } from './instruments.ts';
import type { Service, Tray } from './recorder.ts';
import { Work, type Failure } from './work.ts';

const products = ['teapot', 'kettle', 'espresso cup', 'milk jug', 'tea towel', 'sugar bowl'] as const;
const currencies = ['EUR', 'USD', 'GBP'] as const;
const failures: readonly (Failure & { readonly status: number })[] = [
  { type: 'TimeoutError', message: 'payment provider timeout after 2000 ms', status: 504 },
  { type: 'CardDeclined', message: 'card declined: insufficient funds', status: 402 },
  { type: 'ConnectionError', message: 'connect ECONNREFUSED 10.0.3.17:8443', status: 502 },
];

/** A small shop: a front end, a catalogue with a database, a cart in a cache, payments. Each visit leaves its telemetry. */
export class Shop {
  readonly #frontend: Service;
  readonly #catalogue: Service;
  readonly #cart: Service;
  readonly #payment: Service;
  readonly #instruments: Instruments;

  constructor(tray: Tray) {
    this.#frontend = tray.service('frontend', '4.2.0');
    this.#catalogue = tray.service('catalogue', '1.18.3');
    this.#cart = tray.service('cart', '2.0.1');
    this.#payment = tray.service('payment', '3.7.0');
    this.#instruments = instrumentsOf(this.#frontend.meter, this.#payment.meter);
  }

  /** One request of a customer, which ended at `nowMs`. Most look around, few buy. */
  visit(nowMs: number): void {
    const dice = Math.random();
    if (dice < 0.6) this.#browse(nowMs);
    else if (dice < 0.85) this.#addToCart(nowMs);
    else this.#checkout(nowMs);
  }

  #browse(nowMs: number): void {
    const product = pick(products);
    const work = this.#request('GET /products/{id}', nowMs, spread(30), 200);
    const catalogue = work.part(this.#catalogue, {
      name: 'GET /products/{id}',
      kind: SpanKind.SERVER,
      from: 0.1,
      to: 0.9,
      attributes: { 'shop.product': product },
    });
    const missed = Math.random() < 0.1;
    if (missed) {
      catalogue.log('WARN', `cache miss for ${product}`, { 'cache.name': 'products', 'cache.hit': false });
      const query = { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT * FROM products WHERE name = $1' };
      catalogue.part(this.#catalogue, {
        name: 'SELECT products',
        kind: SpanKind.CLIENT,
        from: 0.2,
        to: 0.95,
        attributes: query,
      });
    }
    catalogue.log('DEBUG', `looked up ${product}`, { 'shop.product': product });
    work.log('INFO', `shown: ${product}`, { 'shop.product': product, 'user.id': customer(), 'cache.hit': !missed });
  }

  #addToCart(nowMs: number): void {
    const product = pick(products);
    const work = this.#request('POST /cart', nowMs, spread(20), 201);
    const cart = work.part(this.#cart, { name: 'POST /cart/items', kind: SpanKind.SERVER, from: 0.1, to: 0.9 });
    cart.part(this.#cart, {
      name: 'HSET',
      kind: SpanKind.CLIENT,
      from: 0.3,
      to: 0.8,
      attributes: { 'db.system.name': 'redis', 'db.operation.name': 'HSET' },
    });
    this.#instruments.openCarts.add(Math.random() < 0.5 ? 1 : -1);
    cart.log('INFO', 'cart saved', { 'shop.product': product, 'cart.items': 1 + Math.floor(Math.random() * 5) });
    work.log('INFO', `added to cart: ${product}`, { 'shop.product': product, 'user.id': customer() });
  }

  #checkout(nowMs: number): void {
    const failure = Math.random() < 0.15 ? pick(failures) : undefined;
    const order = `order-${Math.floor(Math.random() * 1e6)}`;
    const total = Math.round(500 + Math.random() * 20_000) / 100;
    const currency = pick(currencies);
    const work = this.#request(
      'POST /checkout',
      nowMs,
      failure?.status === 504 ? 2000 + spread(50) : spread(180),
      failure?.status ?? 200,
      failure,
    );
    work.part(this.#cart, { name: 'GET /cart', kind: SpanKind.SERVER, from: 0.05, to: 0.15 });
    const payment = work.part(this.#payment, {
      name: 'POST /payments',
      kind: SpanKind.SERVER,
      from: 0.2,
      to: 0.95,
      attributes: { 'shop.order': order },
      ...(failure !== undefined && { failure }),
    });
    payment.part(this.#payment, {
      name: 'POST',
      kind: SpanKind.CLIENT,
      from: 0.1,
      to: 0.98,
      attributes: { 'server.address': 'pay.example.com', 'http.request.method': 'POST' },
    });
    const facts: Attributes = { 'shop.order': order, 'shop.total': total, 'shop.currency': currency };
    if (failure === undefined) {
      this.#instruments.orders.add(1, { 'shop.currency': currency });
      this.#instruments.revenue.add(total, { 'shop.currency': currency });
      payment.log('INFO', `payment of ${total} ${currency} accepted`, facts);
      work.log('INFO', `${order} placed`, { ...facts, 'user.id': customer() });
    } else {
      payment.log('ERROR', failure.message, {
        ...facts,
        'exception.type': failure.type,
        'exception.message': failure.message,
      });
      work.log('ERROR', `${order} failed: ${failure.message}`, { ...facts, 'user.id': customer() });
    }
  }

  /** The span of the front end. `name` is method and route. */
  #request(name: string, endMs: number, durationMs: number, status: number, failure?: Failure): Work {
    const [method = '', route = ''] = name.split(' ');
    const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
    this.#instruments.duration.record(durationMs / 1000, attributes);
    const details = {
      ...attributes,
      'url.scheme': 'https',
      'client.address': `203.0.113.${Math.floor(Math.random() * 254) + 1}`,
    };
    const step = {
      name,
      kind: SpanKind.SERVER,
      startMs: endMs - durationMs,
      durationMs,
      attributes: details,
    };
    return Work.begin(this.#frontend, failure === undefined ? step : { ...step, failure });
  }
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T;
}

/** Milliseconds around `typical`, with the long tail that latencies have. */
function spread(typical: number): number {
  return typical * Math.exp((Math.random() + Math.random() + Math.random() - 1.5) * 1.2);
}

function customer(): string {
  return `u-${Math.floor(Math.random() * 5000)}`;
}
