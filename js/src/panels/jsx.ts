/** What JSX becomes: the bundler adds these to every module that has some. */
export { Fragment, h } from "preact";
