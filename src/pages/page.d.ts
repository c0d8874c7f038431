/** The files of a page, which `scripts/pages.mjs` builds from the folder of that name. */
declare module '*.page.js' {
  const files: import('../web/page.ts').PageFiles;
  export default files;
}
