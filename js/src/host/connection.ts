/** The line to the kernel, in hosts that know of it (JupyterLab, Notebook): tells when it is there again after a cut. */

interface Kernel {
  readonly connectionStatusChanged?: {
    connect(slot: (sender: unknown, status: string) => void): boolean;
    disconnect(slot: (sender: unknown, status: string) => void): boolean;
  };
}

export function onReconnected(widgetManager: unknown, listener: () => void): () => void {
  const changed = (widgetManager as { kernel?: Kernel } | undefined)?.kernel?.connectionStatusChanged;
  if (!changed) return () => {};
  const onStatus = (_: unknown, status: string) => {
    if (status === "connected") listener();
  };
  changed.connect(onStatus);
  return () => void changed.disconnect(onStatus);
}
