/** The entry that anywidget loads, and a page of its own. */
import { anywidgetHost } from "./host/anywidget";

export { openPage } from "./host/page";

export default anywidgetHost;
