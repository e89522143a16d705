/** The panels' stylesheet as text, for the shadow root. */
import css from "./panels.css";

export const PANELS_CSS: string = css;
