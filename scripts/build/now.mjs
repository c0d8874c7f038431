/** In place of performance.now(): milliseconds since some moment. No source may have a variable of this name. */
export const elapsedMs = () => Number(process.hrtime.bigint()) / 1e6;
