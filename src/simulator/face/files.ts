// By itself, so that whoever only makes a virtual phone does not load what a browser runs.
export { default as faceFiles } from '../../pages/face.page.js';
