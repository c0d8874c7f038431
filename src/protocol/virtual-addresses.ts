import { perProcess } from '../per-process.ts';

/**
 * The addresses of this process's virtual phones, such as `127.0.0.1:7001`. It is here because client and simulator do
 * not import each other.
 */
export const virtualAddresses = () => perProcess('virtual-addresses', () => new Set<string>());
