export { newSipStations } from './stations.ts';
