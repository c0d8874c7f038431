// A separate module, so that code that only creates virtual phones does not load the browser files.
export { default as faceFiles } from '../../pages/face.page.js';
