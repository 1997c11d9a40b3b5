import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';

export interface Instruments {
  readonly duration: Histogram;
  readonly openCarts: UpDownCounter;
  readonly orders: Counter;
  readonly revenue: Counter;
}

/** The metrics of the shop: one of each kind that the SDK has. */
export function instrumentsOf(frontend: Meter, payment: Meter): Instruments {
  const stock = frontend.createObservableGauge('shop.stock', { description: 'Things on the shelf.', unit: '{item}' });
  stock.addCallback((result) => {
    const minutes = Date.now() / 60_000;
    for (const [index, shelf] of ['kitchen', 'table', 'garden'].entries()) {
      result.observe(Math.round(50 + 40 * Math.sin(minutes + index)), { 'shop.shelf': shelf });
    }
  });
  return {
    duration: frontend.createHistogram('http.server.request.duration', {
      description: 'Time to answer a request.',
      unit: 's',
    }),
    openCarts: frontend.createUpDownCounter('shop.carts', {
      description: 'Carts with something in them.',
      unit: '{cart}',
    }),
    orders: payment.createCounter('shop.orders', { description: 'Orders paid for.', unit: '{order}' }),
    revenue: payment.createCounter('shop.revenue', { description: 'What they brought.' }),
  };
}
