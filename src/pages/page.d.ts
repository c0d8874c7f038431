/** The files of a page, which `scripts/pages.mjs` puts together from the folder of its name. */
declare module '*.page.js' {
  const files: import('../web/page.ts').PageFiles;
  export default files;
}
