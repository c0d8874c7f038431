export { type ChangePlan, type ChangeReport, changePage, type FieldChange } from './change.ts';
export { lookAt, lookClosely, readMac, type SetupFacts, type SetupReport } from './look.ts';
export { PAGES, WEB_PATH, type WritablePage } from './pages.ts';
export { actionUrlPlan, allowListPlan, clearPlan, isAllowed } from './plans.ts';
export type { WebPhone } from './session.ts';
