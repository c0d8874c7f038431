/** G.711 with both laws, table-driven (ITU-T G.711). Samples are signed 16-bit. */
export interface Codec {
  readonly name: 'PCMA' | 'PCMU';
  /** The static payload type of RFC 3551. */
  readonly payload: number;
  readonly decode: Int16Array;
  /** Indexed by sample + 32768. */
  readonly encode: Uint8Array;
}

function aLaw(code: number): number {
  const byte = code ^ 0x55;
  const mantissa = (byte & 15) << 4;
  const segment = (byte & 0x70) >> 4;
  const level = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return byte & 0x80 ? level : -level;
}

function muLaw(code: number): number {
  const byte = ~code & 255;
  const level = (((byte & 15) << 3) + 0x84) << ((byte & 0x70) >> 4);
  return byte & 0x80 ? 0x84 - level : level - 0x84;
}

/** The code closest to each sample. */
function inverse(decode: Int16Array): Uint8Array {
  const codes = [...decode].map((level, code) => ({ level, code })).sort((a, b) => a.level - b.level);
  const encode = new Uint8Array(65_536);
  let at = 0;
  const distance = (index: number, sample: number) =>
    Math.abs((codes[index]?.level ?? Number.POSITIVE_INFINITY) - sample);
  for (let sample = -32_768; sample < 32_768; sample += 1) {
    while (distance(at + 1, sample) <= distance(at, sample)) at += 1;
    encode[sample + 32_768] = codes[at]?.code ?? 0;
  }
  return encode;
}

function codec(name: Codec['name'], payload: number, law: (code: number) => number): Codec {
  const decode = Int16Array.from({ length: 256 }, (_, code) => law(code));
  return { name, payload, decode, encode: inverse(decode) };
}

/** In order of preference. */
export const CODECS: readonly Codec[] = [codec('PCMA', 8, aLaw), codec('PCMU', 0, muLaw)];
