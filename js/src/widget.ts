/** The entry that anywidget loads. */
import { anywidgetHost } from "./host/anywidget";

export default anywidgetHost;
