import fc from 'fast-check';

/** What the config takes as the name of a phone. */
export const name = fc.stringMatching(/^[a-z._][a-z._-]{0,5}$/);

/** A number as it stands in a name: small ones meet, some have zeros in front, some are longer than is exact. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(30).map(String) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(120), fc.integer({ min: 2, max: 4 }))
      .map(([n, w]) => String(n).padStart(w, '0')),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{14,18}$/) },
);

const port = fc.integer({ min: 1, max: 9 }).map((last) => `:700${last}`);

/** Names and addresses, near enough to each other to fold. */
const phone = fc.oneof(
  fc
    .tuple(fc.constantFrom('lab-', 'p', ''), number, fc.constantFrom('', '-x', '.local'))
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('dc', 'f'), number, fc.constantFrom('n', '-'), number)
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('10.0.0.', 'http://10.0.1.'), fc.integer({ min: 1, max: 12 }), fc.option(port))
    .map(([net, last, at]) => `${net}${last}${at ?? ''}`),
  fc.tuple(fc.constantFrom('[::1]', '[fe80::12]', 'https://[::1]'), port).map((parts) => parts.join('')),
  name,
);

/** Lists of them. */
export const names = fc.array(phone, { maxLength: 40 });
