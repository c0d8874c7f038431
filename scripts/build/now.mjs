/** In place of performance.now(): milliseconds since some moment. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;
